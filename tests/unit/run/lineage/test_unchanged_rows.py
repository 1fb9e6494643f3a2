"""`unchanged: skip`: what was accepted before is not sent again, and nothing is ever taken for sent that was not."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer import run as corridor
from importer.emulator import Fault
from importer.errors import RunError
from importer.journal import Journal

SKIP = "rows: {unchanged: skip}\n"


@pytest.fixture
def skip(house):
    return house.setting + SKIP


def sent(house, before: int = 0) -> list[tuple[str, str]]:
    """(identifier, name) of every request from this one on."""
    return house.applied()[before:]


def test_only_changed_rows_are_sent_and_all_end_well(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Ben\n")
    assert house.states(house.run("a.csv", skip)) == "updated updated"
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Bob\nC3,Cho\n")
    again = house.run("a.csv", skip)
    assert house.states(again) == "unchanged updated updated"
    assert house.summary.exit_code == 0
    assert sent(house, 2) == [("C2", "Bob"), ("C3", "Cho")]
    assert house.states(house.run("a.csv", skip, full=True)) == "updated updated updated"


# What the customer C1 has in three nights' files, and how the rows of the last night end.
NIGHTS = [
    (["A"], ["B"], ["A"], "updated"),  # back to what it was: not what was accepted last
    (["A", "B", "A"], ["A", "B", "A"], ["A", "B", "A"], "unchanged unchanged unchanged"),
    (["A", "B"], ["A", "B"], ["A"], "updated"),  # it holds B since
    (["A"], ["A"], ["A", "B", "A"], "updated updated updated"),  # never skips the last one
    (["A", "B"], ["A", "B"], ["B", "A"], "updated updated"),  # another order
    (["A", "B"], ["A", "C"], ["A", "C"], "unchanged unchanged"),
]


@pytest.mark.parametrize(("first", "second", "third", "states"), NIGHTS)
def test_what_counts_is_what_the_customer_holds_in_the_end(house, skip, first, second, third, states):
    for night in (first, second, third):
        run = house.run(house.write("night.csv", "Code,Name\n" + "".join(f"C1,{name}\n" for name in night)).name, skip)
    assert house.states(run) == states
    assert house.applied()[-1][1] == third[-1] or "unchanged" in states


def after_every_night(house, nights) -> None:
    """Two customers whose rows now and then share a candidate of the lookup, and so a lane."""
    mapping = house.setting.replace("[{externalId: Code}]", "[{externalId: Code}, {mobile: Mobile}]")
    house.emulator.reset()
    for place in (house.folder / ".importer").glob("accepted.db*"):
        place.unlink()
    holds: dict[str, str] = {}
    seen = 0
    for night in nights:
        rows = [f"{code},{name},{'919876543210' if shared else ''}" for code, name, shared in night]
        house.run(house.write("night.csv", "\n".join(["Code,Name,Mobile", *rows, ""])).name, mapping + SKIP)
        holds |= dict(house.applied()[seen:])
        seen = len(house.applied())
        wanted = {code: name for code, name, _ in night}
        assert {code: holds.get(code) for code in wanted} == wanted


NIGHT = st.lists(st.tuples(st.sampled_from(["C1", "C2"]), st.sampled_from("AB"), st.booleans()), min_size=1, max_size=4)
MANY = pytest.param(60, marks=pytest.mark.long)


@pytest.mark.parametrize("examples", [5, MANY])
def test_after_every_night_capillary_holds_what_sending_everything_would_have_left(house, examples):
    """Skipping changes nothing but the number of requests."""

    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(nights=st.lists(NIGHT, min_size=2, max_size=3))
    def held(nights) -> None:
        after_every_night(house, nights)

    held()


@pytest.mark.parametrize("policy", ["last-wins", "merge"])
def test_a_row_that_stands_in_for_others_is_compared_with_all_that_it_brings(house, policy):
    mapping = house.setting.replace("{firstName: Name}", "{firstName: Name, lastName: Last}")
    mapping += f"rows: {{unchanged: skip, same_customer: {policy}}}\n"
    house.write("a.csv", "Code,Name,Last\nC1,Ann,\nC1,,Muster\n")
    assert house.states(house.run("a.csv", mapping)) == "superseded updated"
    assert house.states(house.run("a.csv", mapping)) == "superseded unchanged"
    assert house.summary.exit_code == 0
    house.write("a.csv", "Code,Name,Last\nC1,Eve,\nC1,,Muster\n")
    changed = "updated" if policy == "merge" else "unchanged"
    assert house.states(house.run("a.csv", mapping)) == f"superseded {changed}"


ENDS = [
    # what happens in the second night, its state, whether the first night's content counts as unchanged in the third
    (Fault(kind="warning", code=1017), "partial", "updated"),  # part of the new content may be there
    pytest.param(
        Fault(kind="drop", after_write=True), "unknown", "updated", marks=pytest.mark.long
    ),  # all of it may be there
    (Fault(kind="error", code=8015), "rejected", "updated"),  # forgotten before it was sent: one request too many
]


@pytest.mark.parametrize(("fault", "state", "third"), ENDS)
def test_content_in_doubt_is_forgotten_before_it_is_sent(house, skip, fault, state, third):
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.run("a.csv", skip)
    house.strike(fault)
    house.write("a.csv", "Code,Name\nC1,Bob\n")
    assert house.states(house.run("a.csv", skip)) == state
    house.strike()
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    assert house.states(house.run("a.csv", skip)) == third
    assert house.states(house.run("a.csv", skip)) == "unchanged"


def test_a_run_that_dies_while_it_sends_leaves_nothing_that_counts_as_sent(house, skip):
    """Its rows were forgotten before the first request; resuming it remembers what was accepted."""
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Ben\n")
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name\nC1,Eve\nC2,Ben\n")
    with mock.patch("importer.run.delivering.send", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        house.run("a.csv", skip)
    house.write("b.csv", "Code,Name\nC1,Ann\nC2,Ben\n")
    assert house.states(house.run("b.csv", skip)) == "updated unchanged"
    died = sorted((house.folder / "runs").iterdir())[1]
    assert house.states(house.resume(died)) == "updated unchanged"
    assert house.states(house.run("a.csv", skip)) == "unchanged unchanged"


def test_each_target_system_has_its_own_memory(house, skip):
    """Another till may belong to another organisation, though the host is the same."""
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.run("a.csv", skip)
    house.target = replace(house.target, till="another.till")
    assert house.states(house.plan("a.csv", skip)) == "planned"


def test_mappings_that_fill_different_targets_keep_out_of_each_others_way(house, skip):
    """… and those that share one do not: the later content counts, whoever sent it."""
    last = house.setting.replace("firstName", "lastName")
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    for mapping in (skip, last + SKIP):
        assert house.states(house.run("a.csv", mapping)) == "updated"
    assert house.states(house.run("a.csv", skip)) == "unchanged"
    house.write("b.csv", "Code,Name\nC1,Bob\n")
    assert house.states(house.run("b.csv", house.setting)) == "updated"  # a mapping that never skips
    assert house.states(house.run("a.csv", last + SKIP)) == "unchanged"
    assert house.states(house.run("a.csv", skip)) == "updated"


def test_a_plan_compares_too_without_network_and_says_when_it_cannot(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.run("a.csv", skip)
    requests = house.emulator.statistics().requests
    assert house.states(house.plan("a.csv", skip)) == "unchanged"
    order = replace(house.order("a.csv", skip, command="plan"), target=None)
    found, _ = corridor.plan(order)
    assert any("without --to" in note for note in found.notes)
    assert found.requests == 1
    assert house.emulator.statistics().requests == requests


def test_a_plan_remembers_nothing(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.plan("a.csv", skip)
    assert not (house.folder / ".importer" / "accepted.db").exists()
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name\nC1,Bob\n")
    assert house.states(house.plan("a.csv", skip)) == "planned"
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    assert house.states(house.run("a.csv", skip)) == "unchanged"


def test_limit_counts_rows_that_are_sent(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Ben\n")
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Ben\nC3,Cho\nC4,Dee\n")
    order = house.order("a.csv", skip)
    order = replace(order, selection=replace(order.selection, limit=1))
    summary = corridor.run(order, house.target, house.talk)
    assert {status.value: count for status, count in summary.counts.items() if count} == {
        "unchanged": 2, "updated": 1, "skipped": 1,
    }  # fmt: skip


def test_two_processes_at_once_share_the_memory(house, skip):
    """Two runs of different customers at the same time: both are remembered, nobody waits for ever."""
    runs = []
    for number in range(2):
        rows = "".join(f"C{number}{row},Ann\n" for row in range(50))
        house.write(f"{number}.csv", "Code,Name\n" + rows)
        runs.append(threading.Thread(target=house.run, args=(f"{number}.csv", skip)))
    with mock.patch("importer.run.sending.heeding_signals"):  # these belong to the main thread
        for run in runs:
            run.start()
        for run in runs:
            run.join(30)
    for number in range(2):
        assert set(house.states(house.plan(f"{number}.csv", skip)).split()) == {"unchanged"}


def test_a_damaged_memory_is_refused_and_says_what_losing_it_means(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.run("a.csv", skip)
    (house.folder / ".importer" / "accepted.db").write_bytes(b"x" * 8192)
    with pytest.raises(RunError, match=r"accepted\.db is damaged") as refused:
        house.run("a.csv", skip)
    assert "every row counts as changed" in refused.value.advice


def test_a_memory_that_cannot_be_written_stops_the_run_before_anything_is_sent(house, skip):
    house.write("a.csv", "Code,Name\nC1,Ann\n")
    house.run("a.csv", skip)
    house.write("a.csv", "Code,Name\nC1,Bob\n")
    with mock.patch("importer.journal.memory.Memory._run_query", side_effect=sqlite3.OperationalError("disk is full")):
        assert house.states(house.run("a.csv", skip)) == "not_sent"
    assert house.summary.exit_code == 3
    assert "disk is full" in house.summary.stopped
    assert house.applied() == [("C1", "Ann")]


def test_resuming_twice_does_not_bring_old_content_back_to_mind(house, skip):
    """What was remembered once is not remembered again at the next close, after another run has changed it."""
    house.write("a.csv", "Code,Name\nC1,Ann\nC2,Ben\n")
    first = house.run("a.csv", skip)
    house.write("b.csv", "Code,Name\nC1,Bob\n")
    house.run("b.csv", skip)
    house.resume(first) if (first / "prepared.bin").exists() else _close_again(house, first)
    assert house.states(house.run("b.csv", skip)) == "unchanged"


def _close_again(house, run) -> None:
    """As a resumption that finds nothing to do."""
    house.write("mapping.yaml", house.setting + SKIP)
    with Journal.open(run) as journal:
        assert journal.left() == 0
    house.resume(run)
