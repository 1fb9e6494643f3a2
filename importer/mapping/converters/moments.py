"""Dates and times by stated formats; ISO 8601 text is always read, as typed Excel dates arrive so.

A value that fits several formats with different results is a problem, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from importer.endpoint import Kind
from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options
from importer.mapping.converters.formats import formats, parsed, zone

_TIME_OF_DAY = re.compile(r"\d{2}:\d{2}(?::\d{2})?", re.ASCII)
_SIDES = (None, "earlier", "later")


class Date(Converter):
    """A day."""

    name = "date"
    slugs = ("date-invalid", "date-ambiguous")
    judges = True
    help = (
        "Takes a day in one of the formats (strptime's letters), or ISO text; yields YYYY-MM-DD. Refuses days that do not "
        "exist, and those that fit two formats differently. Two-digit years: 69-99 are 19xx, 00-68 are 20xx."
    )
    arguments = "FORMAT | [FORMAT, …]"
    yields = Kind.DATE
    examples = (
        Example("%d/%m/%Y", "31/12/1980", "1980-12-31"),
        Example("%d/%m/%Y", "1980-12-31", "1980-12-31"),
        Example("%d/%m/%Y", "31/02/1980", problem="date-invalid"),
        Example(["%d/%m/%Y", "%m/%d/%Y"], "01/02/1980", problem="date-ambiguous"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        self._formats = formats(argument, "date")

    def one(self, value: str) -> str:
        """One day, or a problem."""
        moment, timed, _ = parsed(value.strip(), self._formats)
        if timed and moment.time() != dt.time():
            raise Unreadable("date-invalid", "it has a time of day; use `datetime`, or `part` first")
        return moment.date().isoformat()


class Datetime(Converter):
    """A moment."""

    name = "datetime"
    slugs = ("date-invalid", "date-ambiguous", "datetime-gap", "datetime-twice")
    judges = True
    help = (
        "Takes a date with or without a time; yields YYYY-MM-DDTHH:MM:SS±hh:mm. `at` is the time of cells that have none "
        "(00:00:00), `zone` an IANA name for those without an offset. Refuses moments that the zone's clock skips, unless "
        "`gap: earlier | later` moves them by what was skipped; and those that it shows twice, unless `fold: earlier | "
        "later` decides."
    )
    arguments = '{format: FORMAT | [FORMAT, …], at: "23:59:59", zone: Asia/Kolkata, gap: earlier | later, fold: earlier | later}'
    yields = Kind.DATETIME
    examples = (
        Example(
            {"format": "%d-%m-%Y", "at": "23:59:59", "zone": "Asia/Kolkata"},
            "31-12-2027",
            "2027-12-31T23:59:59+05:30",
        ),
        Example(
            {"format": "%d-%m-%Y", "zone": "Asia/Kolkata"},
            "2027-12-31T10:00:00Z",
            "2027-12-31T10:00:00+00:00",
        ),
        Example({"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"}, "31.03.2024 02:30", problem="datetime-gap"),
        Example(
            {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin", "gap": "later"},
            "31.03.2024 02:30",
            "2024-03-31T03:30:00+02:00",
        ),
        Example(
            {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
            "27.10.2024 02:30",
            problem="datetime-twice",
        ),
        Example(
            {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin", "fold": "earlier"},
            "27.10.2024 02:30",
            "2024-10-27T02:30:00+02:00",
        ),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Datetime, argument, ("format", "at", "zone", "gap", "fold"))
        self._formats = formats(given.get("format"), "datetime")
        self._zone = zone(given.get("zone"))
        if self._zone is None and not all("%z" in one for one, _ in self._formats):
            raise BadConverter("`datetime` needs a `zone` (an IANA name such as Asia/Kolkata), or formats with %z")
        self._at = _time_of_day(given.get("at", "00:00:00"))
        self._gap, self._fold = given.get("gap"), given.get("fold")
        for name, side in (("gap", self._gap), ("fold", self._fold)):
            if side not in _SIDES:
                raise BadConverter(f"`datetime`: `{name}` is earlier or later, not {side!r}")

    def one(self, value: str) -> str:
        """One moment, or a problem. A fraction of a second is refused rather than cut off."""
        moment, timed, _ = parsed(value.strip(), self._formats)
        if not timed:
            moment = moment.replace(hour=self._at.hour, minute=self._at.minute, second=self._at.second)
        if moment.microsecond:
            raise Unreadable("date-invalid", "it has a fraction of a second")
        if moment.tzinfo is None:
            if self._zone is None:
                raise Unreadable("date-invalid", "it has no offset, and the mapping states no zone")
            moment = self._placed(moment, self._zone)
        offset = moment.utcoffset()
        if offset is None or offset.total_seconds() % 60:
            raise Unreadable("date-invalid", "the zone's clock was then set by the sun; write it with its offset")
        return moment.isoformat(timespec="seconds")

    def _placed(self, moment: dt.datetime, place: ZoneInfo) -> dt.datetime:
        """The wall-clock time in its zone."""
        early, late = moment.replace(tzinfo=place), moment.replace(tzinfo=place, fold=1)
        if early.utcoffset() == late.utcoffset():
            return early
        try:
            shown = [
                one.astimezone(dt.UTC).astimezone(place) for one in (late, early)
            ]  # in a gap: an hour less, one more
        except OverflowError:
            raise Unreadable("date-invalid", "no calendar goes so far") from None
        if shown[1].replace(tzinfo=None) != moment:
            if self._gap is None:
                raise Unreadable("datetime-gap", str(place))
            return shown[1] if self._gap == "later" else shown[0]
        if self._fold is None:
            raise Unreadable("datetime-twice", str(place))
        return early if self._fold == "earlier" else late


def _time_of_day(text: Any) -> dt.time:
    """Hours and minutes, seconds where they are given. Raises BadConverter."""
    try:
        if isinstance(text, str) and _TIME_OF_DAY.fullmatch(text):
            return dt.time.fromisoformat(text)
    except ValueError:
        pass
    raise BadConverter(f'`datetime`: `at` is a time of day such as "23:59:59", not {text!r}')
