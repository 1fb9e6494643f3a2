"""The geometry of the page's charts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.records import Status
from importer.report.html import Moment, Moments
from importer.report.html.charts import HEIGHT, WIDTH, latency, round_up, state_bar, throughput, times
from importer.report.html.page import share
from importer.report.html.words import lasting

counts = st.dictionaries(st.sampled_from(Status), st.integers(0, 10**7), min_size=1)
latencies = st.none() | st.floats(0.1, 60_000)


@given(counts)
def test_the_bar_is_filled_from_end_to_end_and_shows_every_state(found):
    parts = state_bar(found)
    assert [part.status for part in parts] == [status for status in Status if found.get(status)]
    if parts:
        assert sum(part.width for part in parts) == pytest.approx(WIDTH, abs=0.1)
        assert all(part.width > 2 for part in parts), "a state of one row in a million is still seen"


@given(
    st.lists(st.tuples(st.integers(0, 10**5), latencies), min_size=1, max_size=60), st.none() | st.floats(0.1, 10**4)
)
def test_no_shape_leaves_its_chart(found, rate):
    moments = Moments("2026-03-01T12:00:00.000+00:00", 0.5, [Moment(rows, 0, ms, ms and ms * 2) for rows, ms in found])
    drawn = throughput(moments, rate)
    for column in drawn.columns:
        assert 0 <= column.x <= WIDTH
        assert -0.01 <= column.y <= HEIGHT + 0.01
        assert column.y + column.height == pytest.approx(HEIGHT, abs=0.02)
    curves = latency(moments)
    if curves:
        for line in (*curves.lines["median"], *curves.lines["slow"]):
            for point in line.split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= WIDTH + 0.01
                assert -0.01 <= y <= HEIGHT + 0.01


def test_a_curve_breaks_where_nothing_came_back():
    moments = Moments("2026-03-01T12:00:00.000+00:00", 1, [Moment(1, 0, ms, ms) for ms in (5, None, 5, 5)])
    assert len(latency(moments).lines["median"]) == 2


def test_nothing_came_back_so_there_is_no_chart_of_it():
    assert latency(Moments("2026-03-01T12:00:00.000+00:00", 1, [Moment(1, 0, None, None)])) is None


@given(st.floats(0.001, 10**9))
def test_an_axis_ends_above_the_largest_value_at_a_number_easy_to_read(value):
    top = round_up(value)
    assert value <= top * (1 + 1e-9)
    assert top <= value * 2.01
    assert f"{top:.0e}"[0] in "125"


SHARES = [(0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.0001, "<0.1 %"), (0.99999, ">99.9 %"), (0.893, "89.3 %")]


@pytest.mark.parametrize(("part", "words"), SHARES)
def test_a_share_is_never_rounded_to_nothing_or_to_all(part, words):
    assert share(part) == words


TIMES = [
    # (seconds that the chart covers, what stands along its lower edge)
    (0.08, ("0 ms", "20 ms", "40 ms", "60 ms", "80 ms")),
    (120, ("0 s", "30 s", "60 s", "90 s", "120 s")),
    (232, ("0 min", "0.97 min", "1.93 min", "2.9 min", "3.87 min")),
    (36_000, ("0 h", "2.5 h", "5 h", "7.5 h", "10 h")),
    (604_800, ("0 days", "1.75 days", "3.5 days", "5.25 days", "7 days")),
]


@pytest.mark.parametrize(("seconds", "words"), TIMES)
def test_the_times_along_a_chart_have_one_unit(seconds, words):
    parts = [Moment(1, 0, 1.0, 1.0)] * 4
    assert times(Moments("2026-03-01T12:00:00.000+00:00", seconds / 4, parts)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.25, "0.2 s"), (59.9, "59.9 s"), (232, "3 min 52 s"), (93_784, "26 h 3 min")]
)
def test_a_duration_is_told_in_two_units_at_most(seconds, words):
    assert lasting(seconds) == words
