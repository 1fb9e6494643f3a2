"""A worksheet of an ods file (OpenDocument 1.3 part 3, chapters 6 and 9), streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from importer.errors import SheetError
from importer.sheets.packed import DAMAGED_ARCHIVE
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.open_document_cells import TableReading
from importer.sheets.workbook.open_document_styles import Styles, read_styles
from importer.sheets.workbook.package import MOST_STRUCTURE_BYTES, Archive
from importer.sheets.workbook.rows import Finds, Row
from importer.sheets.workbook.stream import READ_BYTES

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source

CONTENT = "content.xml"
ROOT = re.compile(rb"<((?:[\w.-]+:)?document-content)\b")
LONGEST_TAG = 64  # bytes of the name of an element
BODY = re.compile(rb"<(?:[\w.-]+:)?body\b")
UNREADABLE = (*DAMAGED_ARCHIVE, ExpatError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Table:
    """One worksheet: its place among them, its name, and whether it is shown."""

    place: int
    name: str
    visible: bool


class OpenDocumentSheet(GridSheet):
    """Streams its rows from the archive again for each pass."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._name = source.name
        self._archive = Archive(source, options.max_bytes)
        self._cleanup.callback(self._archive.archive.close)
        self._finds = Finds()
        with self.opening():
            self._refuse_password()
            self._styles = self._read_styles()
            self._table = self.choose(self._read_tables(), options.name, self._rows_of, book=source.name)
            self.prepare(options)

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells, streamed."""
        yield from self._rows_of(self._table)

    def _refuse_password(self) -> None:
        if b"encryption-data" in (self._archive.whole("META-INF/manifest.xml") or b""):
            raise SheetError(f"{self._name} is protected by a password.", advice="Save it without one and try again.")

    def _rows_of(self, table: Table) -> Iterator[Row]:
        try:
            with self._archive.open(CONTENT) as stream:
                reading = TableReading(self._styles, table.place)
                self._finds = reading.finds
                for piece in _pieces(stream):
                    reading.parse(piece)
                    yield from reading.take()
                    if reading.over:
                        return
        except UNREADABLE as error:
            raise self._archive.damaged(f"worksheet {table.name!r}: {error}") from error

    def _read_tables(self) -> list[Table]:
        reading = TableReading(self._styles, None)
        try:
            with self._archive.open(CONTENT) as stream:
                for piece in _pieces(stream):
                    reading.parse(piece)
        except UNREADABLE as error:
            raise self._archive.damaged(str(error)) from error
        return [
            Table(place, name, style not in self._styles.hidden) for place, (name, style) in enumerate(reading.tables)
        ]

    def _read_styles(self) -> Styles:
        """Those of `styles.xml`, and those of `content.xml` before its body."""
        try:
            whole = self._archive.whole("styles.xml")
            with self._archive.open(CONTENT) as stream:
                head = _head(stream)
            roots: list[Element] = [ElementTree.fromstring(part) for part in (whole, head) if part]
        except DefusedXmlException as error:
            raise self._archive.damaged("it holds XML entities, which no spreadsheet program writes") from error
        except (ParseError, *UNREADABLE) as error:
            raise self._archive.damaged(f"its styles are damaged ({error})") from error
        return read_styles(roots)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream in pieces; a blank one at its end."""
    while piece := stream.read(READ_BYTES):
        yield piece
    yield b""


def _head(stream: IO[bytes]) -> bytes:
    """What stands before the body, closed so that it is XML of its own; blank where there is no body."""
    head = bytearray()
    while len(head) < MOST_STRUCTURE_BYTES and (piece := stream.read(READ_BYTES)):
        looked_at = max(0, len(head) - LONGEST_TAG)
        head += piece
        if body := BODY.search(head, looked_at):
            root = ROOT.search(head)
            return bytes(head[: body.start()]) + b"</" + root[1] + b">" if root else b""
    return b""
