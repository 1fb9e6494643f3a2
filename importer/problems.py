"""What can be wrong with a row: each kind once, with slug, title, message template and advice (`problems.toml`).

A problem is a value that travels with its row to the report; nothing is raised.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple, Self

ROWS_NAMED = 3  # of the other rows of a group


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `message` is a template over {row} {column} {value} {target} {detail}."""

    slug: str
    title: str
    message: str
    advice: str
    example: str = ""


class Problem(NamedTuple):
    """One thing wrong with one row. `column` is "" where the row as a whole is meant."""

    row: int
    slug: str
    column: str = ""
    value: str = ""  # the offending cell, whole; masked by whoever shows it outside results, rejects and journal
    target: str = ""  # slot address, where one is concerned
    detail: str = ""  # what the template of this kind says beyond the above

    @property
    def message(self) -> str:
        """The sentence for people."""
        kind = kinds()[self.slug]
        return kind.message.format(
            row=self.row, column=self.column, value=self.value, target=self.target, detail=self.detail
        )

    @property
    def advice(self) -> str:
        """What to do about it."""
        return kinds()[self.slug].advice


@dataclass(frozen=True, slots=True)
class Cause:
    """What many rows have in common: the same kind of problem, in the same column, with values of the same form.

    Holds no customer's value: a form in words, and one example that was masked before it came here.
    """

    rows: int
    slug: str
    column: str  # "" where the row as a whole is meant
    pattern: str  # the values' form in words: "10 digits"; or which rule or check, where the form tells nothing
    first: tuple[tuple[int, int], ...]  # (sheet, row number) of the first rows, at most five
    title: str
    advice: str  # to whoever keeps the sheet
    suggestion: str = ""  # a change of the mapping that would help all of these rows; "" where there is none
    example: str = ""  # a cell, masked
    asked: str = ""  # what mapping or catalog ask for: "%d/%m/%Y", "the minimum is 0"

    def facts(self) -> dict[str, Any]:
        """Plain data, as journal and summary keep it."""
        return {**asdict(self), "first": [list(place) for place in self.first]}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """The same, back from plain data."""
        return cls(**{**facts, "first": tuple((sheet, row) for sheet, row in facts["first"])})


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by slug, in the order of the data file."""
    table = tomllib.loads(resources.files("importer").joinpath("problems.toml").read_text("utf-8"))
    return MappingProxyType({slug: Kind(slug=slug, **entry) for slug, entry in table.items()})


def name_others(members: Sequence[tuple[int, int]], own: tuple[int, int]) -> str:
    """The other rows of a group in words, three at most; (sheet, row) each, the sheet named where it is another.

    Looks at the first members only, so that naming every row of a large group stays quick.
    """
    others = [one for one in members[: ROWS_NAMED + 1] if one != own][:ROWS_NAMED]
    named = [f"{row}" if sheet == own[0] else f"{row} of sheet {sheet + 1}" for sheet, row in others]
    rest = len(members) - 1 - len(others)
    return f"row{'s' if len(members) > 2 else ''} {', '.join(named)}{f' and {rest:,} more' if rest else ''}"  # noqa: PLR2004 - two: one other


def problems_page() -> str:
    """The reference page docs/reference/problems.md."""
    parts = [
        "# Problems\n\nWhat can be wrong with a row. A row with a problem is `invalid` and never sent; each kind stands in",
        "results, rejects and summary under its slug. Generated from `importer/problems.toml`.\n",
    ]
    for kind in kinds().values():
        parts.append(f"## `{kind.slug}`\n\n**{kind.title}.** {_sentence(kind.message)}\n\nWhat to do: {kind.advice}\n")
        if kind.example:
            parts.append(f"Example: `{kind.example}`\n")
    return "\n".join(parts)


def _sentence(template: str) -> str:
    """A message template with its blanks in words."""
    blanks = {"row": "ROW", "column": "COLUMN", "value": "VALUE", "target": "TARGET", "detail": "…"}
    text = template.format(**blanks)
    return f"Says: “{text}”."
