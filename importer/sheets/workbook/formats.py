"""What a number format makes of a number: a date, a time, a percentage, leading zeros, a text, or just the number.

Only what the person sees as the value counts; colours, currency signs, units and thousands separators are dress and left
out. Text that stands directly before the digits, as in `"EMP-"0`, is no unit but a part of a code, and counts.
"""

from __future__ import annotations

import enum
import operator
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise


class Shape(enum.StrEnum):
    """What kind of value a format shows."""

    PLAIN = "plain"  # the number itself
    PADDED = "padded"  # digits at their places: 00000, 000-000, "EMP-"0000, "0"#
    TEXT = "text"  # a text in the number's stead: "Yes"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    ELAPSED = "elapsed"  # [h]:mm counts beyond a day
    BY_VALUE = "by value"  # sections that the value chooses from: [>9999999]000-00000;00000


@dataclass(frozen=True, slots=True)
class Choice:
    """A section and the values that it is for: those that `compare` says to be so with `limit`."""

    compare: Callable[[Decimal, Decimal], bool]
    limit: Decimal
    form: NumberFormat


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format read. `places`: for PADDED, a 0 or # for each digit, and the text between; for TEXT, the text."""

    shape: Shape
    places: str = ""
    general: bool = False  # for PLAIN: no format at all, so that programs show long numbers in e-notation
    choices: tuple[Choice, ...] = ()  # for BY_VALUE, the first that holds

    def under(self, value: Decimal) -> NumberFormat:
        """The section that shows this value; where none does, a program shows ####, and the number is kept."""
        return next((one.form for one in self.choices if one.compare(value, one.limit)), PLAIN)


PLAIN = NumberFormat(Shape.PLAIN)
ZERO = Decimal(0)
LONGEST_CODE = 1_024  # characters; programs allow 255
NUMBER_SECTIONS = 3  # a fourth is for text

_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DRESS = re.compile(r"[_*].")
_BRACKET = re.compile(r"\[([^\]]*)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>) *(-?[0-9]+\.?[0-9]*)\]")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|(.)', re.DOTALL)
_HALVES = re.compile("am/pm|a/p")
_YEARS = re.compile(
    "e(?![-+])|b|aaa"
)  # of an emperor or of Buddha, and names of days, as East Asian editions write them
_GENERAL = frozenset({"general", "standard", "@"})
_BETWEEN = " -()+:"  # what may stand between digits without quotes; an unquoted / makes a fraction
_GROUPING = " .,'\u00a0\u2009\u2019\u202f"  # between digits, quoted or not: thousands
_PLACES = frozenset("0#")  # a digit, or a zero where there is none; a digit, or nothing
_LITERAL_PLACES = str.maketrans("0#", "\0\1")  # a zero in quotes is no place of a digit
_SHOWN_PLACES = str.maketrans("\0\1", "0#")
_CURRENCIES = frozenset({  # letters before a number that are no part of a code
    "AED", "AFN", "AUD", "BDT", "BHD", "BRL", "BTN", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF",
    "IDR", "ILS", "INR", "JPY", "KES", "KR", "KRW", "KWD", "LEI", "LKR", "MVR", "MXN", "MYR", "NGN", "NOK", "NPR", "NZD",
    "OMR", "PHP", "PKR", "PLN", "QAR", "R", "RM", "RMB", "RON", "RP", "RS", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD",
    "UAH", "USD", "VND", "ZAR", "ZL",
})  # fmt: skip


@cache
def read_format(code: str) -> NumberFormat:
    """The format behind a code such as `dd/mm/yyyy` or `00000`.

    The first section decides, but where conditions choose (`[<100]0;0.0`), or where a section for negative numbers or
    for zero shows a text instead.
    """
    if len(code) > LONGEST_CODE:
        return PLAIN
    sections = [one for at, one in enumerate(_sections(code)[:NUMBER_SECTIONS]) if not at or "@" not in _bare(one)]
    forms = [_read_section(section) for section in sections]
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        return NumberFormat(Shape.BY_VALUE, choices=tuple(_chosen(forms, conditions)))
    first, *others = forms
    if not any(other.shape is Shape.TEXT for other in others):
        return first
    below, zero = ((other if other.shape is Shape.TEXT else first) for other in (*others, first)[:2])
    choices = Choice(operator.gt, ZERO, first), Choice(operator.lt, ZERO, below), Choice(operator.eq, ZERO, zero)
    return NumberFormat(Shape.BY_VALUE, choices=choices)


