"""Dates and times by stated formats; ISO 8601 text is always read, as typed Excel dates arrive so.

A value that fits several formats with different results is a problem, never a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.endpoint import Kind
from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options

ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_TIME_DIRECTIVES = re.compile(r"%[HIMScXfpT]")
_DIRECTIVES = re.compile(r"%(.)")
_KNOWN = set("aAbBdHIjmMpSfyYzZcxX%TDFR")
_NOT_ASCII_DIGIT = re.compile(r"(?![0-9])\d")


class Date(Converter):
    """A day."""

    name = "date"
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
    judges = True
    help = (
        "Takes a date with or without a time; yields YYYY-MM-DDTHH:MM:SS±hh:mm. `at` is the time of cells that have none "
        "(00:00:00), `zone` an IANA name for those without an offset. Refuses moments that the zone's clock skips or shows "
        "twice, unless `fold: earlier | later` decides."
    )
    arguments = '{format: FORMAT | [FORMAT, …], at: "23:59:59", zone: Asia/Kolkata, fold: earlier | later}'
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
            {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
            "27.10.2024 02:30",
            problem="datetime-twice",
        ),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = options(Datetime, argument, ("format", "at", "zone", "fold"))
        self._formats = formats(given.get("format"), "datetime")
        self._zone = zone(given.get("zone"))
        if self._zone is None and not all("%z" in one for one, _ in self._formats):
            raise BadConverter("`datetime` needs a `zone` (an IANA name such as Asia/Kolkata), or formats with %z")
        try:
            self._at = dt.time.fromisoformat(given.get("at", "00:00:00"))
        except (TypeError, ValueError):
            raise BadConverter('`datetime`: `at` is a time of day such as "23:59:59"') from None
        self._fold = given.get("fold")
        if self._fold not in (None, "earlier", "later"):
            raise BadConverter("`datetime`: `fold` is earlier or later")

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
        try:
            return moment.isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            raise Unreadable("date-invalid") from None

    def _placed(self, moment: dt.datetime, place: ZoneInfo) -> dt.datetime:
        """The wall-clock time in its zone."""
        early, late = moment.replace(tzinfo=place), moment.replace(tzinfo=place, fold=1)
        if early.utcoffset() == late.utcoffset():
            return early
        try:
            there_and_back = early.astimezone(dt.UTC).astimezone(place).replace(tzinfo=None)
        except OverflowError:
            raise Unreadable("date-invalid") from None
        if there_and_back != moment:
            raise Unreadable("datetime-gap", str(place))
        if self._fold is None:
            raise Unreadable("datetime-twice", str(place))
        return early if self._fold == "earlier" else late


Format = tuple[str, bool]  # strptime's format, and whether it tells a time


def formats(argument: Any, name: str) -> list[Format]:
    """One format or a list of them. Raises BadConverter."""
    given = [argument] if isinstance(argument, str) else argument
    if not isinstance(given, list) or not given or not all(isinstance(one, str) and one for one in given):
        raise BadConverter(f'`{name}` needs a format such as "%d/%m/%Y", or a list of them')
    for one in given:
        letters = _DIRECTIVES.findall(one)
        unknown = [letter for letter in letters if letter not in _KNOWN]
        if unknown or not letters:
            what = f"%{unknown[0]} is none of strptime's letters" if unknown else f"{one!r} holds no % letters"
            raise BadConverter(f"`{name}`: {what}; %d is the day, %m the month, %Y the year")
        if not {"Y", "y", "c", "x", "D", "F"} & set(letters):
            raise BadConverter(f"`{name}`: {one!r} has no year; %Y has four digits, %y two")
    return [(_plain(one), bool(_TIME_DIRECTIVES.search(one))) for one in given]


def _plain(form: str) -> str:
    """Short forms spelled out, since strptime does not know them."""
    for short, long in (("%T", "%H:%M:%S"), ("%D", "%m/%d/%y"), ("%F", "%Y-%m-%d"), ("%R", "%H:%M")):
        form = form.replace(short, long)
    return form


def zone(name: Any) -> ZoneInfo | None:
    """A zone by its IANA name. Raises BadConverter."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise BadConverter(
            f"`datetime` knows no zone {name!r}; write an IANA name such as Asia/Kolkata or UTC"
        ) from None


def parsed(text: str, known: list[Format]) -> tuple[dt.datetime, bool, str]:
    """(moment, whether it tells a time, the format) of a text that every fitting format reads alike."""
    found: list[tuple[dt.datetime, bool, str]] = []
    if _NOT_ASCII_DIGIT.search(text):
        raise Unreadable("date-invalid", "it has digits other than 0 to 9")
    if (iso := ISO.fullmatch(text)) and (moment := quietly(dt.datetime.fromisoformat, text)) is not None:
        found.append((moment, iso[2] is not None, "ISO"))
    for form, timed in known:
        if (moment := quietly(lambda one, form=form: dt.datetime.strptime(one, form), text)) is not None:  # type: ignore[misc]  # noqa: DTZ007
            found.append((moment, timed, form))
    if not found:
        raise Unreadable("date-invalid", "formats: " + ", ".join(form for form, _ in known))
    if len({(moment.replace(tzinfo=None), moment.tzinfo) for moment, *_ in found}) > 1:
        readings = ", ".join(sorted({moment.date().isoformat() for moment, *_ in found}))
        raise Unreadable("date-ambiguous", readings)
    return found[0]


def quietly(parse: Callable[[str], dt.datetime], text: str) -> dt.datetime | None:
    """The moment, or None where this reading does not fit."""
    try:
        return parse(text)
    except ValueError:
        return None
