"""What a cell looks like, with its letters and digits blotted out: `98765 43210` is `99999 99999`, an e-mail `a.a@a.a`.

A column has few shapes, however many values it has; so each shape is judged once.
"""

from __future__ import annotations

import enum
import re
import string
from functools import lru_cache

_APART = "\x1e"
_BLOTTED = str.maketrans({**dict.fromkeys(string.ascii_letters, "a"), **dict.fromkeys(string.digits, "9")})
_RUN = re.compile("a+")


class Look(enum.Flag):
    """What a shape may be; several may hold."""

    NOTHING = 0
    EMAIL = enum.auto()
    EMAILS = enum.auto()  # several in one cell
    PHONE = enum.auto()
    ABROAD = enum.auto()  # begins with + or 00
    DIGITS = enum.auto()
    ZERO_FIRST = enum.auto()  # digits that begin with 0; set from the value
    NUMBER = enum.auto()
    COMMA = enum.auto()  # a number with commas in groups of three
    POINT = enum.auto()  # a number with points in groups of three
    FRACTION = enum.auto()
    ROUNDED = enum.auto()  # 9.19877E+11
    WORDS = enum.auto()  # letters and no digit
    SPACED = enum.auto()  # has a blank inside
    CODE = enum.auto()  # one word that holds a digit
    DATE = enum.auto()
    ADDRESS = enum.auto()  # of a web page
    OPAQUE = enum.auto()  # one word of letters and digits; a token if long


_LOCAL = r"[a9._%+'\-\u0080-\U0010ffff]+@[a9\-\u0080-\U0010ffff]+(?:\.[a9\-\u0080-\U0010ffff]+)+"
_NUMERIC_DAY = r"9{1,4}[-/. ]\s?9{1,2}[-/. ]\s?9{1,4}(?:[a ]\s*9{1,2}:99.*)?\.?"
_NAMED_DAY = r"9{1,2}[-/. ]?a\.?,?[-/. ]?9{2,4}"
_EASTERN_DAY = "9{4}[年년] ?9{1,2}[月월] ?9{1,2}[日일]"
_TABLE: tuple[tuple[Look, re.Pattern[str]], ...] = (
    (Look.EMAIL, re.compile(_LOCAL)),
    (Look.EMAILS, re.compile(rf"{_LOCAL}(?:\s*[;,|/]\s*{_LOCAL})+")),
    (Look.PHONE, re.compile(r"\+?[\s(]*9[9\s().\-/]{5,22}")),
    (Look.ABROAD, re.compile(r"\+[9\s().\-/]+")),
    (Look.DIGITS, re.compile(r"9+")),
    (Look.NUMBER, re.compile(r"[+-]?9+(?:[.,\s]9+)*")),
    (Look.COMMA, re.compile(r"[+-]?9{1,3}(?:,9{2,3})*,999")),
    (Look.POINT, re.compile(r"[+-]?9{1,3}(?:\.999)+")),
    (Look.FRACTION, re.compile(r"[+-]?(?:9+|9{1,3}(?:[., ]999)+)[.,]9{1,2}")),
    (Look.ROUNDED, re.compile(r"9+(?:[.,]9+)?a\+9+")),
    (Look.WORDS, re.compile(r"[^9@]*[^\W9_][^9@]*")),
    (Look.SPACED, re.compile(r"\S.*\s.*\S", re.DOTALL)),
    (Look.CODE, re.compile(r"[^\s@]*9[^\s@]*")),
    (Look.DATE, re.compile(f"{_NUMERIC_DAY}|{_NAMED_DAY}|{_EASTERN_DAY}|9{{8}}")),
    (Look.ADDRESS, re.compile(r"a://.*|a\.a(?:\.a)+(?:/.*)?")),
    (Look.OPAQUE, re.compile(r"[a9_:.\-/+=]+")),
)


@lru_cache(maxsize=65_536)
def look_of(shape: str) -> Look:
    """All that a shape may be."""
    found = Look.NOTHING
    for look, pattern in _TABLE:
        if pattern.fullmatch(shape):
            found |= look
    if Look.PHONE in found and not 7 <= shape.count("9") <= 15:  # noqa: PLR2004 - digits of a phone number (E.164)
        found &= ~Look.PHONE
    if Look.PHONE in found and re.fullmatch(r"9{1,4}([-/.])9{1,2}\1(9{4}|9{2})", shape):
        found &= ~Look.PHONE  # a date
    return found


def shapes(values: list[str]) -> list[str]:
    """The shape of each value, at the speed of one pass over all of them."""
    joined = _APART.join(values)
    pieces = _RUN.sub("a", joined.translate(_BLOTTED)).split(_APART)
    if len(pieces) == len(values):
        return pieces
    return [_RUN.sub("a", value.translate(_BLOTTED)) for value in values]
