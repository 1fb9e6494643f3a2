"""Numbers: separators are stated, never guessed; what Excel has rounded is refused."""

from __future__ import annotations

import re
from typing import Any

from importer.endpoint import Kind
from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options
from importer.mapping.converters.damage import E_NOTATION

LARGEST = 2**63 - 1  # what JSON readers keep exactly
LARGEST_DIGITS = len(str(LARGEST))  # Python itself reads at most some thousands
SIGNIFICANT_DIGITS = 15  # what a double keeps exactly (IEEE 754 binary64)
_GROUPS = r"\d{1,3}(?:SEP\d{2,3})*SEP\d{3}"  # thousands, and the Indian way of grouping by two


class Integer(Converter):
    """A whole number."""

    name = "integer"
    slugs = ("integer-invalid", "excel-rounded")
    judges = True
    help = (
        "Takes a whole number with an optional sign; leading zeros count for nothing. Refuses fractions and e-notation."
    )
    arguments = '{thousands: ","}'
    yields = Kind.INTEGER
    examples = (
        Example(None, "0042", 42),
        Example({"thousands": ","}, "1,250", 1250),
        Example(None, "1.5", problem="integer-invalid"),
        Example(None, "1,250", problem="integer-invalid"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Integer, argument, ("thousands",)) if argument is not None else {}
        self._separator = separator(given.get("thousands"), "`integer`: `thousands`")
        self._pattern = re.compile(r"[+-]?(?:\d+" + grouped(self._separator) + ")", re.ASCII)

    def one(self, value: str) -> int:
        """Exactly the digits that are there."""
        text = value.strip()
        if E_NOTATION.fullmatch(text):
            raise Unreadable("excel-rounded")
        if not self._pattern.fullmatch(text):
            raise Unreadable("integer-invalid")
        plain = text.replace(self._separator, "") if self._separator else text
        found = int(plain) if len(plain.lstrip("+-0")) <= LARGEST_DIGITS else LARGEST + 1
        if abs(found) > LARGEST:
            raise Unreadable("integer-invalid", "it has too many digits")
        return found


class Decimal(Converter):
    """A number with a fraction."""

    name = "decimal"
    slugs = ("decimal-invalid", "excel-rounded")
    judges = True
    help = "Takes a number whose decimal sign is stated (a point if not). Refuses e-notation and more than 15 digits."
    arguments = '{point: ",", thousands: "."}'
    yields = Kind.DOUBLE
    examples = (
        Example(None, "12.50", 12.5),
        Example({"point": ",", "thousands": "."}, "1.234,5", 1234.5),
        Example(None, "12,5", problem="decimal-invalid"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Decimal, argument, ("point", "thousands")) if argument is not None else {}
        self._point = separator(given.get("point", "."), "`decimal`: `point`")
        self._separator = separator(given.get("thousands"), "`decimal`: `thousands`")
        if self._point == self._separator:
            raise BadConverter("`decimal`: `point` and `thousands` must differ")
        point = re.escape(self._point)
        self._pattern = re.compile(rf"[+-]?(?:\d+{grouped(self._separator)})(?:{point}\d+)?", re.ASCII)

    def one(self, value: str) -> float:
        """The double next to it; one that would lose digits is refused."""
        text = value.strip()
        if E_NOTATION.fullmatch(text):
            raise Unreadable("excel-rounded")
        if not self._pattern.fullmatch(text):
            raise Unreadable("decimal-invalid")
        plain = (text.replace(self._separator, "") if self._separator else text).replace(self._point, ".")
        if len(plain.lstrip("+-0.").replace(".", "")) > SIGNIFICANT_DIGITS:
            raise Unreadable("decimal-invalid", f"more than {SIGNIFICANT_DIGITS} significant digits")
        return float(plain)


def separator(text: Any, what: str) -> str:
    """A separator of one character; "" where none is stated."""
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) != 1 or text.isalnum():
        raise BadConverter(f"{what} must be one character that is no letter or digit")
    return str(text)


def grouped(thousands: str) -> str:
    """The alternative for digits in groups; "" where no separator is stated."""
    return "|" + _GROUPS.replace("SEP", re.escape(thousands)) if thousands else ""
