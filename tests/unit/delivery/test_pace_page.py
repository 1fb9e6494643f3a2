"""The page about the pace says what the program does: its figures are simulated anew and compared."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
spec = importlib.util.spec_from_file_location("curves", ROOT / "docs" / "pace" / "curves.py")
curves = importlib.util.module_from_spec(spec)
sys.modules["curves"] = curves  # its dataclass looks itself up there
spec.loader.exec_module(curves)

QUICK = {(2, 1), (50, 60)}


def told() -> list[str]:
    """The lines of the table."""
    return [
        line for line in curves.PAGE.read_text("utf-8").splitlines() if line.split(" ")[1:2] != ["---"] and "%" in line
    ]


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(one, id=f"{one[0]}-in-{one[1]}-s", marks=() if one[:2] in QUICK else pytest.mark.long)
        for one in curves.LIMITS
    ],
)
def test_a_line_of_the_table_is_what_a_simulation_finds(limit):
    line = curves.line(*limit)
    assert line in told()
    cells = [float(cell.strip(" %")) for cell in line.split("|")[2:-1]]
    assert min(cells[::2]) >= 90
    assert min(cells[2::4]) >= 97  # told
    assert max(cells[1::2]) < 2
    assert max(cells[3::4]) == 0  # told


def test_the_rest_of_the_page_is_its_template_and_every_picture_is_there():
    page = curves.PAGE.read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ") and "%" in line and line[2].isdigit()]
    assert len(lines) == len(curves.LIMITS)
    assert curves.page(lines) == page
    assert [curve.name for curve in curves.CURVES if f"../pace/{curve.name}.png" not in page] == []
