"""Rates, shares and the hours in which a target system may be written to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import SettingsError
from importer.settings import Schedule, parse_rate
from importer.settings.rate import parse_share


@pytest.mark.parametrize(
    ("text", "per_second"),
    [("20/s", 20.0), ("100/min", 100 / 60), ("5000/h", 5000 / 3600), (" 0.5 / s ", 0.5), ("1000/min", 1000 / 60)],
)
def test_a_rate_is_read_as_requests_per_second(text, per_second):
    assert parse_rate(text) == pytest.approx(per_second)


@pytest.mark.parametrize("text", ["", "20", "0/s", "-1/s", "20/day", "20 per s", "nan/s", "١/s", "1e3/s"])
def test_what_is_no_rate_is_refused_with_the_three_forms(text):
    with pytest.raises(SettingsError) as caught:
        parse_rate(text)
    assert caught.value.advice == "Write it as 20/s, 100/min or 5000/h."


def test_a_share_is_read_as_a_number_up_to_one():
    assert (parse_share("80%"), parse_share("100 %")) == (0.8, 1.0)
    for text in ("0%", "101%", "80", "", "80.5%"):
        with pytest.raises(SettingsError):
            parse_share(text)


NIGHT = Schedule.read("22:00-06:00", "Asia/Kolkata")  # UTC+05:30
DAY = Schedule.read("9:00-17:30", "Europe/Berlin")


@pytest.mark.parametrize(
    ("schedule", "now", "wait_s"),
    [
        (NIGHT, "2026-01-10T16:30:00+00:00", 0),  # 22:00 there: just open
        (NIGHT, "2026-01-10T16:29:00+00:00", 60),
        (NIGHT, "2026-01-10T20:00:00+00:00", 0),  # 01:30 there, after midnight
        (NIGHT, "2026-01-11T00:30:00+00:00", 16 * 3600),  # 06:00 there: just closed
        (DAY, "2026-01-10T12:00:00+00:00", 0),
        (DAY, "2026-01-10T16:30:00+00:00", 15.5 * 3600),  # 17:30 there
        (DAY, "2026-03-28T17:00:00+00:00", 14 * 3600),  # the clock is put forward in this night: an hour less
    ],
)
def test_a_closed_window_says_how_long_until_it_opens(schedule, now, wait_s):
    assert schedule.wait_s(datetime.fromisoformat(now)) == wait_s


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_after_the_wait_the_window_is_open(now):
    """Also across changes of the clock."""
    for schedule in (NIGHT, DAY):
        wait = schedule.wait_s(now)
        assert 0 <= wait <= 25 * 3600
        opened = datetime.fromtimestamp(now.timestamp() + wait, UTC)
        assert schedule.wait_s(opened) < 0.001


@pytest.mark.parametrize("allow", ["22-6", "25:00-06:00", "22:60-06:00", "", "6:00-6:00"])
def test_what_is_no_window_of_a_day_is_refused(allow):
    with pytest.raises(SettingsError):
        Schedule.read(allow, "Asia/Kolkata")
