"""What the journal says of a run as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.journal import RowEntry, SheetEntry
from importer.journal.figures import SLICES_AT_MOST, fitting_width, place, quantile
from importer.records import Notice, Outcome, RowId, Status

BEGAN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def ended(row, status=Status.UPDATED, *, after_s=0.0, latency_ms=10.0, sheet=0, **more):
    sent_at = (BEGAN + timedelta(seconds=after_s)).isoformat(timespec="milliseconds")
    told = {"attempts": 1, "latency_ms": latency_ms, "sent_at": sent_at} | more
    return Outcome(RowId(sheet, row), status, **told)


def test_nothing_was_sent_so_there_is_no_timeline(journal):
    assert journal.figures.timeline() is None


def test_rows_fall_into_the_slice_of_time_in_which_they_were_sent(journal):
    """Eight rows over a minute: slices of ten seconds, the empty ones among them."""
    journal.conclude(
        [ended(2 + number, after_s=second) for number, second in enumerate([0, 1, 2, 9.999, 10, 31, 59, 59.5])]
    )
    timeline = journal.figures.timeline()
    assert timeline.start == "2026-03-01T12:00:00.000+00:00"
    assert timeline.width_s == 10
    assert [one.rows for one in timeline.slices] == [4, 1, 0, 1, 0, 2]
    assert timeline.slices[2].median_ms is None


def test_the_fastest_second_of_each_slice_is_told(journal):
    journal.conclude([ended(2 + number, after_s=second) for number, second in enumerate([0, 5, 5.1, 5.9, 59])])
    assert [one.fastest_second for one in journal.figures.timeline().slices] == [3, 0, 0, 0, 0, 1]


def test_latencies_come_as_median_and_as_what_95_of_100_stay_below(journal):
    journal.conclude(
        [ended(2 + number, latency_ms=ms) for number, ms in enumerate([1, 2, 3, 4, 5, 6, 7, 8, 9, 12_345])]
    )
    (only,) = journal.figures.timeline().slices
    assert (only.median_ms, only.slow_ms) == (5, 12_000)


def test_rows_that_were_never_sent_are_no_part_of_the_timeline(journal):
    journal.conclude([Outcome(RowId(0, 2), Status.SKIPPED), ended(3, latency_ms=None, attempts=2)])
    (only,) = journal.figures.timeline().slices
    assert (only.rows, only.repeated, only.median_ms) == (1, 1, None)


@given(st.floats(0, 10**9), st.integers(1, 10**7))
def test_no_run_needs_more_slices_than_are_shown(seconds, rows):
    assert seconds / fitting_width(seconds, rows) <= SLICES_AT_MOST


@given(st.lists(st.integers(1, 1000), min_size=1), st.sampled_from([0.5, 0.95]))
def test_a_quantile_is_what_counting_says(values, share):
    values.sort()
    counted = [(float(value), values.count(value)) for value in dict.fromkeys(values)]
    found = quantile(counted, share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_what_was_said_is_counted_by_state_and_code_with_its_first_row(journal):
    journal.conclude([
        ended(3, Status.REJECTED, code="8015", message="not found"),
        ended(2, Status.REJECTED, code="8015", message="first"),
        ended(4, Status.FAILED, code="503"),
        ended(5),
    ])  # fmt: skip
    told = journal.figures.replies(10, waiting=Status.NOT_SENT)
    assert [(one.status, one.code, one.rows, one.first.row) for one in told] == [
        (Status.NOT_SENT, "", 6, 6),
        (Status.REJECTED, "8015", 2, 2),
        (Status.FAILED, "503", 1, 4),
    ]
    assert told[1].message == "first"
    assert {one.status for one in journal.figures.replies(10, waiting=Status.PLANNED)} == {
        Status.REJECTED,
        Status.FAILED,
    }
    assert [(one.code, one.rows) for one in journal.figures.errors(10)] == [("8015", 2), ("503", 1)]


def test_every_warning_of_a_row_counts(journal):
    both = (Notice("8058", "a"), Notice("8059", "b"))
    journal.conclude([ended(2, Status.PARTIAL, code="8058", warnings=both), ended(3, warnings=both[1:])])
    assert [(one.code, one.rows, one.message) for one in journal.figures.warnings(10)] == [
        ("8059", 2, "b"),
        ("8058", 1, "a"),
    ]


def test_the_largest_lanes_come_first_named_by_their_first_row(journal):
    journal.set_lanes([(RowId(0, row), 0 if row < 4 else 1) for row in range(2, 8)])
    assert [(one.rows, one.first.row, one.identifier_value) for one in journal.figures.largest_lanes(5)] == [
        (4, 4, "919876543204"),
        (2, 2, "919876543202"),
    ]


UNWELL = [
    # (outcomes, waiting, rows that did not end well)
    ([ended(2)], Status.PLANNED, []),
    ([ended(2)], Status.NOT_SENT, [3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ([ended(2, Status.PARTIAL), ended(3, Status.UPDATED_WITH_WARNINGS), ended(4, Status.INVALID)], Status.PLANNED, [2, 4]),
    # A superseded row ended as its successor did.
    ([Outcome(RowId(0, 2), Status.SUPERSEDED, successor=RowId(0, 3)), ended(3, Status.REJECTED)], Status.PLANNED, [2, 3]),
    ([Outcome(RowId(0, 2), Status.SUPERSEDED, successor=RowId(0, 3)), ended(3)], Status.PLANNED, []),
    ([Outcome(RowId(0, 2), Status.SUPERSEDED, successor=RowId(0, 3))], Status.PLANNED, []),
]  # fmt: skip


@pytest.mark.parametrize(("outcomes", "waiting", "rows"), UNWELL)
def test_rows_that_did_not_end_well_come_in_file_order(journal, outcomes, waiting, rows):
    journal.conclude(outcomes)
    assert [one.outcome.id.row for one in journal.unwell(waiting=waiting)] == rows


def test_rows_are_counted_by_sheet(journal):
    journal.add_sheet(SheetEntry(1, "b.csv", "b.csv", "00", "", ("Mobile",)))
    journal.add_chunk(1, [RowEntry(2, 2, "mobile", "", adds=False)], (), ())
    assert journal.figures.rows_of_sheets() == {0: 10, 1: 1}


@given(st.integers(0, 10_000), st.integers(0, 2**40 - 1))
def test_a_place_survives_its_packing(sheet, row):
    assert place(sheet << 40 | row) == RowId(sheet, row)
