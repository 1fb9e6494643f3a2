"""Shared strings, kept in a temporary file: a million of them cost 8 MB of memory, not 80 and more."""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from functools import lru_cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.escape import unescape

READ_BYTES = 1 << 16
RECENT = 50_000  # strings kept ready
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def unescaped(text: str) -> str:
    """`_x000D_` and its like as the characters that they stand for (ECMA-376 part 1, 22.4.2.4)."""
    return unescape(text) if "_x" in text and _ESCAPED.search(text) else text


def local(name: str) -> str:
    """A tag without its namespace."""
    return name.rpartition("}")[2]


def refuse_entities(parser: Any) -> None:
    """Spreadsheet programs write no document types; bombs do."""

    def refused(*_: object) -> None:
        raise ValueError("it holds XML entities, which no spreadsheet program writes")

    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused


class SharedStrings:
    """Strings by their number. Raises IndexError for one that is not there."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._places = array("Q", [0])
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        if stream is not None:
            self._read(stream)
        self._file.flush()
        size = self._places[-1]
        self._map = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ) if size else None
        self.get = lru_cache(maxsize=RECENT)(self._get)

    def __len__(self) -> int:
        return len(self._places) - 1

    def _get(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(number)
        start, end = self._places[number], self._places[number + 1]
        return self._map[start:end].decode("utf-8", "surrogatepass") if self._map and end > start else ""

    def close(self) -> None:
        """Forget them."""
        if self._map is not None:
            self._map.close()
        self._file.close()

    def _read(self, stream: IO[bytes]) -> None:
        """Every `<si>`: the texts of its runs, without phonetic hints."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        refuse_entities(parser)
        texts: list[str] = []
        state = {"text": False, "phonetic": 0}
        end = 0
        pending: list[bytes] = []

        def start(name: str, _: dict[str, str]) -> None:
            match local(name):
                case "si":
                    texts.clear()
                case "t":
                    state["text"] = not state["phonetic"]
                case "rPh":
                    state["phonetic"] += 1

        def finish(name: str) -> None:
            nonlocal end
            match local(name):
                case "t":
                    state["text"] = False
                case "rPh":
                    state["phonetic"] -= 1
                case "si":
                    content = unescaped("".join(texts)).encode("utf-8", "surrogatepass")
                    pending.append(content)
                    end += len(content)
                    self._places.append(end)

        def characters(text: str) -> None:
            if state["text"]:
                texts.append(text)

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, finish, characters
        while piece := stream.read(READ_BYTES):
            parser.Parse(piece, False)
            self._file.write(b"".join(pending))
            pending.clear()
        parser.Parse(b"", True)
        self._file.write(b"".join(pending))
