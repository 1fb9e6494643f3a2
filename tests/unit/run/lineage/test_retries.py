"""`retry`: which rows go again, which do not and why; and no older row overwrites a later accepted one."""

from __future__ import annotations

import shutil

import pytest

from importer.errors import RunError
from importer.journal import Journal


@pytest.fixture
def mixed(house):
    """A run of rows that add, of which the second was refused, the third lost its answer, the fourth failed."""
    house.write("four.csv", house.sheet)
    house.strike(house.refused("C2"), house.lost("C3"), house.down("C4"))
    run = house.run("four.csv", house.adding)
    assert house.states(run) == "updated rejected unknown failed"
    house.strike()
    return run


CASES = [
    # choice, states of the retry
    ({}, "skipped skipped skipped updated"),
    ({"rejected": True}, "skipped updated skipped updated"),
    ({"unknown": True}, "skipped skipped updated updated"),
    ({"rejected": True, "unknown": True}, "skipped updated updated updated"),
]


@pytest.mark.parametrize(("choice", "states"), CASES)
def test_what_goes_again_is_what_was_asked_for(house, mixed, choice, states):
    retry = house.retry(mixed, **choice)
    assert house.states(retry) == states
    assert house.summary.rows_read == 4 == sum(house.summary.counts.values())
    doubled = house.emulator.statistics().double_credits
    assert doubled == (1 if choice.get("unknown") else 0)  # that is what consent to --unknown means


def test_rows_that_are_not_retried_say_how_they_ended_and_what_would_send_them(house, mixed):
    messages = {row: line["message"] for row, line in house.results(house.retry(mixed)).items()}
    assert messages[2] == f"not retried: updated in {mixed.name}"
    assert "--rejected" in messages[3]
    assert "--unknown" in messages[4]
    assert "twice" in messages[4]


def test_unknown_rows_that_only_set_something_go_again_by_themselves(house):
    """… until one is answered; nothing is lost and nothing that harms is doubled."""
    house.write("four.csv", house.sheet)
    house.strike(house.lost("C3"))
    run = house.run("four.csv")
    assert house.states(run) == "updated updated unknown updated"
    house.strike()
    assert house.states(house.retry(run)) == "skipped skipped updated skipped"


def test_a_retry_of_a_run_that_was_retried_goes_on_from_the_last_word(house, mixed):
    """What the first retry accepted is not sent again, whichever run of the chain is named."""
    first = house.retry(mixed)
    sent = len(house.applied())
    second = house.retry(mixed, rejected=True)
    third = house.retry(first, rejected=True)
    assert house.states(second) == "skipped updated skipped skipped"
    assert house.results(second)[5]["message"] == f"not retried: updated in {first.name}"
    assert house.states(third) == "skipped skipped skipped skipped"
    assert len(house.applied()) == sent + 1


def test_an_older_row_never_overwrites_a_later_accepted_one(house):
    """Row 2 fails, row 3 of the same customer is accepted: a retry would bring old values back."""
    house.write("lane.csv", "Code,Name\nC1,Old\nC1,New\nC2,Ben\n")
    house.strike(house.down("C1").model_copy(update={"attempts": tuple(range(1, 7))}))
    run = house.run("lane.csv")
    assert house.states(run) == "failed updated updated"
    house.strike()
    retry = house.retry(run)
    assert house.states(retry) == "superseded skipped skipped"
    assert house.summary.exit_code == 0, "the row that stood in for it ended well"
    message = house.results(retry)[2]["message"]
    assert f"row 3 of {run.name}" in message
    assert "--older-too" in message
    assert ("C1", "Old") not in house.applied()
    assert house.states(house.retry(run, older_too=True)) == "updated skipped skipped"
    assert house.applied()[-1] == ("C1", "Old")


