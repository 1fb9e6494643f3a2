"""What is asked of a column: facts that hold or fail row by row, and what to say where one fails.

A fact never raises, whatever lies in the column: a value of another type than the fact is about passes it,
because the fact about the type reports that value already. So no bad cell hides another one.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PROPOSALS_A_RUN = 200  # looking for the nearest value is slow; after so many, the allowed values are listed alone
VALUES_LISTED = 12
PLAIN_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing asked of a column.

    `holds` answers for each row: from the column's values, or from the whole frame where the fact is `across`
    columns. `detail` tells what was asked, given the value that failed.
    """

    slug: str
    column: str
    holds: Callable[[Any], list[bool]]
    detail: Callable[[Any], str]
    across: bool = False


def each(slug: str, column: str, good: Callable[[Any], bool], detail: str | Callable[[Any], str]) -> Fact:
    """A fact about every value by itself; of a list, about every entry. None passes: nothing is sent."""

    def holds(values: Sequence[Any]) -> list[bool]:
        if only_text(values):  # each distinct value is judged once
            bad = {value for value in set(values) if value is not None and not good(value)}
            return [value not in bad for value in values] if bad else [True] * len(values)
        return [value is None or (all(map(good, value)) if type(value) is list else good(value)) for value in values]

    words = detail if callable(detail) else lambda _: detail

    def say(value: Any) -> str:
        if type(value) is not list:
            return words(value)
        bad = next((one for one in value if not good(one)), None)
        return f"{words(bad)} (the entry “{bad}”)" if len(value) > 1 else words(bad)

    return Fact(slug, column, holds, say)


def only_text(values: Iterable[Any]) -> bool:
    """Whether these are nothing but texts and gaps."""
    return set(map(type, values)) <= {str, type(None)}


def form(column: str, pattern: str, words: str = "") -> Fact:
    r"""The whole text has this form; `\d` is ASCII."""
    matches = re.compile(pattern, re.ASCII).fullmatch
    return each(
        "pattern-mismatch",
        column,
        lambda value: type(value) is not str or matches(value) is not None,
        words or f"the pattern {pattern}",
    )


def longest(column: str, most: int) -> Fact:
    """The text has at most so many characters."""
    return each(
        "too-long",
        column,
        lambda value: type(value) is not str or len(value) <= most,
        lambda value: f"{len(value)} characters, at most {most} are kept",
    )


def shortest(column: str, least: int) -> Fact:
    """The text has at least so many characters."""
    return each(
        "too-short",
        column,
        lambda value: type(value) is not str or len(value) >= least,
        lambda value: f"{len(value)} characters, at least {least} are asked for",
    )


def one_of(column: str, values: Sequence[str]) -> Fact:
    """The text is one of these; the letter case counts."""
    allowed = frozenset(values)
    return each("not-allowed", column, lambda value: type(value) is not str or value in allowed, Proposer(values))


def at_least(column: str, least: float, number: Callable[[Any], float | None]) -> Fact:
    """The number is not below this. `number` reads a value; None: no number, another fact's business."""
    return each(
        "too-small",
        column,
        lambda value: (read := number(value)) is None or read >= least,
        f"the minimum is {least:.15g}",
    )


def at_most(column: str, most: float, number: Callable[[Any], float | None]) -> Fact:
    """The number is not above this."""
    return each(
        "too-large",
        column,
        lambda value: (read := number(value)) is None or read <= most,
        f"the maximum is {most:.15g}",
    )


def plain_decimal(value: Any) -> float | None:
    """The number that a cell spells in plain digits; None if it does not."""
    return float(value) if type(value) is str and PLAIN_DECIMAL.fullmatch(value) else None


class Proposer:
    """Lists allowed values, and names the one that was probably meant."""

    def __init__(self, values: Sequence[str]) -> None:
        self._folded = {value.casefold(): value for value in reversed(values)}
        shown = ", ".join(values[:VALUES_LISTED])
        self._listed = shown if len(values) <= VALUES_LISTED else f"{shown} and {len(values) - VALUES_LISTED} more"
        self._known: dict[str, str] = {}

    def __call__(self, value: Any) -> str:
        """The words after “none of the allowed values:”."""
        near = self._nearest(str(value).casefold())
        return f"{self._listed}; did you mean {near}?" if near else self._listed

    def _nearest(self, folded: str) -> str:
        """The allowed value that differs least, or ""."""
        if folded in self._folded:
            return self._folded[folded]
        if folded not in self._known and len(self._known) < PROPOSALS_A_RUN:
            near = difflib.get_close_matches(folded, self._folded, n=1)
            self._known[folded] = self._folded[near[0]] if near else ""
        return self._known.get(folded, "")
