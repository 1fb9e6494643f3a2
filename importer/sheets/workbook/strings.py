"""Shared strings, kept in a temporary file: a million of them cost half a megabyte of memory, not 80 and more."""

from __future__ import annotations

import re
import tempfile
from array import array
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from openpyxl.utils.escape import unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

READ_BYTES = 1 << 16
RECENT = 50_000  # strings kept ready
TOGETHER = 16  # strings that are read at once: programs number them in the order in which cells name them
WRITTEN_AT_ONCE = 1 << 20  # bytes
LENGTH_BYTES = 4  # before each string in the file
LONGEST_TEXT = 1_000_000  # characters; spreadsheet programs hold 32,767 in a cell
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """`_x000D_` and its like as the characters that they stand for (ECMA-376 part 1, 22.4.2.4).

    Two halves of a character that are escaped one by one come together; a half alone is a character that was lost
    (U+FFFD). Raises ValueError for a text that no cell can hold.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"a cell holds {len(text):,} characters; {LONGEST_TEXT:,} are read at most")
    if "_x" not in text or not _ESCAPED.search(text):
        return text
    plain = unescape(text)
    if not _SURROGATE.search(plain):
        return plain
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@lru_cache(maxsize=1024)
def local(name: str) -> str:
    """A tag without its prefix or namespace."""
    return name.rpartition("}")[2].rpartition(":")[2]


def refuse_entities(parser: Any) -> None:
    """Spreadsheet programs write no document types; bombs do."""

    def refused(*_: object) -> None:
        raise ValueError("it holds XML entities, which no spreadsheet program writes")

    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused


class SharedStrings:
    """Strings by their number, as cells write it."""

    def __init__(self, strings: Iterable[str] = ()) -> None:
        self._places = array("Q")  # of each sixteenth string in the file
        self._count = 0
        self._ready: dict[str, str] = {}
        with ExitStack() as cleanup:
            self._file: IO[bytes] = cleanup.enter_context(tempfile.TemporaryFile(buffering=0))
            self._write(strings)
            self._cleanup = cleanup.pop_all()
        self.ready = self._ready.get  # the string that a cell names, where it is at hand

    def _write(self, strings: Iterable[str]) -> None:
        pending = bytearray()
        written = 0
        for text in strings:
            if self._count % TOGETHER == 0:
                self._places.append(written + len(pending))
            content = text.encode("utf-8")
            pending += len(content).to_bytes(LENGTH_BYTES, "little") + content
            self._count += 1
            if len(pending) > WRITTEN_AT_ONCE:
                written += len(pending)
                self._file.write(bytes(pending))
                pending.clear()
        self._places.append(written + len(pending))
        self._file.write(bytes(pending))

    def __len__(self) -> int:
        return self._count

    def get(self, number: str) -> str:
        """The string that a cell names; "" where it names none. Raises IndexError, ValueError."""
        found = self._ready.get(number)
        if found is None:
            if not number.strip():
                return ""
            if len(self._ready) > RECENT:
                self._ready.clear()
            found = self._ready[number] = self._read(int(number))
        return found

    def _read(self, number: int) -> str:
        """One string; those around it are made ready with it."""
        if not 0 <= number < self._count:
            raise IndexError(f"there is no shared string {number}")
        block = number // TOGETHER
        start, end = self._places[block], self._places[block + 1]
        self._file.seek(start)
        content = self._file.read(end - start)
        at = 0
        for one in range(block * TOGETHER, min(self._count, (block + 1) * TOGETHER)):
            first = at + LENGTH_BYTES
            at = first + int.from_bytes(content[at:first], "little")
            self._ready[str(one)] = content[first:at].decode("utf-8")
        return self._ready[str(number)]

    def close(self) -> None:
        """Forget them."""
        self._cleanup.close()


def strings_of(stream: IO[bytes]) -> Iterator[str]:
    """The text of every `<si>`: that of its runs, without phonetic hints. Raises ValueError and expat's error."""
    reading = _StringsReading()
    while piece := stream.read(READ_BYTES):
        reading.parser.Parse(piece, False)
        yield from reading.ready
        reading.ready.clear()
    reading.parser.Parse(b"", True)
    yield from reading.ready


class _StringsReading:
    """Where the parser stands, and the strings that are ready."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self._texts: list[str] = []
        self._keep = False
        self._phonetic = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        refuse_entities(self.parser)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._finish
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, _: dict[str, str]) -> None:
        tag = local(name)
        if tag == "si":
            self._texts.clear()
        elif tag == "t":
            self._keep = not self._phonetic
        elif tag == "rPh":
            self._phonetic += 1

    def _finish(self, name: str) -> None:
        tag = local(name)
        if tag == "t":
            self._keep = False
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "si":
            self.ready.append(unescaped("".join(self._texts)))

    def _characters(self, text: str) -> None:
        if self._keep:
            self._texts.append(text)
