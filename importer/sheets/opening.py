"""Opens a sheet: finds out which kind of file it is and hands it to the reader of that kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.records import SheetOptions

if TYPE_CHECKING:
    from importer.sheets.sheet import Sheet

DELIMITED = (".csv", ".tsv", ".tab", ".psv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
COLUMNAR = (".parquet", ".jsonl", ".ndjson")


def open_sheet(path: str, options: SheetOptions = SheetOptions(), *, number: int = 0) -> Sheet:
    """The sheet in a file; `number` is its 0-based place among the sheets of a run.

    Raises:
        SheetError: there is no such file, or it cannot be read without loss.
    """
    kind = Path(path).suffix.lower()
    if kind in WORKBOOKS:
        from importer.sheets.workbook import open_workbook

        return open_workbook(path, options, number)
    if kind in COLUMNAR:
        from importer.sheets.columnar import open_columnar

        return open_columnar(path, options, number)
    raise SheetError(f"{path}: importer does not know this kind of file.")
