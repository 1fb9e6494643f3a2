"""Writes the synthetic rows of a workbook: the same kinds of cells, number formats and widths."""

from __future__ import annotations

import io
from collections.abc import Iterable

from importer.rejects import Layout, StoredRow
from importer.report.rejects.pen import Pen
from importer.report.rejects.workbook import PADDING, sheet_name


def workbook(layout: Layout, rows: Iterable[StoredRow]) -> bytes:
    """A workbook of one worksheet with these rows, one below the other."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - few commands write a workbook

    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "date_1904": layout.epoch_1904})
    sheet = book.add_worksheet(sheet_name(layout.worksheet))
    pen = Pen(book, sheet)
    for at, row in enumerate(rows):
        for column, cell in sorted(row.cells.items()):
            pen.write(at, column, cell)
    for one in layout.columns:
        width = None if one.width is None else max(one.width - PADDING, 0)
        sheet.set_column(one.first, one.last, width, pen.format(one.form), {"hidden": one.hidden})
    book.close()
    return content.getvalue()
