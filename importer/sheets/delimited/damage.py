"""Characters that no cell of a customer sheet should hold: traces of damage done before it came here."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from importer.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer.sheets.header import Header

CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
REPLACEMENT = "\ufffd"


def damage(cells: Sequence[str], row: int, header: Header) -> Iterator[Problem]:
    """A problem for each cell of a row that holds control or replacement characters."""
    if not is_damaged("".join(cells)):
        return
    for name, position in zip(header.names, header.positions, strict=True):
        cell = cells[position]
        found = CONTROL.search(cell)
        if found:
            yield Problem(row, "control-character", name, cell, detail=_named(found.group()))
        if REPLACEMENT in cell:
            yield Problem(row, "replacement-character", name, cell)


def is_damaged(text: str) -> bool:
    """Whether a text, of a cell or of many, holds such a character."""
    return REPLACEMENT in text or CONTROL.search(text) is not None


def _named(character: str) -> str:
    """A character that cannot be shown, in words."""
    code = f"U+{ord(character):04X}"
    known = {"\0": "NUL", "\ufeff": "a byte-order mark", "\x1a": "an end-of-file mark", "\x7f": "DEL"}
    name = known.get(character, "" if unicodedata.category(character) == "Cc" else "a noncharacter")
    hint = "; cp1252 text read as iso-8859-1 looks so" if "\x80" <= character <= "\x9f" else ""
    return f"{code}{f' ({name})' if name else ''}{hint}"
