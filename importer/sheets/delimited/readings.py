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
MOST_CELLS = 200
LONGEST_CELL = 60  # characters shown
FIRST = "cp1252"  # of Western offices; also where too little speaks for any
CUSTOMARY = (  # encodings that sheets come in; one in which a customer's name never was is no help
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "cp437",
    "cp850", "cp932", "gb18030", "big5", "cp949", "cp874",
)  # fmt: skip
FEW_BYTES = 8  # beyond ASCII: too few to rank by
CELL = re.compile(rb"[^,;\t|\r\n\"\0]*[\x80-\xff][^,;\t|\r\n\"\0]*")
DIGITS = re.compile(r"\d")


def likely_readings(file: Path, offset: int) -> list[tuple[str, str]]:
    """(encoding, one telling cell as it would read), the likeliest first; digits are masked.

    `offset` is that of the first byte that is not UTF-8; cells from its line on are looked at.
    """
    with file.open("rb") as stream:
        stream.seek(max(0, offset - LONGEST_CELL))
        sample = stream.read(SAMPLE_BYTES)
    cells = [cell for cell in CELL.findall(sample) if not _is_utf8(cell)][:MOST_CELLS]
    if not cells:
        return []
    encodings = [name for name in _ranked(b"\n".join(cells)[:RANKED_BYTES]) if _reads(cells, name)]
    telling = max(cells, key=lambda cell: (len({cell.decode(name) for name in encodings}), -len(cell)))
    distinct: dict[str, str] = {}  # reading -> encoding; those that read alike count as one, cp1252 before others
    for name in encodings:
        text = _masked(telling.decode(name))
        if text not in distinct or name == FIRST:
            distinct[text] = name
    return [(name, text) for text, name in distinct.items()][:READINGS_SHOWN]


def _ranked(sample: bytes) -> list[str]:
    """Encodings by likelihood."""
    matches = from_bytes(sample, threshold=0.9, cp_isolation=list(CUSTOMARY))
    guesses = [match.encoding for match in matches if match.encoding in CUSTOMARY]
    few = sum(byte >= 0x80 for byte in sample) < FEW_BYTES  # noqa: PLR2004 - where ASCII ends
    return list(dict.fromkeys([FIRST, *guesses] if few else [*guesses[:2], FIRST, *guesses, *CUSTOMARY]))


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


def _masked(text: str) -> str:
    """A cell fit for a message: one line, its digits hidden."""
    return DIGITS.sub("•", " ".join(text.split()))[:LONGEST_CELL]
