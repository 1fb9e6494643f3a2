"""Stated formats of dates and times, and how a text is read by several of them at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.mapping.converters.base import BadConverter, Unreadable

ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_DIRECTIVES = re.compile(r"%(.)")
_SHORT = {"T": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M"}  # strptime does not know them
_TIME = frozenset("HIMSfp")
_KNOWN = frozenset("aAbBdHIjmMpSfyYz%")
_ELSEWHERE = {  # letters whose meaning depends on the machine, or that lose something silently
    "c": "its meaning depends on the machine; spell it out, as in %d/%m/%Y %H:%M:%S",
    "x": "its meaning depends on the machine; spell it out, as in %d/%m/%Y",
    "X": "its meaning depends on the machine; spell it out, as in %H:%M:%S",
    "Z": "names of zones mean several zones; use %z for offsets such as +05:30, or state `zone`",
}
_NOT_ASCII_DIGIT = re.compile(r"(?![0-9])\d")
_DAY = "it names no whole day: a year (%Y or %y), a month (%m, %b or %B) and a day (%d)"


Format = tuple[str, bool]  # strptime's format, and whether it tells a time


def formats(argument: Any, name: str) -> list[Format]:
    """One format or a list of them. Raises BadConverter."""
    given = [argument] if isinstance(argument, str) else argument
    if not isinstance(given, list) or not given or not all(isinstance(one, str) and one for one in given):
        raise BadConverter(f'`{name}` needs a format such as "%d/%m/%Y", or a list of them')
    return [_checked(one, name) for one in given]


def _checked(form: str, name: str) -> Format:
    """A format that strptime can read, and that names a whole day. Raises BadConverter."""
    plain = _DIRECTIVES.sub(lambda found: _SHORT.get(found[1], found[0]), form)
    letters = set(_DIRECTIVES.findall(plain))
    if wrong := _wrong(letters, form):
        raise BadConverter(f"`{name}`: {wrong}; %d is the day, %m the month, %Y the year")
    try:
        dt.datetime.strptime("", plain)  # noqa: DTZ007 - nothing is read: only the format is tried
    except re.error:
        raise BadConverter(f"`{name}`: {form!r} names the same part twice") from None
    except ValueError as error:
        if "does not match" not in str(error):
            raise BadConverter(f"`{name}`: {form!r} is no format: {error}") from None
    return plain, bool(letters & _TIME)


def _wrong(letters: set[str], form: str) -> str:
    """What keeps these letters from being a format of ours, in words."""
    if elsewhere := letters & _ELSEWHERE.keys():
        letter = min(elsewhere)
        return f"%{letter} cannot be used: {_ELSEWHERE[letter]}"
    if unknown := letters - _KNOWN:
        return f"%{min(unknown)} is none of strptime's letters"
    if not letters - {"%"}:
        return f"{form!r} holds no % letters"
    if not letters & {"Y", "y"} or not (({"d"} <= letters and letters & {"m", "b", "B"}) or "j" in letters):
        return f"{form!r}: {_DAY}"
    if ("I" in letters) != ("p" in letters):
        return f"{form!r}: hours from 1 to 12 (%I) go with AM or PM (%p), and neither goes without the other"
    return ""


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
