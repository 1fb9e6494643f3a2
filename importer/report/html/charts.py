"""The geometry of the page's charts; `report.html.j2` draws them as SVG, whose shapes need no script and print well.

Shapes stretch with the page, so every word of a chart stands beside its SVG, never in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from importer.records import Status
from importer.report.html.records import Moments

WIDTH, HEIGHT = 600.0, 160.0  # units of the drawing, not pixels
SMALLEST_PART = 4.0  # units: a state of one row among a million is still seen
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TICKS = 5  # along the time, ends included
UNITS = (
    (2.0, 0.001, "ms"),
    (180.0, 1, "s"),
    (10_800.0, 60, "min"),
    (259_200.0, 3_600, "h"),
    (math.inf, 86_400, "days"),
)  # up to how many s


@dataclass(frozen=True, slots=True)
class Part:
    """One state's part of the bar."""

    status: Status
    rows: int
    share: float  # 0 to 1
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """One slice of time in the chart of requests."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over time. `lines`: corner points of each curve by its name; `table`: what it shows, as text."""

    top: float  # what the upper edge stands for
    times: tuple[str, ...]  # along the lower edge
    columns: tuple[Column, ...] = ()
    lines: Mapping[str, tuple[str, ...]] | None = None
    mark: float | None = None  # height of the rate found


def state_bar(counts: Mapping[Status, int]) -> list[Part]:
    """The states that have rows, side by side; small ones are widened so that they can be seen."""
    there = [(status, counts[status]) for status in Status if counts.get(status)]
    total = sum(rows for _, rows in there)
    wanted = [max(WIDTH * rows / total, SMALLEST_PART) for _, rows in there]
    scale = WIDTH / sum(wanted) if wanted else 1.0
    parts, x = [], 0.0
    for (status, rows), width in zip(there, wanted, strict=True):
        parts.append(Part(status, rows, rows / total, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return parts


def throughput(moments: Moments, rate_found: float | None) -> Chart:
    """Rows per second in each slice of time, with the pace found."""
    rates = [part.rows / moments.width_s for part in moments.parts]
    top = round_up(max([*rates, rate_found or 0.0, *(float(part.fastest_second) for part in moments.parts)]))
    step = WIDTH / len(rates)
    columns = tuple(
        Column(
            x=round(number * step, 2),
            y=round(HEIGHT * (1 - rate / top), 2),
            width=round(step * 0.86, 2),
            height=round(HEIGHT * rate / top, 2),
            words=f"{clock(moments, number)}: {rate:,.1f} rows a second",
        )
        for number, rate in enumerate(rates)
    )
    fastest = [part.fastest_second or None for part in moments.parts]
    lines = {"fastest": tuple(curves(fastest, top))} if any(fastest) else {}
    mark = round(HEIGHT * (1 - rate_found / top), 2) if rate_found else None
    return Chart(top, times(moments), columns, lines, mark)


def latency(moments: Moments) -> Chart | None:
    """How long answers took; None where none came."""
    median = [part.median_ms for part in moments.parts]
    slow = [part.slow_ms for part in moments.parts]
    seen = [value for value in slow if value is not None]
    if not seen:
        return None
    top = round_up(max(seen))
    return Chart(top, times(moments), lines={"median": tuple(curves(median, top)), "slow": tuple(curves(slow, top))})


def curves(values: Sequence[float | None], top: float) -> Iterator[str]:
    """The corner points of a curve, broken where there is no value; a lone value is a short stroke."""
    step = WIDTH / len(values)
    points: list[str] = []
    for number, value in enumerate([*values, None]):
        if value is None:
            if points:
                yield " ".join(points)
            points = []
            continue
        y = f"{HEIGHT * (1 - value / top):.2f}"
        if not points:
            points.append(f"{number * step:.2f},{y}")
        points.append(f"{(number + 0.5) * step:.2f},{y}")
        if number + 1 == len(values) or values[number + 1] is None:
            points.append(f"{(number + 1) * step:.2f},{y}")


def round_up(value: float) -> float:
    """The next number that is easy to read."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in STEPS if value <= step * power * (1 + 1e-9))


def times(moments: Moments) -> tuple[str, ...]:
    """What stands along the lower edge: the first time, and how long after it."""
    length = moments.width_s * len(moments.parts)
    unit, name = next((unit, name) for longest, unit, name in UNITS if length < longest)
    shares = (length * number / (TICKS - 1) / unit for number in range(TICKS))
    return tuple(f"{share:.2f}".rstrip("0").rstrip(".") + f" {name}" for share in shares)


def clock(moments: Moments, number: int) -> str:
    """The time at which a slice begins."""
    begins = datetime.fromisoformat(moments.start) + timedelta(seconds=number * moments.width_s)
    return f"{begins:%H:%M:%S}" if moments.width_s >= 1 else f"{begins:%H:%M:%S.%f}"[:-4]
