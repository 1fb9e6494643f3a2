"""Workbooks of every kind, cell by cell: what a person sees, or the name of the damage."""

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
    if source.kind == ".ods":
        from importer.sheets.workbook.open_document import OpenDocumentSheet  # noqa: PLC0415 - as above

        return OpenDocumentSheet(source, options, number)
    if source.kind == ".xlsb":
        from importer.sheets.workbook.xlsb import XlsbSheet  # noqa: PLC0415 - as above

        return XlsbSheet(source, options, number)
    from importer.sheets.workbook.xls import XlsSheet  # noqa: PLC0415 - as above

    return XlsSheet(source, options, number)
