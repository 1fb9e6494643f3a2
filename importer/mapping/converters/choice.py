"""A table of texts and what they become."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options

SHOWN_AT_MOST = 8


class Choice(Converter):
    """One of the stated texts, as what stands beside it."""

    name = "choice"
    slugs = ("choice-unknown",)
    help = (
        "Takes exactly the texts that are stated, white space at the ends aside. `else` says what any other becomes: a "
        "value, `keep` (itself) or `leave` (the target is left out); without it, any other is a problem."
    )
    arguments = "{TEXT: VALUE, …} | {map: {TEXT: VALUE, …}, else: VALUE | keep | leave, ignore_case: true}"
    examples = (
        Example({"M": "Male", "F": "Female"}, "M", "Male"),
        Example({"map": {"M": "Male"}, "else": "Other"}, "X", "Other"),
        Example({"map": {"m": "Male"}, "ignore_case": "true", "else": "leave"}, "M", "Male"),
        Example({"M": "Male", "F": "Female"}, "X", problem="choice-unknown"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        if not isinstance(argument, dict) or not argument:
            raise BadConverter(f"`choice` needs a map: {self.arguments}")
        long = isinstance(argument.get("map"), dict)
        given = options(Choice, argument, ("map", "else", "ignore_case")) if long else {"map": argument}
        table = given["map"]
        if not all(isinstance(value, str) for value in table.values()):
            raise BadConverter("`choice`: each text becomes one value, not a list or a map")
        ignore = given.get("ignore_case", "false")
        if ignore not in ("true", "false"):
            raise BadConverter("`choice`: `ignore_case` is true or false")
        self._fold: Callable[[str], str] = str.casefold if ignore == "true" else str
        self._table: dict[str, Any] = {self._fold(text.strip()): value for text, value in table.items()}
        if len(self._table) < len(table):
            raise BadConverter("`choice`: two of the texts are the same when case is ignored")
        self._else: Any = given.get("else")
        self._shown = list(table)

    @property
    def keeps(self) -> bool:
        """Whether a text may come out as it went in."""
        return bool(self._else == "keep")

    def retype(self, typed: Callable[[str], Any]) -> None:
        """Give every stated value the target's type; `typed` raises ValueError for one that cannot have it."""
        self._table = {text: typed(value) for text, value in self._table.items()}
        if self._else not in (None, "keep", "leave"):
            self._else = typed(self._else)

    def one(self, value: str) -> Any:
        """What stands beside the text, or what `else` says."""
        text = value.strip()
        found = self._table.get(self._fold(text))
        if found is not None:
            return found
        if self._else is None:
            near = difflib.get_close_matches(text, self._shown, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            more = ", …" if len(self._shown) > SHOWN_AT_MOST else ""
            raise Unreadable("choice-unknown", f"{hint}known are: {', '.join(self._shown[:SHOWN_AT_MOST])}{more}")
        if self._else == "keep":
            return value
        return None if self._else == "leave" else self._else
