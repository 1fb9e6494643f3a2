"""Finds the header row of a sheet of any kind.

`header:` in the mapping decides. Without it the header is the first row that is not blank, with one exception
that evidence must speak for: title lines. Where the first rows have one filled cell each (or two, the first of
which ends with a colon), and a row follows that reads like names and has as many cells as nearly all rows below it,
three or more (two below comments, which begin with #), then that row is the header, and a note tells. Where the first
row is narrower than the rest without such evidence, the user is asked. In rejects of ours the added columns tell which row is the header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.rejects import ADDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LOOKED_AT_ROWS = 1_000
TITLES_AT_MOST = 20
LEAST_COLUMNS = 3  # below titles; with two, a short header is as likely as a title
LEAST_BELOW_COMMENTS = 2
NAMED = 2  # cells of a title that names what it says
ALIKE = 0.9  # share of the rows from the header on that have its number of cells
VALUE = re.compile(r"[\W\d_]+|\S+@\S+|(?i:true|false|null)")  # no name of a column looks so


def find_header(rows: Iterable[tuple[int, Sequence[str]]], *, name: str, sparse: bool = False) -> tuple[int, str]:
    """Row number of the header among the sheet's first rows, and a note where titles precede it.

    Args:
        rows: (row number, cells), blank ones or not.
        name: the sheet's, for messages.
        sparse: whether rows end with their last filled cell, as in workbooks: shorter rows fit the header too.

    Raises:
        SheetError: no row holds anything, or it cannot be told which is the header.
    """
    filled = [(row, cells) for row, cells in rows if any(map(str.strip, cells))]
    if not filled:
        raise SheetError(f"{name} is empty: there are only blank rows.", advice="Export it again.")
    for row, cells in filled[: TITLES_AT_MOST + 1]:
        if set(ADDED) <= set(map(str.strip, cells)):  # rejects of ours: what stands above their header stays there
            return row, ""
    first, first_cells = filled[0]
    titles = [cells for _, cells in filled[: TITLES_AT_MOST + 1] if _is_title(cells)]
    place = next((place for place, (_, cells) in enumerate(filled) if not _is_title(cells)), 0)
    if place == 0 or place > TITLES_AT_MOST:
        return first, ""
    row, cells = filled[place]
    width = len(cells)
    comments = all(title[0].lstrip().startswith("#") for title in titles[:place])
    alike = sum(len(below) <= width if sparse else len(below) == width for _, below in filled[place:])
    alike_share = alike / len(filled[place:])
    followed = len(filled) > place + 1
    names = _trimmed(cells)
    if followed and _are_names(names) and len(names) >= (LEAST_BELOW_COMMENTS if comments else LEAST_COLUMNS):
        if alike_share >= ALIKE:
            return (
                row,
                f"The header is row {row}; what stands above it ({_rows(place)}) was left out as title.",
            )
        doubtful = True
    else:
        doubtful = alike_share >= ALIKE
    counts = (sum(map(bool, cells)), sum(map(bool, first_cells))) if sparse else (width, len(first_cells))
    if doubtful and counts[0] > counts[1]:
        raise SheetError(
            f"{name}: row {first} has {_cells(counts[1])}, row {row} has {counts[0]};"
            " it cannot be told which of them is the header.",
            advice=f"Say it in the mapping: `sheet: {{header: {row}}}` or `sheet: {{header: {first}}}`.",
        )
    return first, ""


def _is_title(cells: Sequence[str]) -> bool:
    """Whether a row says one thing, as a title does, or names one: `Exported by: | Asha`."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) <= 1 or (len(filled) == NAMED and filled[0].endswith(":"))


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Cells without white space around them, and without blank ones before the first and after the last."""
    trimmed = [cell.strip() for cell in cells]
    places = [place for place, cell in enumerate(trimmed) if cell]
    return trimmed[places[0] : places[-1] + 1] if places else []


def _are_names(names: Sequence[str]) -> bool:
    """Whether trimmed cells read like names of columns: all filled, all different, none a value."""
    return all(names) and len(set(names)) == len(names) and not any(VALUE.fullmatch(name) for name in names)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
