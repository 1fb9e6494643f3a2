"""What a number format makes of a number: a date, a time, a percentage, leading zeros, or just the number.

Only what the person sees as the value counts; colours, currency signs and thousands separators are dress and left out.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cache


class Shape(enum.StrEnum):
    """What kind of value a format shows."""

    PLAIN = "plain"  # the number itself
    PADDED = "padded"  # digits at fixed places: 00000, 000-000
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    ELAPSED = "elapsed"  # [h]:mm counts beyond a day


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format read. `places`: for PADDED, a 0 for each digit and the literals between."""

    shape: Shape
    places: str = ""


_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DRESS = re.compile(r"[_*].")
_BRACKET = re.compile(r"\[([^\]]*)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_PADDED = re.compile(r"[-0 ()/.]*0[-0 ()/.]*")


@cache
def read_format(code: str) -> NumberFormat:
    """The format behind a code such as `dd/mm/yyyy` or `00000`; its first section decides."""
    section = _first_section(code)
    if _ELAPSED.search(section):
        return NumberFormat(Shape.ELAPSED)
    bare = _BRACKET.sub("", _DRESS.sub("", _LITERAL.sub("", section))).lower()
    if bare.strip() in {"general", "@", ""}:
        return NumberFormat(Shape.PLAIN)
    letters = re.sub(r"general|am/pm|a/p", lambda found: "h" if "/" in found[0] else "", bare)
    timed = any(letter in letters for letter in "hs")
    dated = (
        any(letter in letters for letter in "yd")
        or ("m" in letters and not timed)
        or ("e+" not in letters and "ge" in letters)
    )
    if dated:
        return NumberFormat(Shape.DATETIME if timed else Shape.DATE)
    if timed:
        return NumberFormat(Shape.TIME)
    if "%" in bare:
        return NumberFormat(Shape.PERCENT)
    shown = _BRACKET.sub("", _DRESS.sub("", _LITERAL.sub(lambda found: found[1] or found[2] or "", section))).strip()
    if _PADDED.fullmatch(shown) and "." not in shown and shown.count("0") > 1:
        return NumberFormat(Shape.PADDED, shown)
    return NumberFormat(Shape.PLAIN)


def _first_section(code: str) -> str:
    """Up to the first semicolon that is no literal."""
    masked = _LITERAL.sub(lambda found: "x" * len(found[0]), code)
    end = masked.find(";")
    return code if end < 0 else code[:end]


def padded(digits: str, places: str) -> str:
    """Digits filled into their places from the right; those that have no place stand in front."""
    left = list(digits)
    filled = [left.pop() if place == "0" and left else place for place in reversed(places)]
    return "".join(left) + "".join(reversed(filled))