def _chosen(forms: list[NumberFormat], conditions: list[re.Match[str] | None]) -> list[Choice]:
    """Sections with their conditions; one without any is for all the rest, or, where a third follows, below zero."""
    choices = []
    for at, (form, found) in enumerate(zip(forms, conditions, strict=True)):
        if found is not None:
            choices.append(Choice(_COMPARE[found[1]], Decimal(found[2]), form))
        elif at + 1 < len(forms):
            choices.append(Choice(operator.lt if at else operator.gt, ZERO, form))
        else:
            choices += [Choice(compare, ZERO, form) for compare in (operator.ge, operator.lt)]
    return choices


def _read_section(section: str) -> NumberFormat:
    """What one section shows."""
    if _ELAPSED.search(section):
        return NumberFormat(Shape.ELAPSED)
    bare = _bare(section)
    if not bare.strip():
        text = "".join(quoted or escaped or plain for quoted, escaped, plain in _TOKEN.findall(section)).strip()
        if any(map(str.isalnum, text)):
            return NumberFormat(Shape.TEXT, text)
        return PLAIN if section else NumberFormat(Shape.PLAIN, general=True)
    if bare.strip() in _GENERAL:
        return NumberFormat(Shape.PLAIN, general=True)
    letters = _HALVES.sub("h", bare.replace("general", ""))
    timed = any(letter in letters for letter in "hs")
    dated = (
        any(letter in letters for letter in "yd")
        or ("m" in letters and not timed)
        or (_YEARS.search(letters) is not None and not _PLACES & set(letters))
    )
    if dated:
        return NumberFormat(Shape.DATETIME if timed else Shape.DATE)
    if timed:
        return NumberFormat(Shape.TIME)
    if "%" in bare:
        return NumberFormat(Shape.PERCENT)
    places = _places(section)
    return NumberFormat(Shape.PADDED, places) if places else PLAIN


def _places(section: str) -> str:
    """The places of digits and the text between, where a format is made of these and says more than the number; else ""."""
    places, before, inside, after = "", "", "", ""
    for quoted, escaped, plain in _TOKEN.findall(section):
        if plain and plain in _PLACES:
            places, inside, after = places + plain, inside + after, ""
        elif plain and plain not in _BETWEEN:
            return ""
        else:
            literal = quoted or escaped or plain
            if set(places) & _PLACES:
                after += literal
            else:
                before += literal
            places += literal.translate(_LITERAL_PLACES)
    if not set(places) & _PLACES:
        return ""
    counts = (
        places.count("0") > 1  # always filled
        or any(map(str.isdigit, before + inside))
        or any(letter not in _GROUPING for letter in inside)
        or (any(map(str.isdigit, after)) and not any(map(str.isalpha, after)))  # else a unit, such as m2
        or before.strip() == "+"
        or _is_of_a_code(before)
    )
    return places.strip() if counts else ""


def _is_of_a_code(before: str) -> bool:
    """Whether text before the digits belongs to them: it touches them, and is no currency."""
    letters = "".join(filter(str.isalpha, before)).upper()
    currency = letters in _CURRENCIES or any(unicodedata.category(letter) == "Sc" for letter in before)
    return bool(letters) and not currency and not before[-1].isspace() and before[-1] != "."


def _bare(section: str) -> str:
    """A section in lower case without literals, brackets and fillers."""
    return _BRACKET.sub("", _DRESS.sub("", _LITERAL.sub("", section))).lower()


def _sections(code: str) -> list[str]:
    """A code cut at semicolons that are no literals."""
    masked = _LITERAL.sub(lambda found: "x" * len(found[0]), code)
    edges = [-1, *(at for at, letter in enumerate(masked) if letter == ";"), len(code)]
    return [code[start + 1 : end] for start, end in pairwise(edges)]


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
