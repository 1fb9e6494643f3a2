"""Whether dates put the day, the month or the year first: decided by every row, or not at all."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from dataclasses import dataclass, field

_NUMERIC = re.compile(
    r"(\d{1,4})([-/.] ?| )(\d{1,2})\2(\d{1,4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?)(\.\d+)?)?\.?", re.ASCII
)
_NAMED = re.compile(r"(\d{1,2})([-/. ]?)([A-Za-z]{3,9})\.?,?\2(\d{4}|\d{2})", re.ASCII)
_COMPACT = re.compile(r"(\d{8})", re.ASCII)
_EASTERN = re.compile(r"(\d{4})([年년] ?)(\d{1,2})([月월] ?)(\d{1,2})([日일])", re.ASCII)
_ISO_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})", re.ASCII)
_MONTHS = {name.lower() for names in (calendar.month_abbr, calendar.month_name) for name in names if name}
_LETTERS = {"d": "%d", "m": "%m", "y": "%Y"}
ISO = "iso"
KEPT_LAYOUTS = 40


@dataclass(frozen=True, slots=True)
class Example:
    """A row that decides."""

    row: int
    value: str


@dataclass(slots=True)
class Layout:
    """Dates that are punctuated alike: for each order of day, month and year how many rows it reads."""

    separator: str
    short_year: bool
    year_first: bool
    time: str = ""  # strptime's letters of the time of day
    rows: int = 0
    fits: Counter[str] = field(default_factory=Counter)
    only: Counter[str] = field(default_factory=Counter)  # rows that this order alone can read
    deciding: dict[str, Example] = field(default_factory=dict)
    years: list[int] = field(default_factory=lambda: [9999, 0])

    @property
    def orders(self) -> tuple[str, ...]:
        """Orders that can be meant."""
        if self.year_first:
            return ("ymd", "ydm") if not self.short_year else ("ymd",)
        return ("dmy", "mdy", "ymd") if self.short_year else ("dmy", "mdy")

    def format(self, order: str, *, clock: bool = True) -> str:
        """As strptime spells it; `clock`: with the time of day."""
        year = "%y" if self.short_year else "%Y"
        date = self.separator.join(year if one == "y" else _LETTERS[one] for one in order)
        return f"{date} {self.time}" if self.time and clock else date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The formats to write down. `decided`: they cannot be misread; `evidence`: why; `doubt`: what to ask."""

    formats: tuple[str, ...]
    evidence: str
    doubt: str = ""
    timed: bool = False


