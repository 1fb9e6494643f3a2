"""What can be wrong with a row: each kind once, with slug, title, message template and advice (`problems.toml`).

A problem is a value that travels with its row to the report; nothing is raised.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple, Self

LOST = "\ufffd"  # stands where a character could not be read
ROWS_NAMED = 3  # of the other rows of a group


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `message` is a template over {row} {column} {value} {target} {detail}.

    The rest is an example that a test executes: a sheet with the columns Code, A and B, and a part of a mapping that
    looks customers up by Code.
    """

    slug: str
    title: str
    message: str
    advice: str
    example: str = ""  # the cell of column A …
    rows: str = ""  # … or whole lines of the sheet, where one cell does not show it
    mapping: str = ""
    python: str = ""  # what stands in mine.py, beside the mapping
    sheet: str = "csv"  # kind of file: csv, xlsx or jsonl
    says: str = ""  # the message


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
        said = kind.message.format(
            row=self.row, column=self.column, value=self.value, target=self.target, detail=self.detail
        )
        return said.rstrip(" :")  # where there is no detail

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
        "results, rejects and summary under its slug. Each example is executed by a test, on a sheet with the columns Code, A",
        "and B whose customers are looked up by Code. Generated from `importer/problems.toml`.\n",
    ]
    for kind in kinds().values():
        parts.append(f"## `{kind.slug}`\n\n**{kind.title}.** {kind.advice}\n")
        parts.append("\n".join(_example(kind)) + "\n")
    return "\n".join(parts)


def _example(kind: Kind) -> Iterator[str]:
    """The example: what the sheet and the mapping say, and what the problem says then."""
    if kind.rows:
        header = "Code,A,B\n" if kind.sheet == "csv" else ""
        yield f"The {'rows' if chr(10) in kind.rows else 'row'}\n\n```text\n{header}{kind.rows.strip()}\n```\n"
    else:
        shown = "".join(one if one.isprintable() and one != LOST else f"\\u{ord(one):04x}" for one in kind.example)
        cell = f"The cell `{shown}`" if kind.example else "A blank cell"
        yield f"{cell} in column A{' of a workbook' if kind.sheet == 'xlsx' else ''}"
    if kind.mapping:
        yield f"mapped by\n\n```yaml\n{kind.mapping.strip()}\n```\n"
    if kind.python:
        yield f"with this `mine.py` beside the mapping\n\n```python\n{kind.python.strip()}\n```\n"
    yield f"says “{kind.says}”."
