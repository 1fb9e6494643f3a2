"""Moments: the zone's skipped and repeated hours, offsets in the cell, the time of cells that have none."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.converters import make

BERLIN = {"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"}
YEARS = dt.datetime(1990, 1, 1), dt.datetime(2040, 1, 1)  # noqa: DTZ001 - wall-clock time is the point
GAP, TWICE = "31.03.2024 02:30", "27.10.2024 02:30"

CASES = [
    # argument, cell, what comes of it
    (BERLIN, "31.03.2024 01:59", "2024-03-31T01:59:00+01:00"),
    (BERLIN, "31.03.2024 03:00", "2024-03-31T03:00:00+02:00"),
    (BERLIN, GAP, "<datetime-gap>"),
    ({**BERLIN, "gap": "later"}, GAP, "2024-03-31T03:30:00+02:00"),
    ({**BERLIN, "gap": "earlier"}, GAP, "2024-03-31T01:30:00+01:00"),
    ({**BERLIN, "fold": "later"}, GAP, "<datetime-gap>"),  # one option does not decide the other's question
    (BERLIN, TWICE, "<datetime-twice>"),
    ({**BERLIN, "fold": "earlier"}, TWICE, "2024-10-27T02:30:00+02:00"),
    ({**BERLIN, "fold": "later"}, TWICE, "2024-10-27T02:30:00+01:00"),
    ({**BERLIN, "gap": "later"}, TWICE, "<datetime-twice>"),
    (BERLIN, "2024-03-31T02:30:00+01:00", "2024-03-31T02:30:00+01:00"),  # its own offset needs no zone
    (BERLIN, "2024-03-31 02:30:00", "<datetime-gap>"),  # ISO text without one does
    (BERLIN, "2024-07-01", "2024-07-01T00:00:00+02:00"),
    ({**BERLIN, "at": "23:59:59"}, "2024-07-01", "2024-07-01T23:59:59+02:00"),
    ({**BERLIN, "at": "23:59:59"}, "01.07.2024 08:15", "2024-07-01T08:15:00+02:00"),  # `at` only without a time
    (BERLIN, "2024-07-01T08:15:00.5", "<date-invalid>"),  # a fraction would be lost
    ({"format": "%d/%m/%Y %H:%M %z"}, "01/07/2024 08:15 +0530", "2024-07-01T08:15:00+05:30"),
    ({"format": "%d/%m/%Y %H:%M %z"}, "2024-07-01 08:15:00", "<date-invalid>"),  # no offset, and no zone stated
    ({"format": "%d/%m/%Y %I:%M %p", "zone": "UTC"}, "01/07/2024 12:15 AM", "2024-07-01T00:15:00+00:00"),
    ({"format": "%d/%m/%Y", "zone": "Asia/Kolkata"}, "01/01/1850", "<date-invalid>"),  # +05:53:28 then
    ({"format": ["%d/%m/%Y", "%m/%d/%Y"], "zone": "UTC"}, "02/03/2024", "<date-ambiguous>"),
    ({"format": "%d/%m/%Y", "zone": "Pacific/Apia"}, "30/12/2011", "<datetime-gap>"),  # a day that Samoa skipped
]


@pytest.mark.parametrize(("argument", "cell", "expected"), CASES)
def test_a_moment_is_exact_or_a_problem(convert, argument, cell, expected):
    assert convert("datetime", argument, cell) == expected


@given(
    moment=st.datetimes(*YEARS).map(lambda one: one.replace(microsecond=0)),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_a_moment_that_comes_back_shows_the_wall_clock_time_of_the_cell(moment, zone):
    """And where the zone's clock never showed it, or twice, it is refused."""
    cell = moment.strftime("%d.%m.%Y %H:%M:%S")
    (found,) = make("datetime", {"format": "%d.%m.%Y %H:%M:%S", "zone": zone}).many([cell])
    place = ZoneInfo(zone)
    shown = {
        one.replace(tzinfo=None)
        for fold in (0, 1)
        for one in [moment.replace(tzinfo=place, fold=fold).astimezone(dt.UTC).astimezone(place)]
    }
    offsets = {moment.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) == 1:
        assert dt.datetime.fromisoformat(found).replace(tzinfo=None) == moment
        assert dt.datetime.fromisoformat(found) == moment.replace(tzinfo=place)
    else:
        assert found.slug == ("datetime-twice" if shown == {moment} else "datetime-gap")
