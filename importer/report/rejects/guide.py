"""The first sheet of a workbook of rejects: how to use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from importer.records import Status

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

WIDTH = 100  # characters


def write_guide(
    book: Workbook, sheet: Worksheet, *, original: str, worksheet: str, run: str, command: str, counts: Mapping[Status, int]
) -> None:  # fmt: skip
    """A short text, and what the states in the file mean."""
    rows = sum(counts.values())
    title, wrapped, bold = (
        book.add_format(one) for one in ({"bold": True, "font_size": 14}, {"text_wrap": True}, {"bold": True})
    )
    sheet.set_column(0, 0, WIDTH, wrapped)
    sheet.hide_gridlines(2)
    lines = (
        (f"{rows:,} {'row' if rows == 1 else 'rows'} of {original} did not end well", title),
        (f"They stand in the sheet {worksheet!r}, as they were, in run {run}.", wrapped),
        ("", wrapped),
        ("1. Correct the cells that are filled in red. Their comments, and the last columns, say what is wrong.", wrapped),
        ("2. Delete the rows that you do not want to send. Leave the columns importer_run and importer_row as they are.", wrapped),
        ("3. Save the workbook, and send it with the same mapping:", wrapped),
        (f"    {command}", wrapped),
        ("", wrapped),
        ("What importer_status means:", bold),
        *((f"{status.value}: {status.meaning} ({count:,})", wrapped) for status, count in counts.items()),
    )  # fmt: skip
    for number, (line, dress) in enumerate(lines):
        sheet.write_string(number, 0, line, dress)
