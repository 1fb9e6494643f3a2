"""What the records of an xls file say beside its texts: numbers with their formats, errors, and what is hidden.

The library that reads the texts hands on none of this. Records are those of BIFF 5 and 8 ([MS-XLS] 2.4); of older files,
and of those whose records cannot be followed, nothing is said, and the plan tells so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.styles.numbers import BUILTIN_FORMATS

from importer.sheets.header import column_letter
from importer.sheets.workbook.cells import Cell, number_cell, shown_shortened
from importer.sheets.workbook.compound import stream_of
from importer.sheets.workbook.formats import NumberFormat, read_format
from importer.sheets.workbook.rows import Finds
from importer.sheets.workbook.structure import EAST_ASIAN
from importer.sheets.workbook.xlsb_records import ERRORS, rk_number

BOF, EOF, SHEET, FORMAT, STYLE, CALENDAR, PASSWORD = 0x0809, 0x0A, 0x85, 0x041E, 0xE0, 0x22, 0x2F
NUMBER, RK, MANY_RK, FORMULA, BOOL_OR_ERROR, ROW, COLUMN, MERGED = (
    0x0203,
    0x027E,
    0xBD,
    0x06,
    0x0205,
    0x0208,
    0x7D,
    0xE5,
)
BIFF8, BIFF5 = 0x0600, 0x0500
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
NO_NUMBER = b"\xff\xff"  # the upper bytes of a formula's result that is none
RESULT_BOOL, RESULT_ERROR = 1, 2
CALCULATES = 0x02  # a formula that asks to be calculated on opening, as libraries write them


@dataclass(slots=True)
class Witness:
    """What is known of one worksheet beside its texts, by 1-based row and 0-based column."""

    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    finds: Finds = field(default_factory=Finds)
    recalculates: bool = False


class XlsRecords:
    """The records of a file. Raises ValueError, struct.error or IndexError where they cannot be followed."""

    def __init__(self, file: bytes) -> None:
        self._stream = stream_of(file, "Workbook", "Book")
        self._epoch_1904 = False
        self._formats: list[NumberFormat] = []
        self.starts: list[int] = []  # of each sheet in the stream, charts too, in the order of their tabs
        self._read_globals()

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """Those of one substream, without any that it holds within."""
        depth = 0
        while at + 4 <= len(self._stream):
            kind, size = struct.unpack_from("<HH", self._stream, at)
            content = self._stream[at + 4 : at + 4 + size]
            at += 4 + size
            depth += (kind == BOF) - (kind == EOF)
            if depth <= 0:
                return
            if depth == 1:
                yield kind, content
        raise ValueError("it ends in the middle of a worksheet")

    def _read_globals(self) -> None:
        codes, numbers, version = {**BUILTIN_FORMATS, **EAST_ASIAN}, [], 0
        for kind, content in self._records(0):
            if kind == BOF:
                (version,) = struct.unpack_from("<H", content)
                if version not in {BIFF8, BIFF5}:
                    raise ValueError("it is of an older kind")
            elif kind == PASSWORD:
                raise ValueError("it is encrypted")
            elif kind == SHEET:
                self.starts.append(struct.unpack_from("<I", content)[0])
            elif kind == CALENDAR:
                self._epoch_1904 = content[:2] == b"\1\0"
            elif kind == FORMAT:
                codes[struct.unpack_from("<H", content)[0]] = _code(content, wide=version == BIFF8)
            elif kind == STYLE:
                numbers.append(struct.unpack_from("<H", content, 2)[0])
        self._formats = [read_format(codes.get(number, "General")) for number in numbers]

    def witness(self, place: int) -> Witness:
        """What is known of the sheet at this place."""
        found = Witness()
        for kind, content in self._records(self.starts[place]):
            if kind in {NUMBER, RK, MANY_RK, FORMULA, BOOL_OR_ERROR}:
                for row, column, cell in self._cells(kind, content, found):
                    found.cells.setdefault(row, {})[column] = cell
            elif kind == ROW:
                (row,), (flags,) = struct.unpack_from("<H", content), struct.unpack_from("<H", content, 12)
                if flags & ROW_IS_HIDDEN:
                    found.hidden_rows.add(row + 1)
            elif kind == COLUMN:
                first, last, _, _, flags = struct.unpack_from("<HHHHH", content)
                if flags & COLUMN_IS_HIDDEN:
                    found.finds.hidden_columns.append((first, last))
            elif kind == MERGED:
                for at in range(2, len(content) - 7, 8):
                    top, bottom, left, right = struct.unpack_from("<HHHH", content, at)
                    found.finds.merge(f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}")
        return found

    def _cells(self, kind: int, content: bytes, found: Witness) -> Iterator[tuple[int, int, Cell]]:
        """(row, column, cell) of a record that holds anything but text."""
        row, column, style = struct.unpack_from("<HHH", content)
        row += 1
        if kind == NUMBER:
            yield row, column, self._number(struct.unpack_from("<d", content, 6)[0], style, row, found)
        elif kind == RK:
            yield row, column, self._number(rk_number(struct.unpack_from("<I", content, 6)[0]), style, row, found)
        elif kind == MANY_RK:
            for at in range(4, len(content) - 7, 6):
                style, packed = struct.unpack_from("<HI", content, at)
                yield row, column + (at - 4) // 6, self._number(rk_number(packed), style, row, found)
        elif kind == BOOL_OR_ERROR:
            yield row, column, _bool_or_error(content[6], is_error=bool(content[7]))
        else:
            found.finds.results += 1
            found.recalculates = found.recalculates or bool(struct.unpack_from("<H", content, 14)[0] & CALCULATES)
            result = content[6:14]
            if result[6:] != NO_NUMBER:
                yield row, column, self._number(struct.unpack("<d", result)[0], style, row, found)
            elif result[0] in {RESULT_BOOL, RESULT_ERROR}:
                yield row, column, _bool_or_error(result[2], is_error=result[0] == RESULT_ERROR)

    def _number(self, value: float, style: int, row: int, found: Witness) -> Cell:
        form = self._formats[style] if style < len(self._formats) else read_format("General")
        cell = number_cell(repr(value), form, epoch_1904=self._epoch_1904)
        if shown_shortened(cell, form):
            found.finds.shortened = found.finds.shortened or row
        return cell


def _bool_or_error(value: int, *, is_error: bool) -> Cell:
    """The text of a truth value or of an error."""
    if is_error:
        return Cell(ERRORS.get(value, "#ERROR!"), "excel-error")
    return Cell("TRUE" if value else "FALSE")


def _code(content: bytes, *, wide: bool) -> str:
    """The code in a record of a number format."""
    if not wide:
        return content[3 : 3 + content[2]].decode("cp1252", "replace")
    length, flags = struct.unpack_from("<HB", content, 2)
    if flags & 1:
        return content[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return content[5 : 5 + length].decode("latin-1")
