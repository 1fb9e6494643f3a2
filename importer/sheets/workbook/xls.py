"""A worksheet of an xls file, of Excel 5 or later."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.sheets.header import column_letter
from importer.sheets.workbook.cells import Cell, number_cell, shown_shortened
from importer.sheets.workbook.compound import stream_of
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.rows import Finds, Row
from importer.sheets.workbook.xls_records import Protected, Tab, Workbook, records
from importer.sheets.workbook.xlsb_records import ERRORS, rk_number

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source

LARGEST_FILE = 200 * 1024**2  # bytes; the file is held in memory
MOST_OUT_OF_ORDER = 2_000_000  # cells of a worksheet whose rows do not ascend: they are held to be put in order
DAMAGED = (ValueError, IndexError, struct.error)
ENCRYPTED = "EncryptedPackage"  # the stream in which newer workbooks with a password lie

NUMBER, RK, MANY_RK, BOOL_OR_ERROR, FORMULA, RESULT_TEXT = 0x0203, 0x027E, 0xBD, 0x0205, 0x06, 0x0207
SHARED, LABEL, RICH_LABEL = 0xFD, 0x0204, 0xD6
CELLS = frozenset({NUMBER, RK, MANY_RK, BOOL_OR_ERROR, FORMULA, SHARED, LABEL, RICH_LABEL})
ROW, COLUMN, MERGED = 0x0208, 0x7D, 0xE5
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
NO_NUMBER = b"\xff\xff"  # the upper bytes of a formula's result that is none
RESULT_IS_TEXT, RESULT_IS_BOOL, RESULT_IS_ERROR = range(3)
CALCULATES = 0x02  # a formula that asks to be calculated on opening, as libraries write them


class XlsSheet(GridSheet):
    """Holds the file in memory, and shared strings in a temporary file; rows are read from it again for each pass."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._name = source.name
        size = source.file.stat().st_size
        if size > (options.max_bytes or LARGEST_FILE):
            raise SheetError(
                f"{source.name} has {size:,} bytes; files of this kind are read up to {LARGEST_FILE:,}.",
                advice="Save it as .xlsx, which is streamed, or raise the limit: --max-bytes N.",
            )
        self._finds = Finds()
        self._hidden: set[int] = set()
        self._calculates = False
        self._book = self._opened(source.file.read_bytes())
        self._cleanup.callback(self._book.strings.close)
        with self.opening():
            self._tab = self.choose(self._book.tabs, options.name, self._rows_of, book=source.name)
            self._in_order = self._check_order()
            self.prepare(options)

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells."""
        if self._in_order:
            yield from self._rows_of(self._tab)
        else:
            yield from self._put_in_order()
        if self._calculates:
            self.note_results()

    def _opened(self, file: bytes) -> Workbook:
        try:
            return Workbook(stream_of(file, "Workbook", "Book"))
        except Protected:
            raise self._protected() from None
        except DAMAGED as error:
            try:
                stream_of(file, ENCRYPTED)
            except DAMAGED:
                raise self._damaged(str(error)) from error
            raise self._protected() from None

    def _protected(self) -> SheetError:
        return SheetError(f"{self._name} is protected by a password.", advice="Save it without one and try again.")

    def _damaged(self, why: str) -> SheetError:
        return SheetError(
            f"{self._name} is no workbook that can be read: {why}.",
            advice="Open it in a spreadsheet program and save it as .xlsx.",
        )

    def _check_order(self) -> bool:
        """Whether rows ascend in the file, as programs write them."""
        last = 0
        for number, _, _ in self._cells(self._tab):
            if number < last:
                return False
            last = number
        return True

    def _rows_of(self, tab: Tab) -> Iterator[Row]:
        row = Row(0, {}, {}, hidden=False)
        for number, column, cell in self._cells(tab):
            if number != row.number:
                if row.texts:
                    yield row
                row = Row(number, {}, {}, hidden=number in self._hidden)
            _put(row, column, cell)
        if row.texts:
            yield row

    def _put_in_order(self) -> Iterator[Row]:
        rows: dict[int, Row] = {}
        for count, (number, column, cell) in enumerate(self._cells(self._tab)):
            if count >= MOST_OUT_OF_ORDER:
                raise self._damaged(f"more than {MOST_OUT_OF_ORDER:,} cells stand in no order")
            _put(rows.setdefault(number, Row(number, {}, {}, hidden=False)), column, cell)
        for number in sorted(rows):
            yield rows[number]._replace(hidden=number in self._hidden)

    def _cells(self, tab: Tab) -> Iterator[tuple[int, int, Cell]]:
        """(row, column, cell) of all cells that are not blank; the row is 1-based, the column 0-based."""
        self._finds = Finds()
        waiting: tuple[int, int] | None = None  # the place of a formula whose text follows
        try:
            for kind, pieces in records(self._book.stream, tab.start):
                if kind in CELLS:
                    for row, column, cell in self._read(kind, pieces):
                        self._finds.last_row = max(self._finds.last_row, row)
                        if cell is None:
                            waiting = row, column
                        elif cell.text or cell.slug:
                            yield row, column, cell
                elif kind == RESULT_TEXT and waiting:
                    text = self._book.text(*pieces)
                    if text:
                        yield *waiting, Cell(text)
                    waiting = None
                else:
                    self._read_beside(kind, pieces[0])
        except DAMAGED as error:
            raise self._damaged(f"worksheet {tab.name!r}: {error}") from error

    def _read(self, kind: int, pieces: list[bytes]) -> Iterator[tuple[int, int, Cell | None]]:
        """The cells of a record; None for a formula whose text follows in a record of its own."""
        content = pieces[0]
        row, column, style = struct.unpack_from("<HHH", content)
        row += 1
        if kind == MANY_RK:
            for at in range(4, len(content) - 7, 6):
                style, packed = struct.unpack_from("<HI", content, at)
                yield row, column + (at - 4) // 6, self._number(rk_number(packed), style, row)
        elif kind == FORMULA:
            yield row, column, self._result(content, style, row)
        elif kind == NUMBER:
            yield row, column, self._number(struct.unpack_from("<d", content, 6)[0], style, row)
        elif kind == RK:
            yield row, column, self._number(rk_number(struct.unpack_from("<I", content, 6)[0]), style, row)
        elif kind == BOOL_OR_ERROR:
            yield row, column, _bool_or_error(content[6], is_error=bool(content[7]))
        elif kind == SHARED:
            yield row, column, Cell(self._book.strings.get(str(struct.unpack_from("<I", content, 6)[0])))
        else:
            yield row, column, Cell(self._book.text(content[6:], *pieces[1:]))

    def _result(self, content: bytes, style: int, row: int) -> Cell | None:
        """What a formula shows; None where its text follows."""
        self._finds.results += 1
        self._calculates = self._calculates or bool(struct.unpack_from("<H", content, 14)[0] & CALCULATES)
        result = content[6:14]
        if result[6:] != NO_NUMBER:
            return self._number(struct.unpack("<d", result)[0], style, row)
        if result[0] in {RESULT_IS_BOOL, RESULT_IS_ERROR}:
            return _bool_or_error(result[2], is_error=result[0] == RESULT_IS_ERROR)
        return None if result[0] == RESULT_IS_TEXT else Cell("")

    def _number(self, value: float, style: int, row: int) -> Cell:
        formats = self._book.formats
        form = formats[style if style < len(formats) else 0]
        cell = number_cell(repr(value), form, epoch_1904=self._book.epoch_1904)
        if shown_shortened(cell, form):
            self._finds.shortened = self._finds.shortened or row
        return cell

    def _read_beside(self, kind: int, content: bytes) -> None:
        """Records that are no cells."""
        if kind == ROW:
            (row,), (flags,) = struct.unpack_from("<H", content), struct.unpack_from("<H", content, 12)
            if flags & ROW_IS_HIDDEN:
                self._hidden.add(row + 1)
        elif kind == COLUMN:
            first, last, _, _, flags = struct.unpack_from("<HHHHH", content)
            if flags & COLUMN_IS_HIDDEN:
                self._finds.hide(first, last)
        elif kind == MERGED:
            for at in range(2, len(content) - 7, 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", content, at)
                self._finds.merge(f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}")


def _put(row: Row, column: int, cell: Cell) -> None:
    """A cell into its row; where it stands there twice, the last is what a program shows."""
    row.texts[column] = cell.text
    row.damage.pop(column, None)
    if cell.slug:
        row.damage[column] = cell


def _bool_or_error(value: int, *, is_error: bool) -> Cell:
    """The text of a truth value or of an error."""
    if is_error:
        return Cell(ERRORS.get(value, "#ERROR!"), "excel-error")
    return Cell("TRUE" if value else "FALSE")
