"""Dates and times that a file stores as ISO text or as a duration, as ISO text to the millisecond."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from importer.sheets.workbook.cells import Cell, elapsed

MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(\.[0-9]*)?)?Z?")
DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]*)?)S)?)?")
OUTSIDE = "it lies outside the calendar"
DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60


def iso_moment(raw: str) -> Cell:
    """`2024-01-05` or `2024-01-05T10:30:00.500000000`."""
    found = MOMENT.fullmatch(raw)
    try:
        day = dt.date.fromisoformat(found[1]) if found else None
        time = dt.time.fromisoformat(found[2]) if found and found[2] else None
    except ValueError:
        day = None
    if found is None or day is None:
        return Cell(raw, "date-impossible", OUTSIDE)
    if time is None:
        return Cell(found[1])
    milliseconds = round(Decimal(f"0{found[3] or '.0'}") * 1000)
    moment = dt.datetime.combine(day, time) + dt.timedelta(milliseconds=milliseconds)
    return Cell(moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds"))


def duration_cell(raw: str) -> Cell:
    """`PT10H30M00S`: a time of day, or hours beyond a day."""
    found = DURATION.fullmatch(raw)
    if found is None or found[1]:
        return Cell(raw, "date-impossible", "it is negative" if found else "it is no time")
    try:
        days, hours, minutes, seconds = (Decimal(part or 0) for part in found.groups()[1:])
    except InvalidOperation:
        return Cell(raw, "date-impossible", "it is no time")
    total = days * DAY_S + hours * HOUR_S + minutes * MINUTE_S + seconds
    return Cell(elapsed(float(total) / DAY_S))
