"""Which rows a run is asked to send: `--only-rows 5-80,91` and `--limit N`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import Self

from importer.errors import WrongUse

PART = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", re.ASCII)
ADVICE = "Give row numbers as the spreadsheet program shows them, e.g. --only-rows 5-80,91."


@dataclass(frozen=True, slots=True)
class Selection:
    """Row numbers and a count.

    `rows`: ranges of row numbers, first and last included, ascending and apart; empty: every row.
    `limit`: how many rows may be sent at most; None: any number.
    """

    rows: tuple[tuple[int, int], ...] = ()
    limit: int | None = None

    @classmethod
    def read(cls, only_rows: str | None = None, limit: int | None = None) -> Self:
        """The selection that the options spell. Raises WrongUse."""
        if limit is not None and limit < 1:
            raise WrongUse(f"--limit {limit} would send nothing.", advice="Give a number from 1 on.")
        ranges = [] if only_rows is None else [_range(part) for part in only_rows.split(",")]
        return cls(_joined(ranges), limit)

    @property
    def covers_all(self) -> bool:
        """Whether no row is left out by its number."""
        return not self.rows

    def __contains__(self, row: int) -> bool:
        """Whether the row with this number was asked for."""
        at = bisect_right(self.rows, row, key=itemgetter(0)) - 1
        return not self.rows or (at >= 0 and row <= self.rows[at][1])

    def __str__(self) -> str:
        """The ranges as the option spells them."""
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.rows)


def _range(part: str) -> tuple[int, int]:
    """One part of the option: a row, or the first and last of several."""
    found = PART.fullmatch(part)
    if found is None:
        raise WrongUse(
            f"--only-rows: “{part.strip()}” is neither a row number nor a range such as 5-80.", advice=ADVICE
        )
    first = int(found[1])
    last = first if found[2] is None else int(found[2])
    if first < 1:
        raise WrongUse("--only-rows: rows are counted from 1.", advice=ADVICE)
    if last < first:
        raise WrongUse(f"--only-rows: “{part.strip()}” ends before it begins.", advice=ADVICE)
    return first, last


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same rows as ascending ranges that neither overlap nor touch."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
