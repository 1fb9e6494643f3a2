"""A worksheet of an xlsx, xlsm or template file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.parsers.expat import ErrorString, ExpatError

from importer.rejects import Layout, StoredRow
from importer.sheets.packed import DAMAGED_ARCHIVE
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.originals import Originals, read_forms
from importer.sheets.workbook.package import Package
from importer.sheets.workbook.rows import Finds, Row
from importer.sheets.workbook.stream import SheetStream
from importer.sheets.workbook.strings import SharedStrings, strings_of
from importer.sheets.workbook.structure import Worksheet

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source


UNREADABLE = (*DAMAGED_ARCHIVE, ExpatError, ValueError, LookupError)
READ_BYTES = 1 << 20
MOST_MERGES_BYTES = 32 * 1024**2  # of what stands below the rows
ROWS_END, LONGEST_END = re.compile(rb"</(?:[A-Za-z0-9]+:)?sheetData *>"), 64
MERGED = re.compile(r"""mergeCell\s+ref\s*=\s*["']([A-Z0-9:]+)["']""")


class XlsxSheet(GridSheet):
    """Streams its rows from the archive again for each pass; shared strings lie in a temporary file."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._source = source
        self._package = Package(source, options.max_bytes)
        self._cleanup.callback(self._package.archive.close)
        with self.opening():
            structure = self._package.structure
            self._strings = self._read_strings(structure.strings_part)
            self._cleanup.callback(self._strings.close)
            self._stream = SheetStream(self._strings, structure.formats, epoch_1904=structure.epoch_1904)
            self._worksheet = self.choose(structure.worksheets, options.name, self._rows_of, book=source.name)
            self._recalculates = structure.recalculates
            self.prepare(options)

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._stream.finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells, streamed."""
        yield from self._rows_of(self._worksheet)
        if self._recalculates:
            self.note_results()

    def merges(self) -> list[str]:
        """Of what follows the rows, without reading them as XML."""
        tail = b""
        with self._package.open(self._worksheet.part) as stream:
            while piece := stream.read(READ_BYTES):
                piece = tail + piece
                if found := ROWS_END.search(piece):
                    rest = piece[found.end() :] + stream.read(MOST_MERGES_BYTES)
                    return MERGED.findall(rest.decode("ascii", "ignore"))
                tail = piece[-LONGEST_END:]
        return []

    @property
    def layout(self) -> Layout:
        """Widths, formats and hidden columns."""
        with self._package.open(self._worksheet.part) as stream:
            columns = self._originals().read_columns(stream)
        return Layout(self.worksheet, columns, epoch_1904=self._package.structure.epoch_1904)

    def stored_rows(self) -> Iterator[StoredRow]:
        """All rows as they are stored, streamed."""
        with self._telling_damage(self._worksheet), self._package.open(self._worksheet.part) as stream:
            yield from self._originals().rows(stream)

    def _originals(self) -> Originals:
        structure = self._package.structure
        forms = read_forms(self._package.whole(structure.styles_part))
        return Originals(self._strings.get, forms, epoch_1904=structure.epoch_1904)

    def _rows_of(self, worksheet: Worksheet) -> Iterator[Row]:
        with self._telling_damage(worksheet), self._package.open(worksheet.part) as stream:
            yield from self._stream.rows(stream)

    @contextmanager
    def _telling_damage(self, worksheet: Worksheet) -> Iterator[None]:
        try:
            yield
        except ExpatError as error:  # without its place, which does not count the rows that the parser never saw
            why = ErrorString(error.code)
            raise self._package.damaged(f"worksheet {worksheet.name!r}: {why}") from error
        except UNREADABLE as error:
            raise self._package.damaged(f"worksheet {worksheet.name!r}: {error}") from error

    def _read_strings(self, part: str) -> SharedStrings:
        if not part or not self._package.holds(part):
            return SharedStrings()
        try:
            with self._package.open(part) as stream:
                return SharedStrings(strings_of(stream))
        except UNREADABLE as error:
            raise self._package.damaged(f"its shared strings: {error}") from error
