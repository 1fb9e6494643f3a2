"""What the journal can say of a run as a whole: when requests left, how long answers took, what was said how often.

Every figure is added up by SQLite over all rows and comes back in a bounded number of lines, whatever the run's size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from importer.journal.entries import status_named
from importer.records import RowId, Status

SLICES_AT_MOST, SLICES_AT_LEAST = 60, 6
ROWS_A_SLICE = 8  # on average, before there are more slices than the fewest
WIDTHS_S = (  # whole milliseconds, as exact as times are
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200,
    86_400, 604_800, 2_592_000,
)  # fmt: skip
MEDIAN, SLOW = 0.5, 0.95
ROW_BITS = 40  # a row's place in one number: the sheet above, the row below


class Slice(NamedTuple):
    """Some of a run's time: the rows whose last request left in it. Latencies in ms, to two digits."""

    rows: int
    repeated: int  # attempts beyond the first
    fastest_second: int  # rows of the second in which most left; 0 where slices are shorter than a second
    median_ms: float | None
    slow_ms: float | None  # 95 of 100 were faster


class Timeline(NamedTuple):
    """A run's time in slices of equal width; those in which nothing left are there too."""

    start: str  # ISO 8601, UTC
    width_s: float
    slices: tuple[Slice, ...]


class Said(NamedTuple):
    """What was said of several rows. `message` is whole, of the first of them: mask it before showing."""

    code: str
    rows: int
    first: RowId
    message: str
    status: Status | None = None


class LargeLane(NamedTuple):
    """Rows that went one after the other. The identifier is whole, of the first row: mask it before showing."""

    rows: int
    first: RowId
    identifier_name: str
    identifier_value: str


class Figures:
    """Asks one journal; `select` runs a named query."""

    def __init__(self, select: Callable[..., list[Any]]) -> None:
        self._select = select

    def timeline(self) -> Timeline | None:
        """When requests left and how long their answers took; None where nothing was sent."""
        ((first, last, rows),) = self._select("sent_span")
        if first is None:
            return None
        seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
        width_s = fitting_width(seconds, rows)
        values = {"start": first, "width_ms": round(width_s * 1_000)}
        fastest = dict(self._select("fastest_seconds", values)) if width_s > 1 else {}
        found = {
            number: slice_of(list(lines), fastest.get(number, 0))
            for number, lines in groupby(self._select("slices", values), key=lambda line: line[0])
        }
        empty = Slice(0, 0, 0, None, None)
        return Timeline(first, width_s, tuple(found.get(number, empty) for number in range(max(found) + 1)))

    def replies(self, most: int, *, waiting: Status) -> list[Said]:
        """What was said of rows that were to be sent and did not end well, by state and code, most rows first.

        `waiting`: the state of rows without an outcome.
        """
        lines = self._select("reply_causes", {"most": most, "waiting": waiting.value})
        return [
            Said(code, rows, place(first), message, status_named(status))
            for status, code, rows, first, message in lines
        ]

    def warnings(self, most: int) -> list[Said]:
        """Warnings by code, most rows first."""
        return list(self._said("warning_counts", most))

    def errors(self, most: int) -> list[Said]:
        """Codes of replies that were no warnings, most rows first."""
        return list(self._said("error_counts", most))

    def largest_lanes(self, most: int) -> list[LargeLane]:
        """The lanes with the most rows."""
        return [
            LargeLane(rows, RowId(sheet, row), name, value)
            for rows, sheet, row, name, value in self._select("largest_lanes", {"most": most})
        ]

    def rows_of_sheets(self) -> dict[int, int]:
        """How many rows were read of each sheet, by its number."""
        return dict(self._select("rows_of_sheets"))

    def _said(self, query: str, most: int) -> Iterator[Said]:
        for code, rows, first, message in self._select(query, {"most": most}):
            yield Said(code or "", rows, place(first), message or "")


def place(packed: int) -> RowId:
    """The row that the queries pack into one number, so that `min` finds the first in file order."""
    return RowId(packed >> ROW_BITS, packed & ((1 << ROW_BITS) - 1))


def fitting_width(seconds: float, rows: int) -> float:
    """The smallest width of a slice, in s, with which so much time needs no more slices than so many rows can fill."""
    most = min(max(rows // ROWS_A_SLICE, SLICES_AT_LEAST), SLICES_AT_MOST)
    return next((width for width in WIDTHS_S if seconds < width * most), math.ceil(seconds / (most - 1)))


def slice_of(lines: Sequence[tuple[int, float | None, int, int]], fastest: int) -> Slice:
    """One slice from its lines: (slice, latency, rows, repeated), latencies ascending."""
    timed = [(latency, rows) for _, latency, rows, _ in lines if latency is not None]
    return Slice(
        rows=sum(rows for _, _, rows, _ in lines),
        repeated=sum(repeated for *_, repeated in lines),
        fastest_second=fastest,
        median_ms=quantile(timed, MEDIAN),
        slow_ms=quantile(timed, SLOW),
    )


def quantile(counted: Sequence[tuple[float, int]], share: float) -> float | None:
    """The first value (ascending, each with its count) that at least this share does not exceed; None without values."""
    wanted = share * sum(count for _, count in counted)
    seen = 0
    for value, count in counted:
        seen += count
        if seen >= wanted:
            return value
    return None
