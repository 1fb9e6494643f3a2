"""From what a workbook stores to the text that a person sees, without loss, or the name of the damage.

Integers up to 15 digits are exact in the file and are given in full, however the program shows them. Beyond 15
significant digits a double no longer holds every number: a spreadsheet program fills up with zeros there, so a number
that ends so may have been cut, and is named (IEEE 754 binary64; ECMA-376 part 1, 18.18.22).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from importer.sheets.workbook.formats import NumberFormat, Shape, padded

SIGNIFICANT_DIGITS = 15
SHOWN_SHORTENED = 12  # digits, from which on programs show a number without a format in e-notation
EXACT = 2**53  # up to here a double holds every whole number
LAST_SERIAL = 2_958_465  # 9999-12-31
LEAP_BUG = 60  # the serial that stands for 1900-02-29, a day that never was
DAY_MS = 86_400_000
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,6})?")
FRACTION = re.compile(r"[0-9]{1,15}\.[0-9]{1,20}")  # the usual way to write one
LONGEST_NUMBER = 400  # characters; a double written out in full has fewer
LARGEST_POWER = 308  # of ten, that a double holds
NO_NUMBER = "it is stored as a number and is none"
EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a wall-clock date without zone
EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - as above


class Cell(NamedTuple):
    """A cell's text, and the slug of its damage with what the message adds."""

    text: str
    slug: str = ""
    detail: str = ""


def number_cell(raw: str, form: NumberFormat, *, epoch_1904: bool) -> Cell:
    """The text of a stored number under its format."""
    return _usual_number(raw, form) or _any_number(raw, form, epoch_1904=epoch_1904)


def _usual_number(raw: str, form: NumberFormat) -> Cell | None:
    """The same for most numbers of a customer sheet, written as usual; None for others."""
    if len(raw) <= SIGNIFICANT_DIGITS and raw.isascii() and raw.isdigit():
        digits = raw.lstrip("0") or "0"
        if form.shape is Shape.PLAIN:
            return Cell(digits)
        return Cell(padded(digits, form.places)) if form.shape is Shape.PADDED else None
    if form.shape is Shape.PLAIN and FRACTION.fullmatch(raw):
        text = f"{float(raw):.{SIGNIFICANT_DIGITS}g}"
        return Cell(text) if "." in text and "e" not in text else None
    return None


def _any_number(raw: str, form: NumberFormat, *, epoch_1904: bool) -> Cell:
    if len(raw) > LONGEST_NUMBER or not NUMBER.fullmatch(raw):
        return Cell(raw, "excel-error", NO_NUMBER)
    value = Decimal(raw)
    if value.adjusted() > LARGEST_POWER:
        return Cell(raw, "excel-error", NO_NUMBER)
    if form.shape is Shape.BY_VALUE:
        form = form.under(value)
    if form.shape in {Shape.DATE, Shape.TIME, Shape.DATETIME, Shape.ELAPSED}:
        return moment_cell(raw, float(value), form.shape, epoch_1904=epoch_1904)
    if form.shape is Shape.TEXT:
        return Cell(form.places)
    plain = plain_number(value)
    if form.shape is Shape.PERCENT and not plain.slug:
        return Cell(f"{_fixed(Decimal(plain.text) * 100)}%")
    if form.shape is Shape.PADDED and plain.text.isdigit():
        return Cell(padded(plain.text, form.places), plain.slug, plain.detail)
    return plain


def shown_shortened(cell: Cell, form: NumberFormat) -> bool:
    """Whether programs show this number in e-notation though it has all its digits: a long one without a format."""
    return form.general and len(cell.text) >= SHOWN_SHORTENED and cell.text.isdigit()


def plain_number(value: Decimal) -> Cell:
    """All digits that are certain; the slug of the damage where some are not."""
    if value == value.to_integral_value():
        text = _fixed(value)
        digits = text.lstrip("-")
        if len(digits) <= SIGNIFICANT_DIGITS:
            return Cell(text)
        if abs(int(value)) > EXACT or not digits[SIGNIFICANT_DIGITS:].strip("0"):
            return Cell(text, "excel-rounded")
        return Cell(text)
    text = f"{float(value):.{SIGNIFICANT_DIGITS}g}"
    return Cell(_fixed(Decimal(text)) if "e" in text else text)


def _fixed(value: Decimal) -> str:
    """Without e-notation and without zeros that say nothing."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def moment_cell(raw: str, serial: float, shape: Shape, *, epoch_1904: bool) -> Cell:
    """ISO text of a date serial: a day, a time of day, both, or elapsed hours."""
    if shape is Shape.ELAPSED:
        return Cell(elapsed(serial)) if serial >= 0 else Cell(raw, "date-impossible", "it is negative")
    last = LAST_SERIAL - (1462 if epoch_1904 else 0)
    if serial < 0 or serial >= last + 1:
        return Cell(raw, "date-impossible", "it lies outside the calendar")
    milliseconds = round(serial * DAY_MS)
    if abs(milliseconds - (whole := round(milliseconds / 1000) * 1000)) <= 1:
        milliseconds = whole  # a double's noise, not a fraction of a second
    if shape is Shape.TIME and serial < 1:  # less than a millisecond before midnight is midnight
        return Cell((EPOCH_1904 + dt.timedelta(milliseconds=milliseconds)).time().isoformat(_precision(milliseconds)))
    days = milliseconds // DAY_MS
    if epoch_1904:
        moment = EPOCH_1904 + dt.timedelta(milliseconds=milliseconds)
    else:
        if days in {0, LEAP_BUG}:
            return Cell(raw, "date-impossible", "it stands for a day that never was")
        early = dt.timedelta(days=1) if days < LEAP_BUG else dt.timedelta()
        moment = EPOCH_1900 + early + dt.timedelta(milliseconds=milliseconds)
    if shape is Shape.DATE and not milliseconds % DAY_MS:
        return Cell(moment.date().isoformat())
    return Cell(moment.isoformat(timespec=_precision(milliseconds)))


def iso_cell(raw: str, shape: Shape) -> Cell:
    """The text of a cell that stores its date in ISO form: a day where the format shows a day alone."""
    day, _, time = raw.partition("T")
    if shape is Shape.DATE and time and not time.strip("0:.Z"):
        return Cell(day)
    return Cell(raw)


def _precision(milliseconds: int) -> str:
    return "milliseconds" if milliseconds % 1000 else "seconds"


def elapsed(serial: float) -> str:
    """Hours beyond a day too: 25:30:00."""
    seconds, milliseconds = divmod(round(serial * DAY_MS), 1000)
    if milliseconds in {1, 999}:
        seconds, milliseconds = seconds + milliseconds // 999, 0
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}" + (f".{milliseconds:03d}" if milliseconds else "")
