"""Workbooks: xlsx and its relatives cell by cell with full fidelity; xls, xlsb and ods through python-calamine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.sheet import Sheet
    from importer.sheets.source import Source

__all__ = ["open_workbook"]

OPEN_XML = (".xlsx", ".xlsm", ".xltx", ".xltm")


def open_workbook(source: Source, options: SheetOptions, number: int) -> Sheet:
    """One worksheet of a workbook. Raises SheetError."""
    if source.kind in OPEN_XML:
        from importer.sheets.workbook.xlsx import XlsxSheet  # noqa: PLC0415 - each reader loads its own libraries

        return XlsxSheet(source, options, number)
    from importer.sheets.workbook.binary import BinarySheet  # noqa: PLC0415 - as above

    return BinarySheet(source, options, number)
