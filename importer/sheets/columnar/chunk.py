"""Some records as a chunk, with a problem for each cell that holds what no cell should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.sheets.delimited.damage import damage, is_damaged
from importer.sheets.sheet import build_chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importer.problems import Problem
    from importer.records import Chunk
    from importer.sheets.header import Header


def checked_chunk(
    sheet: int,
    header: Header,
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int],
    lines: Sequence[int] | None = None,
) -> Chunk:
    """As `build_chunk`; control characters and characters that were lost are problems, as in any other sheet."""
    problems: list[Problem] = []
    if is_damaged("".join(map("".join, rows))):
        for number, cells in zip(numbers, rows, strict=True):
            problems += damage(cells, number, header)
    return build_chunk(sheet, header, rows, numbers=numbers, lines=lines, problems=problems)
