"""Converters that leave text text and cannot fail, save that `digits` refuses what a spreadsheet has cut short."""

from __future__ import annotations

import re
from typing import Any

from importer.mapping.converters.base import Converter, Example, Unreadable, text_argument
from importer.mapping.converters.damage import E_NOTATION


class Trim(Converter):
    """White space off both ends."""

    name = "trim"
    help = "Takes white space off both ends."
    examples = (Example(None, "  Tom ", "Tom"),)

    def one(self, value: str) -> str:
        """Every kind of white space that Unicode knows."""
        return value.strip()


class Squeeze(Converter):
    """Inner white space to one blank."""

    name = "squeeze"
    help = "Makes each run of white space one blank, and takes it off both ends."
    examples = (Example(None, "Mary   Jane", "Mary Jane"),)

    def one(self, value: str) -> str:
        """Split and join."""
        return " ".join(value.split())


class Upper(Converter):
    """Upper case."""

    name = "upper"
    help = "Writes it in upper case."
    examples = (Example(None, "ab12", "AB12"),)

    def one(self, value: str) -> str:
        """By Unicode's rules."""
        return value.upper()


class Lower(Converter):
    """Lower case."""

    name = "lower"
    help = "Writes it in lower case."
    examples = (Example(None, "Tom@Example.com", "tom@example.com"),)

    def one(self, value: str) -> str:
        """By Unicode's rules."""
        return value.lower()


class Title(Converter):
    """Each word with a capital."""

    name = "title"
    help = "Writes each word with a capital; a word begins after anything that is no letter."
    examples = (Example(None, "mary-jane o'hara", "Mary-Jane O'Hara"),)

    def one(self, value: str) -> str:
        """By Unicode's rules."""
        return value.title()


class Digits(Converter):
    """ASCII digits only."""

    name = "digits"
    slugs = ("excel-rounded",)
    help = "Keeps the digits 0 to 9 and drops everything else."
    examples = (
        Example(None, "+91 98765-43210", "919876543210"),
        Example(None, "12.5E+3", problem="excel-rounded"),
    )

    def one(self, value: str) -> str:
        """A number in e-notation has lost digits already; its remaining ones would be a lie."""
        if E_NOTATION.fullmatch(value.strip()):
            raise Unreadable("excel-rounded")
        return _NOT_DIGITS.sub("", value)


_NOT_DIGITS = re.compile(r"[^0-9]+")


class Prefix(Converter):
    """A text in front."""

    name = "prefix"
    help = "Puts a text in front."
    arguments = "TEXT"
    examples = (Example("AB", "42", "AB42"),)

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        self._text = text_argument(Prefix, argument, "a text")

    def one(self, value: str) -> str:
        """In front."""
        return self._text + value


class Suffix(Converter):
    """A text at the end."""

    name = "suffix"
    help = "Puts a text at the end."
    arguments = "TEXT"
    examples = (Example("-IN", "42", "42-IN"),)

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        self._text = text_argument(Suffix, argument, "a text")

    def one(self, value: str) -> str:
        """At the end."""
        return value + self._text
