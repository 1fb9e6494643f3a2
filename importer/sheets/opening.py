"""Opens a sheet: finds out which kind of file it is, and hands it to the reader of that kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets.delimited import open_delimited
from importer.sheets.source import Source, check_readable, digest_of, stamp_of

if TYPE_CHECKING:
    from importer.sheets.sheet import Sheet

DELIMITED = (".csv", ".tsv", ".tab", ".psv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
COLUMNAR = (".parquet", ".jsonl", ".ndjson")
DEFAULTS = SheetOptions()


def open_sheet(path: str, options: SheetOptions = DEFAULTS, *, number: int = 0) -> Sheet:
    """The sheet in a file; `number` is its 0-based place among the sheets of a run.

    Raises:
        SheetError: there is no such file, or it cannot be read without loss.
    """
    file = check_readable(path)
    kind = f".{options.format.lower().lstrip('.')}" if options.format else file.suffix.lower()
    source = Source(path, file.name, file, kind, stamp=stamp_of(file), digest=digest_of(file))
    try:
        return _open(source, options, number)
    except BaseException:
        source.cleanup.close()
        raise


def _open(source: Source, options: SheetOptions, number: int) -> Sheet:
    """By kind; the readers of workbooks and columnar files are loaded only where they are needed."""
    if source.kind in WORKBOOKS:
        from importer.sheets.workbook import open_workbook  # noqa: PLC0415 - see above

        return open_workbook(source, options, number)
    if source.kind in COLUMNAR:
        from importer.sheets.columnar import open_columnar  # noqa: PLC0415 - see above

        return open_columnar(source, options, number)
    if source.kind in DELIMITED:
        return open_delimited(source, options, number)
    raise SheetError(
        f"{source.name}: importer does not know files of the kind {source.kind or '(none)'}.",
        advice=f"It reads {' '.join((*DELIMITED, *WORKBOOKS, *COLUMNAR))}; or say what it is: `--format csv`.",
    )