class DayOrder:
    """Gathers dates from every row of a column."""

    def __init__(self) -> None:
        self._layouts: dict[tuple[str, bool, bool, str], Layout] = {}
        self._named: Counter[str] = Counter()
        self.dates = 0  # rows that look like a date
        self.iso = 0
        self.zoned = 0
        self.timed = 0
        self.compact: Counter[str] = Counter()
        self.years = [9999, 0]

    def add(self, value: str, count: int, row: int) -> bool:
        """One value that came up so often, first in this row; whether it looks like a date."""
        if _ISO_ZONED.fullmatch(value):
            self._count(count, iso=True)
            self.zoned += count
            self.timed += count
            return True
        if found := _NUMERIC.fullmatch(value):
            return self._numeric(found, value, count, row)
        if (found := _NAMED.fullmatch(value)) and found[3].lower() in _MONTHS:
            month = "%b" if len(found[3]) == 3 else "%B"  # noqa: PLR2004 - Jan, or January
            self._named[found[2].join(("%d", month, "%Y" if len(found[4]) == 4 else "%y"))] += count  # noqa: PLR2004
            self._count(count)
            return True
        if found := _EASTERN.fullmatch(value):
            self._named[f"%Y{found[2]}%m{found[4]}%d{found[6]}"] += count
            self._count(count)
            return exists(int(found[1]), int(found[3]), int(found[5]))
        if _COMPACT.fullmatch(value):
            for order, pieces in (
                ("ymd", (value[:4], value[4:6], value[6:])),
                ("dmy", (value[4:], value[2:4], value[:2])),
            ):
                if 1900 <= int(pieces[0]) <= 2100 and exists(*map(int, pieces)):  # noqa: PLR2004 - years of customers
                    self.compact[order] += count
        return False

    def _count(self, count: int, *, iso: bool = False) -> None:
        self.dates += count
        self.iso += count if iso else 0

    def _numeric(self, found: re.Match[str], value: str, count: int, row: int) -> bool:
        first, separator, middle, last, clock, fraction = found.groups()
        if fraction or (len(first) > 2 and len(last) > 2) or (len(first) == 3 or len(last) == 3):  # noqa: PLR2004
            return False
        year_first = len(first) == 4  # noqa: PLR2004 - a full year
        short = not year_first and len(last) < 4  # noqa: PLR2004
        time = ("%H:%M:%S" if clock.count(":") == 2 else "%H:%M") if clock else ""  # noqa: PLR2004
        key = (separator, short, year_first, time)
        if key not in self._layouts:
            if len(self._layouts) >= KEPT_LAYOUTS:
                return False
            self._layouts[key] = Layout(*key)
        layout = self._layouts[key]
        numbers = (int(first), int(middle), int(last))
        fitting = [order for order in layout.orders if _reads(order, numbers, short=short)]
        if not fitting:
            return False
        if len(fitting) > 1 and len({_day(order, numbers) for order in fitting}) == 1:
            fitting = list(layout.orders)
        layout.rows += count
        iso = year_first and separator == "-" and len(middle) == 2 == len(last)  # noqa: PLR2004
        self._count(count, iso=iso)
        self.timed += count if clock else 0
        for order in fitting:
            layout.fits[order] += count
        if len(fitting) == 1:
            layout.only[fitting[0]] += count
            layout.deciding.setdefault(fitting[0], Example(row, value))
        year = numbers[0 if year_first else 2]
        if not short:
            self.years = [min(self.years[0], year), max(self.years[1], year)]
        return True

    def verdict(self, stated: str = "", *, clock: bool = True) -> Verdict | None:
        """What the dates of the whole column say; None where there are none.

        Args:
            stated: the order that the header states, such as dmy.
            clock: whether formats hold the time of day too.
        """
        formats: list[str] = [form for form, _ in self._named.most_common()]
        said: list[str] = [f"days are written {form}" for form in formats]
        doubts: list[str] = []
        if not self.dates:
            return self._of_digits()
        for layout in sorted(self._layouts.values(), key=lambda one: -one.rows):
            if layout.year_first and layout.separator == "-" and not layout.only["ydm"]:
                said.append(f"{layout.rows:,} rows are ISO text")
                continue
            orders, why, doubt = _decided(layout, stated)
            formats += [layout.format(order, clock=clock) for order in orders]
            said.append(why)
            doubts += [doubt] if doubt else []
        if self.zoned:
            said.append(f"{self.zoned:,} rows are ISO text with an offset")
        return Verdict(tuple(dict.fromkeys(formats)), "; ".join(said), "; ".join(doubts), timed=self.timed > 0)

    def _of_digits(self) -> Verdict | None:
        """Dates written as eight digits."""
        if not self.compact:
            return None
        (order, rows), *rest = self.compact.most_common()
        if rest and rest[0][1] == rows:
            return None
        return Verdict(("%Y%m%d" if order == "ymd" else "%d%m%Y",), f"{rows:,} rows are eight digits of a date")


def _decided(layout: Layout, stated: str) -> tuple[tuple[str, ...], str, str]:
    """(orders to write down, evidence, doubt)."""
    decided = [order for order in layout.orders if layout.only[order]]
    if len(decided) == 1:
        order = decided[0]
        if stated and stated != order:
            return (order,), "", f"the header states {spoken(stated)}, but {_shown(layout, order)}"
        return (order,), f"{_shown(layout, order)}; none of {layout.rows:,} rows contradicts", ""
    if len(decided) > 1:
        each = " and ".join(_shown(layout, order) for order in decided)
        return tuple(decided), "", f"the rows contradict each other: {each}"
    possible = [order for order in layout.orders if layout.fits[order]]
    if stated in possible:
        return (stated,), f"the header states {spoken(stated)}, and no row contradicts", ""
    if len(possible) == 1:
        return (possible[0],), f"only {spoken(possible[0])} can be read", ""
    each = " or ".join(spoken(order) for order in possible)
    return tuple(possible), "", f"is it {each}? No row of {layout.rows:,} tells"


def _shown(layout: Layout, order: str) -> str:
    example = layout.deciding[order]
    count = layout.only[order]
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"{rows} can only be {spoken(order)} (row {example.row})"


def spoken(order: str) -> str:
    """`dmy` as people say it."""
    names = {"d": "day", "m": "month", "y": "year"}
    return ", ".join(names[one] for one in order)


def _reads(order: str, numbers: tuple[int, int, int], *, short: bool) -> bool:
    year, month, day = _day(order, numbers)
    if short:
        year += 1900 if year >= 69 else 2000  # noqa: PLR2004 - as strptime reads two digits
    return exists(year, month, day)


def _day(order: str, numbers: tuple[int, int, int]) -> tuple[int, int, int]:
    by_letter = dict(zip(order, numbers, strict=True))
    return by_letter["y"], by_letter["m"], by_letter["d"]


def exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]  # noqa: PLR2004
