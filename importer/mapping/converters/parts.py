"""Converters that take a text apart: `part` keeps one piece, `split` makes a list of them."""

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


class Part(Converter):
    """A part of the text."""

    name = "part"
    slugs = ("part-no-match",)
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


def _range(text: Any) -> tuple[int, int | None]:
    found = re.fullmatch(r"(\d+)(?:(-)(\d+)?)?", text if isinstance(text, str) else "", re.ASCII)
    if not found or int(found[1]) < 1:
        raise BadConverter('`part`: `chars` counts from 1, as in "1-3", "4-" or "2"')
    first = int(found[1])
    last = None if found[2] and not found[3] else int(found[3] or first)
    if last is not None and last < first:
        raise BadConverter(f"`part`: `chars` {text} ends before it begins")
    return first, last
