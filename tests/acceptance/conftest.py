"""The real command as a process, in an empty folder, with a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig

type_of_command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def importer(tmp_path: Path) -> type_of_command:
    """Runs `importer ARGUMENTS` in the test's folder and answers with what it printed."""

    def run(*arguments: str, stdin: str = "", timeout: float = 90, **environment: str):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
        return subprocess.run(
            [sys.executable, "-m", "importer", *arguments],
            cwd=tmp_path,
            env=kept | environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A local Capillary in which every customer exists."""
    with Emulator(EmulatorConfig()) as server:
        yield server


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A small mapping beside a small sheet."""
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "version: 1\n"
        "name: small\n"
        "lookup:\n"
        "  source: INSTORE\n"
        "  identifiers:\n"
        "    - externalId: Code\n"
        "profile:\n"
        "  firstName: Name\n"
    )
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text("Code,Name\nA0001,Anna\nA0002,Ravi\nA0003,José\n", "utf-8")
    return path
