"""`rows.credit_id`: a credit that was accepted once is never sent again, whoever asks, and however the first time ended."""

from __future__ import annotations

from unittest import mock

import pytest

from importer.errors import MappingError
from importer.journal import Journal

SHEET = "Code,Name,Points,Bill\nC1,Ann,10,B1\nC2,Ben,20,B2\n"


@pytest.fixture
def mapping(house):
    return house.adding + "rows: {credit_id: [Bill]}\n"


@pytest.fixture
def skip(house):
    return house.adding + "rows: {credit_id: [Bill], unchanged: skip}\n"


def doubled(house) -> int:
    return house.emulator.statistics().double_credits


def test_the_same_file_again_credits_nothing(house, mapping, skip):
    house.write("a.csv", SHEET)
    assert house.states(house.run("a.csv", mapping)) == "updated updated"
    again = house.run("a.csv", mapping)
    assert house.states(again) == "skipped skipped"
    assert "its credit was accepted before: row 2 of" in house.results(again)[2]["message"]
    assert house.states(house.run("a.csv", mapping, full=True)) == "skipped skipped"
    assert house.states(house.run("a.csv", skip)) == "unchanged unchanged"
    assert doubled(house) == 0


def test_a_new_credit_with_the_same_content_is_sent(house, skip):
    """Two bills over ten points each are two credits, though the requests look alike."""
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,10,B1\n")
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,10,B1\nC1,Ann,10,B2\n")
    assert house.states(house.run("a.csv", skip)) == "unchanged updated"
    assert sum(house.points().values()) == 20


def test_a_used_credit_with_other_content_is_not_sent_and_says_so(house, skip):
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,10,B1\n")
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,99,B1\n")
    again = house.run("a.csv", skip)
    assert house.states(again) == "skipped"
    assert "other content" in house.results(again)[2]["message"]
    assert sum(house.points().values()) == 10


def test_the_same_credit_twice_in_a_file_goes_once(house, mapping):
    """The first row stands in for the others; where it does not end well, they do not either."""
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,10,B1\nC2,Ben,20,B2\nC1,Ann,10,B1\n")
    run = house.run("a.csv", mapping)
    assert house.states(run) == "updated updated superseded"
    assert "row 2 has the same credit" in house.results(run)[4]["message"]
    assert (doubled(house), house.summary.exit_code) == (0, 0)
    house.write("b.csv", "Code,Name,Points,Bill\nC1,Ann,11,B8\nC1,Ann,11,B8\n")
    house.strike(house.refused("C1"))
    run = house.run("b.csv", mapping)
    assert (house.states(run), house.summary.exit_code) == ("rejected superseded", 1)
    house.strike()
    assert house.states(house.retry(run, rejected=True)) == "updated superseded"
    assert doubled(house) == 0


def test_a_credit_that_was_perhaps_applied_is_held_until_somebody_takes_the_risk(house, mapping):
    house.write("a.csv", SHEET)
    house.strike(house.lost("C1"))
    run = house.run("a.csv", mapping)
    assert house.states(run) == "unknown updated"
    house.strike()
    again = house.run("a.csv", mapping)
    assert house.states(again) == "unknown skipped"
    assert "--unknown" in house.results(again)[2]["message"]
    assert f"row 2 of {run.name}" in house.results(again)[2]["message"]
    assert doubled(house) == 0
    assert house.states(house.run("a.csv", mapping, unknown=True)) == "updated skipped"
    assert house.states(house.run("a.csv", mapping, unknown=True)) == "skipped skipped"
    assert doubled(house) == 1


@pytest.mark.parametrize("ends", ["refused", "down"])
def test_a_credit_that_was_certainly_not_applied_is_free_again(house, mapping, ends):
    house.write("a.csv", SHEET)
    house.strike(getattr(house, ends)("C1"))
    run = house.run("a.csv", mapping)
    house.strike()
    assert house.states(house.run("a.csv", mapping)) == "updated skipped"
    assert house.states(house.retry(run, rejected=True)) == "skipped skipped"
    assert doubled(house) == 0


def killed(house, sheet: str, mapping: str):
    """A run that is cut off when it is about to send; its folder."""
    with mock.patch("importer.run.delivering.send", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        house.run(sheet, mapping)
    return max((house.folder / "runs").iterdir(), key=lambda run: run.stat().st_mtime_ns)


def test_a_dead_runs_credits_go_to_whoever_comes_next_and_its_resumption_sends_them_not_again(house, mapping):
    house.write("a.csv", SHEET)
    died = killed(house, "a.csv", mapping)
    assert house.states(house.run("a.csv", mapping)) == "updated updated"
    resumed = house.resume(died)
    assert house.states(resumed) == "skipped skipped"
    assert doubled(house) == 0


def test_a_dead_run_that_may_have_sent_a_credit_keeps_it(house, mapping):
    """Its journal knows: an intent without an answer."""
    house.write("a.csv", SHEET)
    died = killed(house, "a.csv", mapping)
    with Journal.open(died) as journal:
        journal.add_past(0, {}, [2])  # as if that request had left
    assert house.states(house.run("a.csv", mapping)) == "unknown updated"
    assert doubled(house) == 0


def test_a_dead_run_whose_journal_is_gone_may_have_sent_all(house, mapping):
    house.write("a.csv", SHEET)
    died = killed(house, "a.csv", mapping)
    (died / "journal.db").unlink()
    assert house.states(house.run("a.csv", mapping)) == "unknown unknown"


def test_credits_of_a_run_that_is_at_work_are_left_to_it(house, mapping):
    house.write("a.csv", SHEET)
    died = killed(house, "a.csv", mapping)
    with Journal.open(died):  # as long as it is open, it is at work
        run = house.run("a.csv", mapping, unknown=True)
    assert house.states(run) == "unknown unknown"
    assert "which is at work" in house.results(run)[2]["message"]
    assert not house.applied()


def test_a_plan_tells_the_same_and_claims_nothing(house, mapping):
    house.write("a.csv", SHEET)
    house.strike(house.refused("C1"))
    house.run("a.csv", mapping)
    assert house.states(house.plan("a.csv", mapping)) == "planned skipped"
    house.strike()
    assert house.states(house.run("a.csv", mapping)) == "updated skipped"


def test_a_row_that_adds_must_say_what_identifies_its_credit(house, mapping):
    """A row that adds nothing needs nothing."""
    house.write("a.csv", "Code,Name,Points,Bill\nC1,Ann,10,\nC2,Ben,,\nC3,Cho,5,B3\n")
    run = house.run("a.csv", mapping + "guards: {max_invalid: 100%}\n")
    assert house.states(run) == "invalid updated updated"
    assert house.results(run)[2]["code"] == "credit-id-blank"
    assert "Bill is blank" in house.results(run)[2]["message"]


def test_several_columns_together_may_identify_a_credit(house):
    mapping = house.adding + "rows: {credit_id: [Bill, $file]}\n"
    house.write("a.csv", SHEET)
    house.write("b.csv", SHEET)
    assert house.states(house.run("a.csv", mapping)) == "updated updated"
    assert house.states(house.run("b.csv", mapping)) == "updated updated"
    assert house.states(house.run("b.csv", mapping)) == "skipped skipped"


def test_skipping_unchanged_rows_that_add_needs_something_that_identifies_them(house):
    house.write("a.csv", SHEET)
    with pytest.raises(MappingError, match="credit_id"):
        house.run("a.csv", house.adding + "rows: {unchanged: skip}\n")
