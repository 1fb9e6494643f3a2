"""Files of data teams, which name and type their columns themselves: Parquet and JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.sheet import Sheet
    from importer.sheets.source import Source

__all__ = ["open_columnar"]


def open_columnar(source: Source, options: SheetOptions, number: int) -> Sheet:
    """The table in a Parquet or JSON Lines file. Raises SheetError."""
    if source.kind == ".parquet":
        from importer.sheets.columnar.parquet import ParquetSheet  # noqa: PLC0415 - needs an optional library

        return ParquetSheet(source, options, number)
    from importer.sheets.columnar.json_lines import JsonLinesSheet  # noqa: PLC0415 - as above

    return JsonLinesSheet(source, options, number)
