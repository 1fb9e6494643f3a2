"""Thousands of problems read as a few causes: same kind, same column, values of the same form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.problems import Problem, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

CAUSES_KEPT = 1_000  # further forms of value are counted together, a cause for each kind and column
ROWS_KEPT = 5
LONGEST_PATTERN = 40  # characters
FORM_TELLS_NOTHING = frozenset(
    {
        "not-unique",
        "duplicate-customer",
        "element-incomplete",
        "only-beside-type",
        "too-small",
        "too-large",
        "rule-broken",
    }
)
OTHER_VALUES = "(other values)"


@dataclass(frozen=True, slots=True)
class Cause:
    """What many rows have in common. `example` is a whole cell: mask it where others may see it."""

    slug: str
    column: str
    pattern: str  # the values' form: 9 for a digit, A for letters; "" for blank cells, or where it tells nothing
    rows: int
    first: tuple[int, ...]  # row numbers, at most five
    example: str
    title: str
    advice: str


@dataclass(slots=True)
class _Tally:
    """A cause while it is being counted."""

    first: list[int]
    example: str
    rows: int = 0
    last: int | None = None


def gather(problems: Iterable[Problem]) -> list[Cause]:
    """The causes behind problems (in file order), most rows first; memory is bounded."""
    tallies: dict[tuple[str, str, str], _Tally] = {}
    for problem in problems:
        form = "" if problem.slug in FORM_TELLS_NOTHING else form_of(problem.value)
        key = (problem.slug, problem.column, form)
        if key not in tallies and len(tallies) >= CAUSES_KEPT:
            key = (problem.slug, problem.column, OTHER_VALUES)
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = _Tally([], problem.value)
        if tally.last == problem.row:  # two entries of one cell are one row
            continue
        tally.last = problem.row
        tally.rows += 1
        if len(tally.first) < ROWS_KEPT:
            tally.first.append(problem.row)
    causes = [
        Cause(*key, tally.rows, tuple(tally.first), tally.example, kinds()[key[0]].title, kinds()[key[0]].advice)
        for key, tally in tallies.items()
    ]
    return sorted(causes, key=lambda cause: (-cause.rows, cause.slug, cause.column, cause.pattern))


def form_of(value: str) -> str:
    """A value's form without its content: each digit 9, each run of letters A, each run of spaces one."""
    digits = re.sub(r"\d", "9", value)
    letters = re.sub(r"[^\W\d_]+", "A", digits)
    squeezed = re.sub(r"\s+", " ", letters)
    return squeezed if len(squeezed) <= LONGEST_PATTERN else squeezed[: LONGEST_PATTERN - 1] + "…"
