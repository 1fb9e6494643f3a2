"""Whoever reads what a command prints may leave at any time: the run goes on, and its exit code stays true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of lost readers in other ways")

SHELL = [
    # how the command is started by a shell: {} is the command
    "{} | true",  # standard output has no reader
    "{} 2>&1 >out | true",  # standard error has none
    "{} 2>&1 | true",  # neither
    "{} >&- 2>&-",  # both were closed before it began
]


@pytest.mark.parametrize("line", SHELL)
def test_a_run_outlives_its_readers(sheet: Path, mapping: Path, tmp_path: Path, line: str):
    command = f"{sys.executable} -m importer run customers.csv -m mapping.yaml --to emulator"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
    ran = subprocess.run(
        ["bash", "-c", line.format(command) + "; exit ${PIPESTATUS[0]}"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    (summary,) = tmp_path.glob("runs/*/summary.json")
    assert json.loads(summary.read_text("utf-8"))["counts"]["updated"] == 3


def test_a_full_disk_is_no_lost_reader(sheet: Path, mapping: Path, tmp_path: Path):
    """What was asked for cannot be written: that is said, and the exit code says it too."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "importer", "catalog"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode != 0
    assert ran.stderr
