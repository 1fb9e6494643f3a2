"""Whatever kills a run, and whenever: after `resume` every row has one true state, and no point is credited twice.

The real command runs against a Capillary in this process, dies, and is resumed. What the emulator received is held
against results.csv, row by row (`Stage.prove`).
"""

from __future__ import annotations

import random
import signal
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")

KINDS = ("setting", "adding")


def kill_and_resume(stage, seed: int, kills: int) -> None:
    """Kill the run and its resumptions at moments drawn from the seed, then let it finish."""
    chance = random.Random(seed)
    command = stage.run_command
    for _ in range(kills):
        before = stage.received()
        more = chance.randrange(1, stage.rows * 9 // 10 - before) if before < stage.rows * 9 // 10 - 1 else 1
        child = stage.start(*command)
        if stage.until(child, lambda wanted=before + more: stage.received() >= wanted):
            stage.kill(child, signal.SIGKILL)
        child.wait(stage.deadline_s)
        stage.settled()
        command = stage.resume_command
    assert stage.kills, "nothing was killed, so nothing was shown"
    stage.prove(stage.complete(*command))


@pytest.mark.parametrize("stage", KINDS, indirect=True)
def test_killed_at_a_random_moment(stage):
    """SIGKILL, resume: complete, true, nothing credited twice."""
    kill_and_resume(stage, seed=1, kills=1)


@pytest.mark.parametrize("stage", ["adding"], indirect=True)
def test_killed_twice_in_a_row(stage):
    """The resumption is killed as well."""
    kill_and_resume(stage, seed=7, kills=2)


@pytest.mark.long
@pytest.mark.parametrize("stage", KINDS, indirect=True)
@pytest.mark.parametrize("seed", range(100, 110))
def test_killed_at_twenty_random_moments(stage, seed: int):
    """Ten seeds for each kind of file, one to three kills each."""
    kill_and_resume(stage, seed, kills=1 + seed % 3)


@pytest.mark.soak
@pytest.mark.parametrize("stage", KINDS, indirect=True)
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_killed_at_two_hundred_random_moments(stage, seed: int):
    """A hundred seeds for each kind of file."""
    kill_and_resume(stage, seed, kills=1 + seed % 3)


# ── at every step ──────────────────────────────────────────────────────────────────────

JOURNAL = "importer.journal.journal:Journal."
LEDGER = "importer.journal.ledger:Ledger."
PLANNED = "importer.run.corridor:planned"
REPORTS = "importer.run.reports:"
WIRE = "importer.delivery.http:HttpTransport.send"

# (function, before or after, which call of it): the run dies while it plans, so nothing has been sent.
PLANNING = [
    (JOURNAL + "note", "before", 1),  # tables, and nothing in them
    (JOURNAL + "note", "after", 1),
    (JOURNAL + "add_sheet", "after", 1),
    (JOURNAL + "add_chunk", "before", 1),
    (JOURNAL + "add_chunk", "after", 1),
    (JOURNAL + "add_late", "before", 1),
    (JOURNAL + "add_late", "after", 1),
    (JOURNAL + "set_lanes", "before", 1),
    (JOURNAL + "set_lanes", "after", 1),
    (PLANNED, "before", 1),  # the plan is whole, and not yet said to be
]
# While it sends: around each thing that must not come in another order.
SENDING = [
    (PLANNED, "after", 1),
    (JOURNAL + "waiting", "after", 1),
    (LEDGER + "_commit", "before", 1),
    (LEDGER + "_commit", "after", 1),
    (LEDGER + "_commit", "before", 6),
    (LEDGER + "_commit", "after", 6),
    (WIRE, "before", 1),  # the intent is durable, nothing has left
    (WIRE, "after", 1),  # the reply is read, nothing is written down
    (WIRE, "before", 40),
    (WIRE, "after", 40),
    (LEDGER + "conclude", "before", 25),
    (LEDGER + "conclude", "after", 25),
    (LEDGER + "flush", "before", 1),
    (LEDGER + "flush", "after", 1),
]
# After the last reply: everything has an outcome, only its files are missing.
CLOSING = [
    (REPORTS + "write_results", "before", 1),
    (REPORTS + "write_results", "after", 1),
    (REPORTS + "write_summary", "before", 1),
    (REPORTS + "write_summary", "after", 1),
    (JOURNAL + "close", "before", 1),
    (JOURNAL + "close", "after", 1),
]
QUICK = (PLANNING[9], SENDING[9], CLOSING[1])
# While it resumes, after a kill in the middle of sending.
RESUMING = [
    (JOURNAL + "settle_doubt", "before", 1),
    (JOURNAL + "settle_doubt", "after", 1),
    (LEDGER + "_commit", "after", 1),
    (WIRE, "before", 1),
    (WIRE, "after", 1),
    (REPORTS + "write_results", "after", 1),
]


def named(step: tuple[str, str, int]) -> str:
    """A step as part of a test's name."""
    return f"{step[1]}-{step[0].split(':')[1]}-{step[2]}"


def steps(listed: list[tuple[str, str, int]]) -> list[object]:
    """Parameters for these steps; all but a few are `long`."""
    return [
        pytest.param(one, id=named(one), marks=() if one in QUICK else pytest.mark.long)
        for one in listed
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["setting"], indirect=True)
@pytest.mark.parametrize("step", steps(PLANNING))
def test_killed_while_planning(stage, step: tuple[str, str, int]):
    """Nothing was sent, and `resume` says so instead of guessing at half a plan; a new run does it all."""
    stage.dies_at(step, *stage.run_command)
    assert stage.complete(*stage.resume_command) == 2
    assert "nothing was sent" in stage.said()
    assert "importer run" in stage.said()
    assert stage.received() == 0
    (cut_off,) = stage.runs
    assert stage.complete(*stage.run_command) == 0
    assert stage.received() == stage.rows
    assert not (cut_off / "results.csv").exists()


@pytest.mark.long
@pytest.mark.parametrize("stage", ["setting"], indirect=True)
def test_killed_before_the_journal_has_begun(stage):
    """An empty journal could also be a lost one: `resume` refuses, and is careful with advice."""
    stage.dies_at(("importer.journal.journal:connect", "before", 1), *stage.run_command)
    assert stage.complete(*stage.resume_command) == 2
    assert "do not start over blindly" in stage.said()
    assert stage.received() == 0


@pytest.mark.parametrize("stage", KINDS, indirect=True)
@pytest.mark.parametrize("step", steps([*SENDING, *CLOSING]))
def test_killed_at_a_step(stage, step: tuple[str, str, int]):
    """Before and after everything that sending and closing do."""
    stage.dies_at(step, *stage.run_command)
    stage.prove(stage.complete(*stage.resume_command))


@pytest.mark.long
@pytest.mark.parametrize("stage", KINDS, indirect=True)
@pytest.mark.parametrize("step", RESUMING, ids=named)
def test_killed_at_a_step_of_resuming(stage, step: tuple[str, str, int]):
    """A resumption is as safe as the run."""
    stage.dies_at((WIRE, "after", 30), *stage.run_command)
    stage.dies_at(step, *stage.resume_command)
    stage.prove(stage.complete(*stage.resume_command))
