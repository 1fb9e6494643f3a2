"""Converters that leave text text: they cannot fail, save `pad` and `part`, which say so."""

from __future__ import annotations

import re
from typing import Any

from importer.endpoint import Kind
from importer.mapping.converters.base import (
    BadConverter,
    Converter,
    Example,
    Unreadable,
    number,
    options,
    text_argument,
)


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
E_NOTATION = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)


class Replace(Converter):
    """One text for another."""

    name = "replace"
    help = "Puts one text in the place of another, everywhere; with `regex: true` a regular expression (\\d is ASCII)."
    arguments = "{from: TEXT, to: TEXT, regex: false}"
    examples = (
        Example({"from": "-", "to": ""}, "12-34-56", "123456"),
        Example({"from": r"^0+", "to": "", "regex": "true"}, "0042", "42"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Replace, argument, ("from", "to", "regex"))
        if not isinstance(given.get("from"), str) or not isinstance(given.get("to"), str) or not given["from"]:
            raise BadConverter(f"`replace` needs both texts: {self.arguments}")
        regex = _truth(given.get("regex", "false"), "`replace` regex")
        self._pattern = compiled(given["from"], "replace") if regex else None
        self._from, self._to = str(given["from"]), str(given["to"])
        if self._pattern:
            try:
                re.sub(self._pattern, self._to, "")
                self._pattern.sub(self._to, self._from)
            except (re.error, IndexError) as error:
                raise BadConverter(f"`replace`: the text to put in does not fit the expression: {error}") from error

    def one(self, value: str) -> str:
        """Everywhere in the text."""
        return self._pattern.sub(self._to, value) if self._pattern else value.replace(self._from, self._to)


class Pad(Converter):
    """Filled up on the left."""

    name = "pad"
    help = "Fills up on the left to a length, with 0 unless another character is given; refuses what is longer."
    arguments = '{to: LENGTH, with: "0"}'
    examples = (
        Example({"to": "10"}, "42", "0000000042"),
        Example({"to": "3"}, "12345", problem="pad-too-long"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Pad, argument, ("to", "with"))
        self._to = number(Pad, given.get("to"), "`to`")
        self._with = given.get("with", "0")
        if not isinstance(self._with, str) or len(self._with) != 1:
            raise BadConverter("`pad`: `with` must be one character")

    def one(self, value: str) -> str:
        """Too long is a problem: nothing is cut off silently."""
        if len(value) > self._to:
            raise Unreadable("pad-too-long", f"{len(value)} characters, padded to {self._to}")
        return value.rjust(self._to, self._with)


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


class Part(Converter):
    """A part of the text."""

    name = "part"
    help = "Takes a part: characters counted from 1, a piece between separators, or group 1 of a regular expression."
    arguments = '{chars: "1-3"} | {split: SEP, take: first | last | rest | N} | {regex: R}'
    examples = (
        Example({"chars": "1-3"}, "ABCDEF", "ABC"),
        Example({"split": " ", "take": "first"}, "Mary Jane", "Mary"),
        Example({"split": " ", "take": "rest"}, "Mary Jane Ann", "Jane Ann"),
        Example({"regex": r"(\d{8})"}, "load_20260101.csv", "20260101"),
        Example({"regex": r"(\d{8})"}, "load.csv", problem="part-no-match"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Part, argument, ("chars", "split", "take", "regex"))
        ways = [way for way in ("chars", "split", "regex") if way in given]
        if len(ways) != 1 or ("take" in given) != (ways == ["split"]):
            raise BadConverter(f"`part` takes one of: {self.arguments}")
        self._way = ways[0]
        if self._way == "chars":
            self._first, self._last = _range(given["chars"])
        elif self._way == "split":
            self._separator = given["split"]
            if not isinstance(self._separator, str) or not self._separator:
                raise BadConverter("`part`: `split` must be a text")
            self._take = given["take"]
            if self._take not in ("first", "last", "rest") and number(Part, self._take, "`take`") < 1:
                raise BadConverter("`part`: `take` counts from 1")
        else:
            self._pattern = compiled(given["regex"], "part")
            if self._pattern.groups < 1:
                raise BadConverter("`part`: the expression needs a group in parentheses")

    def one(self, value: str) -> str:
        """No match is a problem; a piece that is not there is blank."""
        if self._way == "chars":
            return value[self._first - 1 : self._last]
        if self._way == "regex":
            found = self._pattern.search(value)
            if found is None or found[1] is None:
                raise Unreadable("part-no-match", self._pattern.pattern)
            return str(found[1])
        pieces = value.split(self._separator)
        if self._take == "rest":
            return str(self._separator).join(pieces[1:])
        if self._take in ("first", "last"):
            return str(pieces[0 if self._take == "first" else -1])
        place = int(self._take)
        return pieces[place - 1] if place <= len(pieces) else ""


class Split(Converter):
    """A list."""

    name = "split"
    help = (
        "Makes a list of the pieces between separators; the converters after it see each piece. Blank ones are dropped."
    )
    arguments = "SEP"
    yields = Kind.LIST
    examples = (Example(";", "a@example.com; b@example.com", ["a@example.com", "b@example.com"]),)

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        self._separator = text_argument(Split, argument, "a separator")
        if not self._separator:
            raise BadConverter("`split` needs a separator that is not empty")

    def one(self, value: str) -> list[str] | None:
        """White space around a piece goes; it is the separator's, not the piece's."""
        return [stripped for piece in value.split(self._separator) if (stripped := piece.strip())] or None


def compiled(expression: Any, name: str) -> re.Pattern[str]:
    """A regular expression whose digit class is ASCII."""
    if not isinstance(expression, str):
        raise BadConverter(f"`{name}` needs a regular expression")
    try:
        return re.compile(expression, re.ASCII)
    except re.error as error:
        raise BadConverter(f"`{name}`: {expression!r} is no regular expression: {error}") from error


def _truth(text: Any, what: str) -> bool:
    if text not in ("true", "false"):
        raise BadConverter(f"{what} must be true or false, not {text!r}")
    return bool(text == "true")


def _range(text: Any) -> tuple[int, int | None]:
    found = re.fullmatch(r"(\d+)(?:(-)(\d+)?)?", text if isinstance(text, str) else "", re.ASCII)
    if not found or int(found[1]) < 1:
        raise BadConverter('`part`: `chars` counts from 1, as in "1-3", "4-" or "2"')
    first = int(found[1])
    last = None if found[2] and not found[3] else int(found[3] or first)
    if last is not None and last < first:
        raise BadConverter(f"`part`: `chars` {text} ends before it begins")
    return first, last
