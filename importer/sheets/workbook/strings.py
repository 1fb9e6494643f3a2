"""Shared strings, kept in a temporary file: a million of them cost 8 MB of memory, not 80 and more."""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.escape import unescape

READ_BYTES = 1 << 16
RECENT = 50_000  # strings kept ready
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

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._places = array("Q", [0])
        with ExitStack() as cleanup:
            file = cleanup.enter_context(tempfile.TemporaryFile())
            if stream is not None:
                _StringsReading(file, self._places).read(stream)
            file.flush()
            size = self._places[-1]
            self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else None
            if self._map is not None:
                cleanup.enter_context(self._map)
            self._cleanup = cleanup.pop_all()
        self._ready: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._places) - 1

    def get(self, number: str) -> str:
        """The string that a cell names; "" where it names none. Raises IndexError, ValueError."""
        found = self._ready.get(number)
        if found is None:
            if len(self._ready) > RECENT:
                self._ready.clear()
            found = self._ready[number] = self._read(int(number)) if number.strip() else ""
        return found

    def _read(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(f"there is no shared string {number}")
        start, end = self._places[number], self._places[number + 1]
        return str(self._map[start:end], "utf-8") if self._map and end > start else ""

    def close(self) -> None:
        """Forget them."""
        self._cleanup.close()


class _StringsReading:
    """Writes every `<si>` to a file: the texts of its runs, without phonetic hints."""

    def __init__(self, file: IO[bytes], places: array[int]) -> None:
        self._file, self._places = file, places
        self._texts: list[str] = []
        self._pending: list[bytes] = []
        self._keep = False
        self._phonetic = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        refuse_entities(self._parser)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters

    def read(self, stream: IO[bytes]) -> None:
        """The whole part. Raises expat's error."""
        while piece := stream.read(READ_BYTES):
            self._parser.Parse(piece, False)
            self._write()
        self._parser.Parse(b"", True)
        self._write()

    def _write(self) -> None:
        self._file.write(b"".join(self._pending))
        self._pending.clear()

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
            content = unescaped("".join(self._texts)).encode("utf-8")
            self._pending.append(content)
            self._places.append(self._places[-1] + len(content))

    def _characters(self, text: str) -> None:
        if self._keep:
            self._texts.append(text)
