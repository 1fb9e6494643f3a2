"""Finds the header row of delimited text.

`header:` in the mapping decides. Without it the header is the first row that is not blank, with one exception
that evidence must speak for: title lines. Where the first rows have one cell, and all that follow have the
same number, three or more, and the first of these reads like names, that row is the header, and a note tells.
Where the first row is much narrower than the rest without such evidence, the user is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from importer.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_AT_ROWS = 1_000
TITLES_AT_MOST = 20
LEAST_COLUMNS = 3  # below titles; with two, a short header is as likely as a title
ALIKE = 0.9  # share of the rows from the header on that have its number of cells
VALUE = re.compile(r"[\W\d_]+|\S+@\S+|(?i:true|false|null)")  # no name of a column looks so


def find_header(rows: Sequence[Sequence[str]], *, name: str) -> tuple[int, str]:
    """Row number (1-based) of the header among the file's first rows, and a note where titles precede it.

    Raises:
        SheetError: no row holds anything, or it cannot be told which is the header.
    """
    filled = [(row, cells) for row, cells in enumerate(rows, start=1) if any(map(str.strip, cells))]
    if not filled:
        raise SheetError(f"{name} is empty: there are only blank rows.", advice="Export it again.")
    first, first_cells = filled[0]
    for place, (row, cells) in enumerate(filled[: TITLES_AT_MOST + 1]):
        width = len(cells)
        if width <= max(len(first_cells), 1) and place:
            continue
        below = [len(other) for _, other in filled[place:]]
        if place == 0 or width < LEAST_COLUMNS or Counter(below)[width] < ALIKE * len(below):
            continue
        above = [title for _, title in filled[:place]]
        if len(below) > 1 and all(_is_title(title) for title in above) and _are_names(cells):
            return (
                row,
                f"The header is row {row}; what stands above it ({_count(place)}) was left out as title.",
            )
        if len(below) > 1 and width >= 2 * len(first_cells):
            raise SheetError(
                f"{name}: row {first} has {_cells(len(first_cells))}, from row {row} on there are {width};"
                " it cannot be told which row is the header.",
                advice=f"Say it in the mapping: `sheet: {{header: {row}}}` or `sheet: {{header: {first}}}`.",
            )
        break
    return first, ""


def _is_title(cells: Sequence[str]) -> bool:
    """Whether a row says one thing, as a title does."""
    return sum(1 for cell in cells if cell.strip()) == 1


def _are_names(cells: Sequence[str]) -> bool:
    """Whether a row reads like names of columns: all filled, all different, none a value."""
    names = [cell.strip() for cell in cells]
    return all(names) and len(set(names)) == len(names) and not any(VALUE.fullmatch(name) for name in names)


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
