"""The house stands as ARCHITECTURE.md draws it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["sheets", "mapping", "validation", "payload", "planning", "delivery", "journal", "report"]
PLATE = re.compile(r"Room (\d) of 8, (\w+): takes .+, hands on .+\.")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """`lint-imports` in a folder that holds pyproject.toml and importer/."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "importer", tmp_path / "importer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_both_import_contracts_are_kept():
    result = lint_imports(ROOT)
    assert "Contracts: 2 kept, 0 broken." in result.stdout, result.stdout


def test_a_module_without_a_floor_breaks_the_exhaustive_contract(copied_house: Path):
    (copied_house / "importer" / "utils.py").write_text('"""A drawer."""\n')
    result = lint_imports(copied_house)
    assert result.returncode != 0
    assert "importer.utils" in result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("importer/payload/stray.py", "import importer.sheets"),  # a room that knows its neighbour
        ("importer/records_stray.py", "import importer.cli"),  # a stray module, and an arrow up
        ("importer/emulator/stray.py", "import importer.records"),  # an emulator that agrees by construction
    ],
)
def test_an_import_that_the_contracts_forbid_is_found(copied_house: Path, module: str, line: str):
    (copied_house / module).write_text(f'"""Stray."""\n\n{line}\n')
    assert lint_imports(copied_house).returncode != 0


@pytest.mark.parametrize(("number", "room"), list(enumerate(ROOMS, start=1)))
def test_each_room_has_its_door_plate(number: int, room: str):
    tree = ast.parse((ROOT / "importer" / room / "__init__.py").read_text("utf-8"))
    plate = PLATE.fullmatch((ast.get_docstring(tree) or "").splitlines()[0])
    assert plate, f"the first line of importer/{room}/__init__.py is no door plate"
    assert plate.groups() == (str(number), room)


def test_no_module_is_longer_than_three_screens():
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "importer").rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert not long
