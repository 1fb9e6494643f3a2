"""Parquet, through pyarrow: typed columns as text, every digit kept."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from importer.errors import SheetError
from importer.sheets.columnar.chunk import checked_chunk
from importer.sheets.header import Header, read_header
from importer.sheets.sheet import ROWS_A_CHUNK, Sheet

if TYPE_CHECKING:
    from importer.records import Chunk, SheetOptions
    from importer.sheets.source import Source


EXACT = 2**53  # up to here a double holds every whole number


class ParquetSheet(Sheet):
    """Reads row groups as they come; the first record is row 1."""

    def __init__(self, source: Source, _: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self.label = source.name
        self._source = source
        try:
            import pyarrow as pa  # noqa: PLC0415 - an optional library
            from pyarrow import parquet  # noqa: PLC0415 - as above
        except ImportError:
            raise SheetError(
                f"{self.label}: Parquet needs the library pyarrow.",
                advice="Install it: pip install 'importer[parquet]'",
            ) from None
        self._errors = (pa.ArrowException, OSError, ValueError)
        self._parquet = parquet
        with self._open() as file:
            fields = list(file.schema_arrow)
            if not file.metadata.num_rows:
                raise SheetError(f"{self.label} has no rows.", advice="There is nothing to import.")
        for one in fields:
            if pa.types.is_nested(one.type) or pa.types.is_binary(one.type) or pa.types.is_large_binary(one.type):
                raise SheetError(
                    f"{self.label}: column {one.name!r} has the type {one.type}, which is no cell.",
                    advice="Flatten it, or leave the column out, before importing.",
                )
        self._header = read_header([one.name for one in fields], set(range(len(fields))), where=self.label)

    @property
    def columns(self) -> Header:
        """Those of the file's schema."""
        return self._header

    @property
    def header_row(self) -> int:
        """There is none: the schema names the columns."""
        return 0

    def chunks(self, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        """All records in file order. Raises SheetError."""
        first = 1
        try:
            with self._open() as file:
                for batch in file.iter_batches(batch_size=rows):
                    columns = [[text_of(value) for value in column.to_pylist()] for column in batch.columns]
                    cells = list(zip(*columns, strict=True))
                    yield checked_chunk(self.number, self._header, cells, numbers=range(first, first + len(cells)))
                    first += len(cells)
        except self._errors as error:
            raise self._damaged(error) from error

    def _open(self) -> Any:
        try:
            return self._parquet.ParquetFile(self._source.file)
        except self._errors as error:
            raise self._damaged(error) from error

    def _damaged(self, error: BaseException) -> SheetError:
        return SheetError(f"{self.label} is no Parquet file that can be read: {error}.", advice="Write it again.")


def text_of(value: Any) -> str:
    """A value as text: numbers with every digit, dates and times in ISO form, nothing as blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    """Every digit of a double; "" for NaN, which stands for nothing. Beyond 2^53 e-notation says that digits are lost."""
    if math.isnan(value):
        return ""
    if value.is_integer():
        return repr(int(value)) if abs(value) < EXACT else repr(value)
    return format(Decimal(repr(value)), "f") if math.isfinite(value) else repr(value)
