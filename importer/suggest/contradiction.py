"""Cells that are plainly something else than the header says."""

from __future__ import annotations

import re

from importer.suggest.roles import Wants
from importer.suggest.shapes import Look
from importer.suggest.tally import Tally

HALF = 0.5
OPEN = frozenset({Wants.NAME, Wants.TEXT, Wants.CODE, Wants.POSTAL, Wants.FEW, Wants.LABEL})  # take many kinds of cell
CODES = frozenset({Wants.CODE, Wants.POSTAL})  # may be punctuated like phone numbers
PHONE_LENGTHS = range(7, 16)  # digits of a phone number (E.164)
LONGEST_COUNT = 8  # characters of a number that counts something, 1,000,000 included
_HIDDEN = re.compile(r"[xX*•]{4}")


def contradiction(tally: Tally, wants: Wants, *, flags: bool) -> str:
    """What the cells are, in words, where that cannot be what is wanted; else "". `flags`: whether they say yes and no."""
    if not tally.filled:
        return ""
    if wants is Wants.INTEGER:
        return "too long for a count" if tally.mean_length > LONGEST_COUNT else ""
    if wants in OPEN | {Wants.TOKEN} and tally.share(Look.ADDRESS) >= HALF:
        return "addresses of web pages"
    if wants not in OPEN:
        return ""
    if tally.share(Look.EMAIL) + tally.share(Look.EMAILS) >= HALF:
        return "e-mail addresses"
    if tally.days.dates >= HALF * tally.filled:
        return "dates"
    punctuated = tally.looks[Look.PHONE] - sum(tally.lengths[size] for size in PHONE_LENGTHS)
    if wants not in CODES and punctuated >= HALF * tally.filled:
        return "phone numbers"
    if wants in CODES | {Wants.LABEL} and tally.share(Look.FRACTION) >= HALF:
        return "numbers with a fraction"
    if wants in {Wants.TEXT, Wants.LABEL} and flags and tally.share(Look.DIGITS) < HALF:
        return "yes and no"
    examples = tally.sample.examples
    return "hidden" if sum(_HIDDEN.search(one) is not None for one in examples) > HALF * len(examples) else ""