def test_a_later_row_that_only_a_retry_accepted_counts_too(house):
    """Both rows of a customer fail; a retry gets the later one through alone; the next one does not send the older."""
    house.write("lane.csv", "Code,Name\nC1,Old\nC1,New\n")
    house.strike(house.down("C1"))
    run = house.run("lane.csv")
    assert house.states(run) == "failed failed"
    house.strike(house.down("C1").model_copy(update={"attempts": tuple(range(1, 7))}))
    first = house.retry(run)
    assert house.states(first) == "failed updated"
    house.strike()
    second = house.retry(run)
    assert house.states(second) == "superseded skipped"
    assert f"row 3 of {run.name} is newer and was accepted in {first.name}" in house.results(second)[2]["message"]


def test_rows_that_were_merged_go_again_with_the_row_that_stood_in_for_them(house):
    """`merge`: the last row alone would lose what the others brought."""
    mapping = house.setting.replace("{firstName: Name}", "{firstName: Name, lastName: Last}")
    mapping += "rows: {same_customer: merge}\n"
    house.write("merge.csv", "Code,Name,Last\nC1,Ann,\nC1,,Muster\n")
    house.strike(house.down("C1"))
    run = house.run("merge.csv", mapping)
    assert house.states(run) == "superseded failed"
    house.strike()
    retry = house.retry(run)
    assert house.states(retry) == "superseded updated"
    assert house.applied() == [("C1", "Ann")]
    assert b"Muster" in house.emulator.record.updates()[-1].body


@pytest.mark.long
def test_a_retried_row_that_may_have_been_applied_is_never_called_failed(house):
    """Its answer was lost once, then the service was away: unknown it was, unknown it stays."""
    house.write("one.csv", "Code,Name\nC1,Ann\n")
    house.strike(house.lost("C1"))
    run = house.run("one.csv")
    assert house.states(run) == "unknown"
    house.strike(house.down("C1"))
    assert house.states(house.retry(run)) == "unknown"


def test_a_mended_mapping_may_be_used_and_a_changed_sheet_may_not(house):
    house.write("four.csv", house.sheet)
    house.strike(house.refused("C2"))
    run = house.run("four.csv")
    house.strike()
    house.write("mapping.yaml", house.setting.replace("{firstName: Name}", "{lastName: Name}"))
    assert house.states(house.retry(run, rejected=True)) == "skipped updated skipped skipped"
    assert b"lastName" in house.emulator.record.updates()[-1].body
    house.write("four.csv", house.sheet + "C5,Eve,50\n")
    with pytest.raises(RunError, match="changed since"):
        house.retry(run)


def test_a_plan_cannot_be_retried(house):
    house.write("four.csv", house.sheet)
    with pytest.raises(RunError, match="this is a plan"):
        house.retry(house.plan("four.csv"))


def test_only_the_youngest_run_of_a_family_can_be_resumed(house, mixed):
    retry = house.retry(mixed)
    with pytest.raises(RunError, match=retry.name):
        house.resume(mixed)
    house.resume(retry)


def test_a_retry_that_died_before_its_plan_was_complete_is_passed_over(house, mixed):
    """It sent nothing: the run before it is still the youngest."""
    died = house.retry(mixed)
    with Journal.open(died) as journal:
        journal.note(planned=False)
    house.resume(mixed)
    assert house.states(house.retry(mixed, rejected=True)).startswith("skipped updated")


def test_no_two_runs_of_a_family_are_at_work_at_a_time(house, mixed):
    retry = house.retry(mixed)
    for held in (mixed, retry):
        with Journal.open(held), pytest.raises(RunError, match="is open in process"):
            house.retry(mixed)


def test_a_run_of_the_family_that_is_gone_is_asked_for(house, mixed):
    """Nobody could tell what it sent."""
    retry = house.retry(mixed)
    shutil.move(retry, house.folder / "elsewhere")
    with pytest.raises(RunError, match="is not there"):
        house.retry(mixed)
    with pytest.raises(RunError, match="went on in"):
        house.resume(mixed)


def test_a_run_that_was_seen_to_award_hands_that_on(house, mixed):
    """Its setting requests count as adding, in a retry too."""
    with Journal.open(mixed) as journal:
        journal.note(awarding=True)
    with Journal.open(house.retry(mixed), read_only=True) as journal:
        assert journal.facts["awarding"] is True
