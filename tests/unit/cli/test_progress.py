"""What a command says while it works."""

from __future__ import annotations

import pytest

from importer.cli.progress import Progress, Reading
from importer.records import Outcome, RowId, Status


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def outcome(row: int, status: Status = Status.UPDATED) -> Outcome:
    return Outcome(RowId(0, row), status)


def test_without_a_terminal_a_plain_line_comes_every_thirty_seconds_and_tells_everything(clock, capsys):
    """Rows, pace, time left, states; nothing in between."""
    progress = Progress(1_000, now=clock)
    for row in range(2, 302):
        clock.s += 0.25
        progress.outcome(outcome(row, Status.REJECTED if row % 10 == 0 else Status.UPDATED))
    progress.close()
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "120 of 1,000 rows, 4.0/s, about 0:03:40 left: 12 rejected, 108 updated",
        "240 of 1,000 rows, 4.0/s, about 0:03:10 left: 24 rejected, 216 updated",
    ]


def test_the_pace_that_is_told_is_the_present_one(clock, capsys):
    """A run that was fast an hour ago does not hide that it is slow now."""
    progress = Progress(10_000, now=clock)
    for row in range(2, 3_002):
        clock.s += 0.01
        progress.outcome(outcome(row))
    for row in range(3_002, 3_033):
        clock.s += 1
        progress.outcome(outcome(row))
    said = capsys.readouterr().err.splitlines()
    assert ", 100.0/s," in said[0]
    assert ", 1.0/s," in said[1]


def test_reading_is_told_too_so_that_a_long_plan_is_not_taken_for_dead(clock, capsys):
    reading = Reading(now=clock)
    for count in range(10_000, 100_001, 10_000):
        clock.s += 7
        reading.rows(count)
    reading.close()
    assert capsys.readouterr().err.splitlines() == [
        "Reading: 50,000 rows so far",
        "Reading: 100,000 rows so far",
    ]


def test_whoever_wants_no_progress_gets_none(clock, capsys):
    for one in (Progress(10, shown=False, now=clock), Reading(shown=False, now=clock)):
        clock.s += 100
        one.outcome(outcome(2)) if isinstance(one, Progress) else one.rows(10)
        one.close()
    assert capsys.readouterr().err == ""


def test_what_is_said_during_a_pause_is_a_line_of_its_own(clock, capsys):
    """Complaint 29: a run that waits says why."""
    Progress(10, now=clock).say("held for 60 s: too many requests")
    assert capsys.readouterr().err == "held for 60 s: too many requests\n"
