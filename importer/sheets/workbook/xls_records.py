"""The records of an xls file ([MS-XLS] 2.4, BIFF 5 and 8): cut out of its stream, and read as texts and numbers."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS

from importer.sheets.workbook.formats import NumberFormat, read_format
from importer.sheets.workbook.strings import SharedStrings
from importer.sheets.workbook.structure import EAST_ASIAN

BOF, EOF, CONTINUE, SHEET, FORMAT, STYLE = 0x0809, 0x0A, 0x3C, 0x85, 0x041E, 0xE0
CALENDAR, PASSWORD, STRINGS, CODE_PAGE = 0x22, 0x2F, 0xFC, 0x42
BIFF8, BIFF5 = 0x0600, 0x0500
WIDE, PHONETIC, RICH = 0x01, 0x04, 0x08  # flags of a text
WORKSHEET, STATE_BITS = 0, 0x03
OWN_CODE_PAGES = {0x8000: "mac_roman", 0x8001: "cp1252", 10000: "mac_roman", 367: "ascii", 1200: "utf-16-le"}


class Protected(Exception):
    """The file has a password."""


class Tab(NamedTuple):
    """A worksheet, by what its tab tells, and where it begins in the stream."""

    name: str
    visible: bool
    start: int


def records(stream: bytes, at: int) -> Iterator[tuple[int, list[bytes]]]:
    """(type, content in the pieces in which it lies) of one substream, without those that it holds within.

    Raises ValueError where it does not end.
    """
    depth, kind, pieces = 0, -1, list[bytes]()
    while at + 4 <= len(stream):
        following, size = struct.unpack_from("<HH", stream, at)
        content = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if following == CONTINUE and kind >= 0:
            pieces.append(content)
            continue
        if kind >= 0 and depth == 1:
            yield kind, pieces
        depth -= kind == EOF
        if kind >= 0 and depth <= 0:
            return
        depth += following == BOF
        kind, pieces = following, [content]
    if kind != EOF or depth != 1:
        raise ValueError("it ends in the middle of a worksheet")


class Workbook:
    """What the globals of a file say. Raises ValueError, struct.error or IndexError where they are damaged."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.tabs: list[Tab] = []  # worksheets in the order of their tabs
        self.formats: list[NumberFormat] = []  # by cell style
        self.epoch_1904 = False
        self._version, self._codec = BIFF8, "cp1252"
        codes, numbers, strings = {**BUILTIN_FORMATS, **EAST_ASIAN}, list[int](), [bytes(8)]
        for kind, pieces in records(stream, 0):
            content = pieces[0]
            if kind == FORMAT:
                codes[struct.unpack_from("<H", content)[0]] = self._code(content)
            elif kind == STYLE:
                numbers.append(struct.unpack_from("<H", content, 2)[0])
            elif kind == STRINGS:
                strings = pieces
            else:
                self._take(kind, content)
        self.formats = [read_format(codes.get(number, "General")) for number in numbers] or [read_format("General")]
        self.strings = SharedStrings(_shared_strings(strings))

    def _take(self, kind: int, content: bytes) -> None:
        """Records that are one line each."""
        if kind == BOF:
            (self._version,) = struct.unpack_from("<H", content)
            if self._version not in {BIFF8, BIFF5}:
                raise ValueError("it is of a kind that no program after Excel 4 writes")
        elif kind == PASSWORD:
            raise Protected
        elif kind == CODE_PAGE:
            (page,) = struct.unpack_from("<H", content)
            self._codec = _codec(page)
        elif kind == CALENDAR:
            self.epoch_1904 = content[:2] == b"\1\0"
        elif kind == SHEET and content[5] == WORKSHEET:
            name = self.text(content[6:7] + b"\0" + content[7:])
            self.tabs.append(Tab(name, not content[4] & STATE_BITS, struct.unpack_from("<I", content)[0]))

    def text(self, *pieces: bytes) -> str:
        """A text that begins with its length in two bytes."""
        reader = _Pieces(pieces)
        (length,) = struct.unpack("<H", reader.take(2))
        if self._version == BIFF5:
            return reader.take(length).decode(self._codec, "replace")
        return reader.characters(length, reader.take(1)[0])

    def _code(self, content: bytes) -> str:
        """The code in a record of a number format."""
        if self._version == BIFF5:
            return self.text(content[2:3] + b"\0" + content[3:])
        return self.text(content[2:])


def _codec(page: int) -> str:
    """Python's name of a code page; that of Western offices where it has none."""
    name = OWN_CODE_PAGES.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _shared_strings(pieces: list[bytes]) -> Iterator[str]:
    """The text of every shared string: without formats and phonetic hints."""
    reader = _Pieces(pieces)
    _, count = struct.unpack("<II", reader.take(8))
    for _ in range(count):
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & RICH else 0
        hints = struct.unpack("<I", reader.take(4))[0] if flags & PHONETIC else 0
        yield reader.characters(length, flags)
        reader.skip(4 * runs + hints)


class _Pieces:
    """Reads on from one piece of a record to the next. Raises ValueError at the end of the last."""

    def __init__(self, pieces: Iterator[bytes] | list[bytes] | tuple[bytes, ...]) -> None:
        self._pieces = iter(pieces)
        self._piece, self._at = b"", 0

    def _next(self) -> None:
        try:
            self._piece, self._at = next(self._pieces), 0
        except StopIteration:
            raise ValueError("a text is longer than its record") from None

    def take(self, size: int) -> bytes:
        """So many bytes."""
        taken = self._piece[self._at : self._at + size]
        self._at += len(taken)
        while len(taken) < size:
            self._next()
            more = self._piece[: size - len(taken)]
            self._at = len(more)
            taken += more
        return taken

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        while size > (here := len(self._piece) - self._at):
            size -= here
            self._next()
        self._at += size

    def characters(self, length: int, flags: int) -> str:
        """So many characters, of one byte or two each; where a piece ends among them, the next says so anew."""
        units = b""
        while True:
            width = 2 if flags & WIDE else 1
            taken = self._piece[self._at : self._at + width * (length - len(units) // 2)]
            self._at += len(taken)
            units += taken if width > 1 else taken.decode("latin-1").encode("utf-16-le")
            if len(units) // 2 >= length:
                return units.decode("utf-16-le", "replace")
            self._next()
            flags, self._at = self._piece[0], 1
