"""Converters that put something in the place of something else: `replace` and `pad`."""

from __future__ import annotations

import re
from typing import Any

from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, number, options
from importer.mapping.converters.parts import compiled

LONGEST = 1_000  # characters that `pad` fills up to; no field of Capillary's holds more


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
    slugs = ("pad-too-long",)
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
        if not 1 <= self._to <= LONGEST:
            raise BadConverter(f"`pad`: `to` is a length from 1 to {LONGEST}, not {self._to}")
        self._with = given.get("with", "0")
        if not isinstance(self._with, str) or len(self._with) != 1:
            raise BadConverter("`pad`: `with` must be one character")

    def one(self, value: str) -> str:
        """Too long is a problem: nothing is cut off silently."""
        if len(value) > self._to:
            raise Unreadable("pad-too-long", f"{len(value)} characters, padded to {self._to}")
        return value.rjust(self._to, self._with)


def _truth(text: Any, what: str) -> bool:
    if text not in ("true", "false"):
        raise BadConverter(f"{what} must be true or false, not {text!r}")
    return bool(text == "true")
