"""Stand-ins for cells: as long, of the same scripts and kinds of characters, and equal to no cell of the original.

Letters become other letters of the same script and case, digits other digits; zeros, blanks, marks and punctuation stay,
since leading zeros, padding and separators are what breaks. A cell of two characters or fewer may come out as it was.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

SHORTEST_HELD = 3  # characters from which on no cell of the original may come out
TRIES = 200
TRIES_WITH_ZEROS = 20  # after so many tries zeros change as well
NEIGHBOURS = 64  # characters of a script that lie together
CHANGED = frozenset({"Lu", "Ll", "Lt", "Lo", "Nd"})  # Unicode categories: letters and digits


class StandIns:
    """Makes stand-ins. `originals`: the cells that must not come out. `fits`: whether a character can be written."""

    def __init__(
        self, originals: Iterable[str], *, fits: Callable[[str], bool] = lambda _: True, seed: int | None = None
    ) -> None:
        self._originals = {cell for cell in originals if len(cell) >= SHORTEST_HELD}
        self._fits = fits
        self._chance = random.Random(seed)  # noqa: S311 - what was there is not derived from what comes out

    def cell(self, cell: str) -> str | None:
        """A stand-in for one cell; None where none was found."""
        return self.text(cell, lambda text: [text])

    def text(self, text: str, cells: Callable[[str], list[str]], kept: str = "") -> str | None:
        """A stand-in for a text of several cells, as `cells` reads them; None where none was found.

        `kept`: characters that are structure, whatever they look like.
        """
        for number in range(TRIES):
            made = "".join(self._other(one, kept, zeros=number >= TRIES_WITH_ZEROS) for one in text)
            if self._originals.isdisjoint(cells(made)):
                return made
        return None

    def _other(self, character: str, kept: str, *, zeros: bool) -> str:
        if character in kept or (character == "0" and not zeros):
            return character
        return self._chance.choice([one for one in alike(character, zeros=zeros) if self._fits(one)] or [character])


@lru_cache(maxsize=10_000)
def alike(character: str, *, zeros: bool) -> str:
    """Characters of the same script and kind; the character itself where it is no letter and no digit."""
    category = unicodedata.category(character)
    if character.isascii() and character.isdigit():
        return "0123456789" if zeros else "123456789"
    if character.isascii() and character.isalpha():
        letters = "abcdefghijklmnopqrstuvwxyz"
        return letters.upper() if character.isupper() else letters
    if category not in CHANGED:
        return character
    start = ord(character) // NEIGHBOURS * NEIGHBOURS
    return "".join(one for one in map(chr, range(start, start + NEIGHBOURS)) if unicodedata.category(one) == category)
