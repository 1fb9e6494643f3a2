"""Customers' data where others may see it: enough to recognise one's own, too little to use (contract section 4)."""

from __future__ import annotations

import re
from functools import lru_cache

SHOWN_FROM_CHARACTERS = 10
SENTENCES_KEPT = 1_000
SECRET_FROM_DIGITS = 5  # shorter numbers in a sentence are codes, counts and limits
HIDDEN = "…"
_EMAIL = re.compile(r"([^\s@<>\"'“”‘’(]+)@([^\s@<>\"'“”‘’,;)]+)")
# What a sentence quotes is somebody's; an apostrophe inside a word is no quote.
_QUOTED = re.compile(r"\"[^\"]+\"|“[^”]+”|(?<!\w)'[^']+'(?!\w)|(?<!\w)‘[^’]+’(?!\w)")
_SPACED_NUMBER = re.compile(r"\+?\(?\d[\d()]*(?:[ .\-/]\(?\d[\d()]*)+")  # 98765 43210, +91 (80) 2345-6789, 1990-02-01
# A birth date is no identifier.
_DAY = re.compile(r"(?:\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}|\d{1,2}[.\-/]\d{1,2}[.\-/]\d{2,4})")
# Where a target system lives is nobody's data, though it may be made of numbers.
_PLACE = re.compile(r"(https?://[\w.\-:\[\]]+|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]))")
_TOKEN = re.compile(r"[\w+][\w+\-]*")


def masked(value: str) -> str:
    """An identifier: e-mails keep first letter and domain, ten or more characters the first two and last four."""
    if not value:
        return ""
    if found := _EMAIL.fullmatch(value.strip()):
        return _masked_email(found)
    plain = not (_DAY.fullmatch(value) or any(character.isspace() for character in value))
    if plain and len(value) >= SHOWN_FROM_CHARACTERS:
        return f"{value[:2]}{HIDDEN}{value[-4:]}"
    return HIDDEN


def masked_cell(cell: str, *, identifies: bool) -> str:
    """A cell of a sheet: an identifier's as above, an e-mail address wherever it stands; of any other nothing."""
    return masked(cell) if identifies or _EMAIL.fullmatch(cell.strip()) else HIDDEN if cell else ""


@lru_cache(maxsize=SENTENCES_KEPT)  # a hundred thousand rows say the same few things
def masked_text(text: str) -> str:
    """A sentence of Capillary's with what it says of a customer masked: e-mails, what it quotes, numbers, identifiers.

    A name without quotes cannot be told from other words and stays.
    """
    return "".join(
        part if number % 2 else _masked_part(part)  # a split with one group: every other part is a place
        for number, part in enumerate(_PLACE.split(text))
    )


def _masked_part(text: str) -> str:
    """Words between two places."""
    text = _QUOTED.sub(lambda found: found[0][0] + masked(found[0][1:-1]) + found[0][-1], text)
    text = _EMAIL.sub(_masked_email, text)
    text = _SPACED_NUMBER.sub(_masked_number, text)
    return _TOKEN.sub(_masked_number, text)


def _masked_email(found: re.Match[str]) -> str:
    return f"{found[1][0]}{HIDDEN}@{found[2]}"


def _masked_number(found: re.Match[str]) -> str:
    """A number or an identifier with digits in it; short numbers and plain words stay."""
    digits = sum(character.isdigit() for character in found[0])
    return masked(re.sub(r"\s", "", found[0])) if digits >= SECRET_FROM_DIGITS else found[0]
