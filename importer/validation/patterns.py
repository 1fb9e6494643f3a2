"""The form of a value without its content, and that form in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_PATTERN = 40  # characters
OTHER = "other forms"  # beyond the ones that are told apart
_ASCII = str.maketrans(
    {character: "9" if character.isdigit() else "A" for character in map(chr, range(128)) if character.isalnum()}
)
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"9+")


def form_of(value: str) -> str:
    """A value's form: each digit 9, each run of letters A, each run of spaces one; cut where it gets long."""
    plain = value.translate(_ASCII)
    digits = plain if plain.isascii() else _DIGIT.sub("9", plain)
    squeezed = _SPACES.sub(" ", _LETTERS.sub("A", digits))
    return squeezed if len(squeezed) <= LONGEST_PATTERN else squeezed[: LONGEST_PATTERN - 1] + "…"


def in_words(form: str) -> str:
    """A form as people would tell it: `10 digits`, ``10 digits, as in 99999-99999``, `2 words`, `blank`."""
    if form in ("", OTHER):
        return form or "blank"
    digits = form.count("9")
    if digits and "A" not in form and "…" not in form:
        told = f"{digits} {'digit' if digits == 1 else 'digits'}"
        return told if digits == len(form) else f"{told}, as in {form}"
    words = form.split(" ")
    if all(word == "A" for word in words):
        return "a word" if len(words) == 1 else f"{len(words)} words"
    return f"as in {form}"


def coarse(form: str) -> str:
    """The same form whatever the number of digits."""
    return _DIGITS.sub("9", form)


def together(forms: Sequence[str]) -> str:
    """Forms that are one but for the number of digits, in words: `3 to 5 digits`, ``as in A9@A.A``."""
    if any(form.strip("9") for form in forms):
        return in_words(coarse(forms[0]))
    counts = sorted({len(form) for form in forms})
    joint = "or" if len(counts) == 2 and counts[1] - counts[0] == 1 else "to"  # noqa: PLR2004 - two neighbours
    return f"{counts[0]} {joint} {counts[-1]} digits" if len(counts) > 1 else in_words(forms[0])
