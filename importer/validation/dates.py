"""What the form of a date tells: the formats that it may have, and why a stated one did not read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from importer.problems import Problem

VALUES_KEPT = 10_000
# The form of a date, and the formats that it may be: two where only the sheet's keeper knows which.
DATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "99/99/9999": ("%d/%m/%Y", "%m/%d/%Y"),
        "99-99-9999": ("%d-%m-%Y", "%m-%d-%Y"),
        "99.99.9999": ("%d.%m.%Y",),
        "99 99 9999": ("%d %m %Y", "%m %d %Y"),
        "99/99/99": ("%d/%m/%y", "%m/%d/%y"),
        "99-99-99": ("%d-%m-%y", "%m-%d-%y"),
        "99.99.99": ("%d.%m.%y",),
        "9999/99/99": ("%Y/%m/%d",),
        "9999.99.99": ("%Y.%m.%d",),
        "99999999": ("%Y%m%d", "%d%m%Y"),
        "99-A-9999": ("%d-%b-%Y",),
        "99 A 9999": ("%d %b %Y",),
        "99-A-99": ("%d-%b-%y",),
        "A 99, 9999": ("%B %d, %Y",),
    }
)
TIMES: Mapping[str, str] = MappingProxyType({"": "", " 99:99": " %H:%M", " 99:99:99": " %H:%M:%S"})


def formats_of(form: str) -> list[str]:
    """The formats that a value of this form may have; none where it looks like no date."""
    return next((list(formats(day, time)) for day in DATES for time in TIMES if form == day + time), [])


def formats(day: str, time: str) -> tuple[str, ...]:
    """The formats of one form of day with one form of time."""
    return tuple(one + TIMES[time] for one in DATES[day])


def stated_formats(problem: Problem, form: str) -> list[str]:
    """Those of them that the mapping states."""
    return [one for one in formats_of(form) if one in problem.detail]


def another_order(problem: Problem, form: str) -> str:
    """The format, not stated, that reads the value where a stated one of the same form does not; "" where none does."""
    others = [one for one in formats_of(form) if one not in problem.detail]
    return next((one for one in others if reads(problem.value.strip(), one)), "")


def told(problem: Problem, form: str) -> str:
    """Why a stated format of this form did not read the value, in words; "" where none is stated."""
    if not stated_formats(problem, form):
        return ""
    return ("day and month exchanged" if another_order(problem, form) else "no such day") + f", as in {form}"


@lru_cache(maxsize=VALUES_KEPT)
def reads(value: str, format_: str) -> bool:
    """Whether this format reads the value."""
    try:
        dt.datetime.strptime(value, format_)  # noqa: DTZ007 - whether it can be read is the question, not when it is
    except ValueError:
        return False
    return True
