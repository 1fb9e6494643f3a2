"""Each sample: the bodies that `preview` prints and the results of a run, beside the input."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "sample_data"
# What differs from run to run, or from machine to machine, is left out of the golden results.
VARIES = {"attempts", "latency_ms", "request_id", "sent_at", "customer_id"}

CASES = [
    ("legacy_customers.xlsx", 1),  # broken rows are part of the sample
    ("nightly_loyalty.csv", 1),  # a few rows that Capillary refuses
    ("backfill_channels.csv", 1),  # three channels that Capillary does not store
]


def importer(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command, in an empty folder."""
    command = [sys.executable, "-m", "importer", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("sample", "exit_code"), CASES)
def test_a_sample_previews_the_golden_bodies(sample: str, exit_code: int, tmp_path: Path, golden: Callable):
    """Address and body of every row that would be sent."""
    path = SAMPLES / sample
    mapping = ROOT / "mappings" / f"{path.stem}.yaml"
    shown = importer(tmp_path, "preview", str(path), "-m", str(mapping), "-n", "100000")
    assert shown.returncode == 0, shown.stderr
    golden(path.with_suffix(".bodies.jsonl"), shown.stdout)


@pytest.mark.parametrize(("sample", "exit_code"), CASES)
def test_a_sample_runs_to_the_golden_results(sample: str, exit_code: int, tmp_path: Path, golden: Callable):
    """One line for every row read, in file order, with the outcome it must have."""
    path = SAMPLES / sample
    mapping = ROOT / "mappings" / f"{path.stem}.yaml"
    ran = importer(
        tmp_path,
        "run",
        str(path),
        "-m",
        str(mapping),
        "--to",
        "emulator",
        "--rate",
        "2000/s",
        "--no-progress",
    )
    assert ran.returncode == exit_code, ran.stderr
    (results,) = tmp_path.glob("runs/*/results.csv")
    with results.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.DictWriter(
        out, [name for name in lines[0] if name not in VARIES], extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(lines)
    golden(path.with_suffix(".results.csv"), out.getvalue())
    assert [int(line["row"]) for line in lines] == sorted(int(line["row"]) for line in lines)
