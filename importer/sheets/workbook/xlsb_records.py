"""The binary records of an xlsb file ([MS-XLSB] 2.1.4): cut out of a stream, and read as cells and texts."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from importer.sheets.workbook.strings import LONGEST_TEXT

READ_BYTES = 1 << 16
LARGEST_RECORD = 64 * 1024**2  # bytes; a cell's text has 65,534 at most
TYPE_BYTES, SIZE_BYTES, MORE = 2, 4, 0x80

ROW_HEADER, MERGE_CELL, COLUMN = 0, 176, 60
CELL_BLANK, CELL_RK, CELL_ERROR, CELL_BOOL, CELL_REAL, CELL_TEXT, CELL_SHARED = range(1, 8)
FORMULA_TEXT, FORMULA_NUMBER, FORMULA_BOOL, FORMULA_ERROR = range(8, 12)
SHORT_BLANK, SHORT_SHARED = 12, 18  # those between have the order of the long ones, and no column
CELL_RICH = 62
SHARED_STRING = 19
SHEET, WORKBOOK_PROPERTIES = 156, 153
FORMAT, STYLES_BEGIN, STYLES_END, STYLE = 44, 617, 618, 47

ERRORS = {  # [MS-XLSB] 2.5.97.2
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip


def records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(type, content) of each record. Raises ValueError where the stream ends within one."""
    data, at = b"", 0
    while True:
        if len(data) - at < TYPE_BYTES + SIZE_BYTES:
            data, at = data[at:] + stream.read(READ_BYTES), 0
            if not data:
                return
        kind, at = _packed(data, at, TYPE_BYTES)
        size, at = _packed(data, at, SIZE_BYTES)
        if size > LARGEST_RECORD:
            raise ValueError(f"a record claims to have {size:,} bytes")
        if len(data) - at < size:
            data, at = data[at:] + stream.read(max(size, READ_BYTES)), 0
            if len(data) < size:
                raise ValueError("it ends in the middle of a record")
        yield kind, data[at : at + size]
        at += size


def _packed(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value = 0
    for place in range(most):
        if at + place >= len(data):
            raise ValueError("it ends in the middle of a record")
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < MORE:
            return value, at + place + 1
    return value, at + most


def text_at(content: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, in characters of two bytes, and where it ends; halves are kept as they are."""
    (length,) = struct.unpack_from("<I", content, at)
    end = at + 4 + 2 * length
    if length > LONGEST_TEXT or end > len(content):
        raise ValueError("a text is longer than its record")
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def rk_number(packed: int) -> float:
    """A number in four bytes ([MS-XLSB] 2.5.122): 30 bits of a whole number, or the upper bits of a double."""
    if packed & 2:
        value = float((packed - (1 << 32) if packed & 1 << 31 else packed) >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


def shared_strings(stream: IO[bytes]) -> Iterator[str]:
    """The text of every shared string: that of its runs, without phonetic hints."""
    for kind, content in records(stream):
        if kind == SHARED_STRING:
            yield text_at(content, 1)[0]
