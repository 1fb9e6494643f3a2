"""A worksheet of an xlsb file, streamed."""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.styles.numbers import BUILTIN_FORMATS

from importer.sheets.header import column_letter
from importer.sheets.packed import DAMAGED_ARCHIVE
from importer.sheets.workbook import xlsb_records as records
from importer.sheets.workbook.cells import Cell, number_cell, shown_shortened
from importer.sheets.workbook.formats import NumberFormat, read_format
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.package import Archive
from importer.sheets.workbook.rows import MOST_COLUMNS, MOST_ROWS, Finds, Row
from importer.sheets.workbook.strings import SharedStrings
from importer.sheets.workbook.structure import EAST_ASIAN, Worksheet, relations_of

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source

UNREADABLE = (*DAMAGED_ARCHIVE, ValueError, IndexError, struct.error)
WORKBOOK = "xl/workbook.bin"
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x10, 0x01
SHORTER = records.SHORT_BLANK - records.CELL_BLANK  # from the type of a long record to that of its short form
STYLE_BITS = 0xFFFFFF  # the fourth byte says whether phonetic hints are shown
EPOCH_1904 = 0x01


class XlsbSheet(GridSheet):
    """Streams its rows from the archive again for each pass; shared strings lie in a temporary file."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._archive = Archive(source, options.max_bytes)
        self._cleanup.callback(self._archive.archive.close)
        self._finds = Finds()
        with self.opening():
            self._worksheet = self.choose(self._read_structure(), options.name, self._rows_of, book=source.name)
            self.prepare(options)

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells, streamed."""
        yield from self._rows_of(self._worksheet)

    def _read_structure(self) -> list[Worksheet]:
        """The worksheets; strings, formats and calendar are remembered."""
        try:
            relations = relations_of(self._archive.whole, WORKBOOK)
            by_kind = dict(relations.values())
            self._epoch_1904, worksheets = self._read_workbook(relations)
            self._formats = self._read_formats(by_kind.get("styles", "xl/styles.bin"))
            self._strings = self._read_strings(by_kind.get("sharedStrings", ""))
            self._cleanup.callback(self._strings.close)
        except (ParseError, DefusedXmlException, *UNREADABLE) as error:
            raise self._archive.damaged(f"its structure is damaged ({error})") from error
        return worksheets

    def _read_workbook(self, relations: dict[str, tuple[str, str]]) -> tuple[bool, list[Worksheet]]:
        epoch_1904, worksheets = False, []
        with self._archive.open(WORKBOOK) as stream:
            for kind, content in records.records(stream):
                if kind == records.WORKBOOK_PROPERTIES:
                    epoch_1904 = bool(content[0] & EPOCH_1904)
                elif kind == records.SHEET:
                    identity, end = records.text_at(content, 8)
                    name, _ = records.text_at(content, end)
                    what, target = relations.get(identity, ("", ""))
                    if what == "worksheet":
                        worksheets.append(Worksheet(name, target, visible=not content[0]))
        return epoch_1904, worksheets

    def _read_formats(self, part: str) -> list[NumberFormat]:
        """The number format of each cell style."""
        codes, numbers, here = {**BUILTIN_FORMATS, **EAST_ASIAN}, [], False
        if self._archive.holds(part):
            with self._archive.open(part) as stream:
                for kind, content in records.records(stream):
                    if kind == records.FORMAT:
                        codes[struct.unpack_from("<H", content)[0]] = records.text_at(content, 2)[0]
                    elif kind in {records.STYLES_BEGIN, records.STYLES_END}:
                        here = kind == records.STYLES_BEGIN
                    elif kind == records.STYLE and here:
                        numbers.append(struct.unpack_from("<H", content, 2)[0])
        return [read_format(codes.get(number, "General")) for number in numbers] or [read_format("General")]

    def _read_strings(self, part: str) -> SharedStrings:
        if not part or not self._archive.holds(part):
            return SharedStrings()
        with self._archive.open(posixpath.normpath(part)) as stream:
            return SharedStrings(records.shared_strings(stream))

    def _rows_of(self, worksheet: Worksheet) -> Iterator[Row]:
        self._finds = Finds()
        try:
            with self._archive.open(worksheet.part) as stream:
                yield from self._read_rows(records.records(stream))
        except UNREADABLE as error:
            raise self._archive.damaged(f"worksheet {worksheet.name!r}: {error}") from error

    def _read_rows(self, found: Iterator[tuple[int, bytes]]) -> Iterator[Row]:
        """The rows that hold a cell."""
        row, column = Row(0, {}, {}, hidden=False), -1
        for kind, content in found:
            if kind == records.ROW_HEADER:
                if row.texts:
                    yield row
                row, column = self._begun(content, row.number), -1
            elif records.CELL_BLANK <= kind <= records.SHORT_SHARED or kind == records.CELL_RICH:
                column = self._take_cell(kind, content, row, column)
            else:
                self._take_beside(kind, content)
        if row.texts:
            yield row

    def _take_cell(self, kind: int, content: bytes, row: Row, column: int) -> int:
        """Put a cell into its row; its column, which a short record leaves out where it is the next."""
        short = records.SHORT_BLANK <= kind <= records.SHORT_SHARED
        column = column + 1 if short else struct.unpack_from("<I", content)[0]
        if column >= MOST_COLUMNS:
            raise ValueError(f"row {row.number} has a cell beyond column XFD")
        if column in row.texts:
            raise ValueError(f"row {row.number} holds a cell twice")
        cell = self._cell(kind - SHORTER if short else kind, content if short else content[4:], row.number)
        if cell.text or cell.slug:
            row.texts[column] = cell.text
        if cell.slug:
            row.damage[column] = cell
        return column

    def _take_beside(self, kind: int, content: bytes) -> None:
        """Records that are neither rows nor cells."""
        if kind == records.COLUMN:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", content)
            if flags & COLUMN_IS_HIDDEN:
                self._finds.hide(first, last)
        elif kind == records.MERGE_CELL:
            top, bottom, left, right = struct.unpack_from("<IIII", content)
            self._finds.merge(f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}")

    def _begun(self, content: bytes, before: int) -> Row:
        """The row that a header begins."""
        number = struct.unpack_from("<I", content)[0] + 1
        if not before < number <= MOST_ROWS:
            raise ValueError(f"row {number} follows row {before}")
        self._finds.last_row = number
        return Row(number, {}, {}, hidden=bool(content[11] & ROW_IS_HIDDEN))

    def _cell(self, kind: int, content: bytes, row: int) -> Cell:
        """What a cell shows; `content` begins with its style."""
        self._finds.results += records.FORMULA_TEXT <= kind <= records.FORMULA_ERROR
        if kind == records.CELL_BLANK:
            return Cell("")
        if kind in {records.CELL_REAL, records.FORMULA_NUMBER, records.CELL_RK}:
            value = (
                records.rk_number(struct.unpack_from("<I", content, 4)[0])
                if kind == records.CELL_RK
                else struct.unpack_from("<d", content, 4)[0]
            )
            style = struct.unpack_from("<I", content)[0] & STYLE_BITS
            form = self._formats[style if style < len(self._formats) else 0]
            cell = number_cell(repr(value), form, epoch_1904=self._epoch_1904)
            if shown_shortened(cell, form):
                self._finds.shortened = self._finds.shortened or row
            return cell
        if kind in {records.CELL_BOOL, records.FORMULA_BOOL}:
            return Cell("TRUE" if content[4] else "FALSE")
        if kind in {records.CELL_ERROR, records.FORMULA_ERROR}:
            return Cell(records.ERRORS.get(content[4], "#ERROR!"), "excel-error")
        if kind == records.CELL_SHARED:
            return Cell(self._strings.get(str(struct.unpack_from("<I", content, 4)[0])))
        return Cell(records.text_at(content, 5 if kind == records.CELL_RICH else 4)[0])
