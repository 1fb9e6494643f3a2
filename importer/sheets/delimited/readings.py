"""How bytes that are not UTF-8 would read in the likeliest encodings: shown to a person, never used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from pathlib import Path

READINGS_SHOWN = 3
SAMPLE_BYTES = 1 << 18
RANKED_BYTES = 1 << 14  # of cells with bytes beyond ASCII; ranking more takes long and tells no more
LONGEST_CELL = 60  # bytes shown
USUAL = ("cp1252", "cp1250", "mac_roman", "cp1251", "cp437")  # where too little speaks for any
CELL = re.compile(rb"[^,;\t|\r\n\"\0]*[\x80-\xff][^,;\t|\r\n\"\0]*")
DIGITS = re.compile(r"\d")


def likely_readings(file: Path, offset: int) -> list[tuple[str, str]]:
    """(encoding, one telling cell as it would read), the likeliest first; digits are masked.

    `offset` is that of the first byte that is not UTF-8; cells from its line on are looked at.
    """
    with file.open("rb") as stream:
        stream.seek(max(0, offset - LONGEST_CELL))
        sample = stream.read(SAMPLE_BYTES)
    cells = [cell for cell in CELL.findall(sample) if len(cell) <= LONGEST_CELL] or CELL.findall(sample)[:1]
    cells = [cell for cell in cells if not _is_utf8(cell)] or cells
    encodings = [name for name in _ranked(b"\n".join(cells)[:RANKED_BYTES]) if _reads(cells, name)]
    for cell in sorted(cells[:200], key=lambda cell: -_tells(cell, encodings)):
        distinct: dict[str, str] = {}  # reading -> the first encoding that gives it
        for name in encodings:
            distinct.setdefault(cell.decode(name), name)
        return [(name, _masked(text)) for text, name in distinct.items()][:READINGS_SHOWN]
    return []


def _ranked(sample: bytes) -> list[str]:
    """Encodings by likelihood: those of Western offices first where nothing speaks against them."""
    guesses = [match.encoding for match in from_bytes(sample, threshold=0.5)] if sample else []
    guesses = [name for name in guesses if name not in ("utf_8", "ascii")]
    return list(dict.fromkeys([*guesses[:1], USUAL[0], *guesses[1:READINGS_SHOWN], *USUAL]))


def _reads(cells: list[bytes], encoding: str) -> bool:
    """Whether an encoding has a character for every byte, and none of them a control character."""
    try:
        text = b"\n".join(cells).decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return not re.search("[\x80-\x9f]", text)


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tells(cell: bytes, encodings: list[str]) -> int:
    """How many different readings a cell has among the likeliest."""
    return len({cell.decode(name) for name in encodings[:READINGS_SHOWN]})


def _masked(text: str) -> str:
    """A cell fit for a message: one line, its digits hidden."""
    return DIGITS.sub("•", " ".join(text.split()))[:LONGEST_CELL]
