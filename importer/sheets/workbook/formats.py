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
    PADDED = "padded"  # digits at fixed places: 00000, 000-000, "EMP-"0000, "0"#
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    ELAPSED = "elapsed"  # [h]:mm counts beyond a day


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format read. `places`: for PADDED, a 0 or # for each digit, and the text between."""

    shape: Shape
    places: str = ""


_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DRESS = re.compile(r"[_*].")
_BRACKET = re.compile(r"\[([^\]]*)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|(.)', re.DOTALL)
_BETWEEN = " -()/+"  # what may stand between digits without quotes
_PLACES = frozenset("0#")  # a digit, or a zero where there is none; a digit, or nothing
_LITERAL_PLACES = str.maketrans("0#", "\0\1")  # a zero in quotes is no place of a digit
_SHOWN_PLACES = str.maketrans("\0\1", "0#")


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
    places = _places(section)
    return NumberFormat(Shape.PADDED, places) if places else NumberFormat(Shape.PLAIN)


def _places(section: str) -> str:
    """The places of digits and the text between, where a format is made of these and pads; else "".

    It pads with two places or more that are always filled, or with a digit in quotes before the first place, as in
    `"0"#`; otherwise its text is a unit or a currency, which is dress.
    """
    places, before = "", ""
    for quoted, escaped, plain in _TOKEN.findall(section):
        if plain and plain in _PLACES:
            places += plain
        elif plain and plain not in _BETWEEN:
            return ""
        else:
            literal = quoted or escaped or plain
            before += "" if set(places) & _PLACES else literal
            places += literal.translate(_LITERAL_PLACES)
    pads = places.count("0") > 1 or (any(map(str.isdigit, before)) and set(places) & _PLACES)
    return places.strip() if pads else ""


def _first_section(code: str) -> str:
    """Up to the first semicolon that is no literal."""
    masked = _LITERAL.sub(lambda found: "x" * len(found[0]), code)
    end = masked.find(";")
    return code if end < 0 else code[:end]


def padded(digits: str, places: str) -> str:
    """Digits filled into their places from the right; those that have no place stand before the first."""
    if not places.strip("0"):
        return digits.zfill(len(places))
    left = list(digits)
    shown: list[str] = []
    for place in reversed(places):
        if place not in _PLACES:
            shown.append(place)
        elif left:
            shown.append(left.pop())
        elif place == "0":
            shown.append(place)
    before = next(at for at, place in enumerate(places) if place in _PLACES)
    first = len(shown) - before  # counted from the right, as they stand
    return "".join(reversed([*shown[:first], *reversed(left), *shown[first:]])).translate(_SHOWN_PLACES)
