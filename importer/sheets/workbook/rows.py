"""What readers of worksheets hand on: rows of cells with gaps, and what they found beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from importer.sheets.workbook.cells import Cell

MOST_COLUMNS = 16_384  # XFD, as in spreadsheet programs
MOST_ROWS = 1_048_576
MERGES_SHOWN = 5


class Row(NamedTuple):
    """A row that holds cells: its number, texts by 0-based column, damage by column, whether it is hidden."""

    number: int
    texts: dict[int, str]
    damage: dict[int, Cell]
    hidden: bool


@dataclass(slots=True)
class Finds:
    """What the XML says beside its cells."""

    hidden_columns: bytearray = field(default_factory=lambda: bytearray(MOST_COLUMNS))  # 1 where one is hidden
    merged: list[str] = field(default_factory=list)  # the first of them
    merges: int = 0  # how many there are
    covered: int = 0  # filled cells that lie hidden below merged ones, where that is known
    last_row: int = 0  # the last that is named, blank or not
    results: int = 0  # formulas with a stored result
    shortened: int = 0  # first row with a number that programs show in e-notation, though every digit is there

    def hide(self, first: int, last: int) -> None:
        """Remember that these columns, 0-based, are hidden."""
        last = min(last, MOST_COLUMNS - 1)
        if 0 <= first <= last:
            self.hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def merge(self, area: str) -> None:
        """Count a merged range, and remember the first ones."""
        self.merges += 1
        if self.merges <= MERGES_SHOWN:
            self.merged.append(area)
