"""A run that is asked to stop ends cleanly, tells the truth about what was on its way, and can be resumed."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter

import pytest

from importer.emulator import Fault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

WIRE = "importer.delivery.http:HttpTransport.send"


@pytest.mark.parametrize(
    ("stage", "number", "exit_code"),
    [
        pytest.param("setting", signal.SIGTERM, 143, id="setting-SIGTERM"),
        pytest.param("adding", signal.SIGINT, 130, id="adding-SIGINT"),
        pytest.param("adding", signal.SIGTERM, 143, id="adding-SIGTERM", marks=pytest.mark.long),
        pytest.param("setting", signal.SIGINT, 130, id="setting-SIGINT", marks=pytest.mark.long),
    ],
    indirect=["stage"],
)
def test_stopped_cleanly_then_resumed(stage, number: int, exit_code: int):
    """One signal: those in flight finish, the reports are written, nothing is in doubt, and nothing is sent twice."""
    child = stage.start(*stage.run_command)
    assert stage.until(child, lambda: stage.received() >= stage.rows // 4)
    stage.kill(child, number)
    assert child.wait(stage.deadline_s) == exit_code, stage.said()
    told = Counter(stage.results().values())
    assert set(told) == {"updated", "not_sent"}
    assert told["updated"] == stage.received() == stage.emulator.statistics().applied
    stage.prove(stage.complete(*stage.resume_command))
    assert stage.received() == stage.rows


@pytest.mark.parametrize("stage", ["adding", pytest.param("setting", marks=pytest.mark.long)], indirect=True)
def test_stopped_at_once_by_a_second_signal(stage):
    """Two signals: those in flight are cut off and told as unknown; what `resume` may send again it sends."""
    stage.emulator.script(Fault(kind="delay", seconds=stage.deadline_s / 2, after_write=True))
    child = stage.start(*stage.run_command)
    assert stage.until(child, lambda: stage.received() >= stage.concurrency)
    stage.kill(child, signal.SIGINT)
    stage.kill(child, signal.SIGTERM)  # another one, for two of the same may arrive as one
    assert child.wait(stage.deadline_s / 3) in {130, 143}, stage.said()  # that of whichever was noticed first
    assert Counter(stage.results().values()) == {
        "unknown": stage.concurrency,
        "not_sent": stage.rows - stage.concurrency,
    }
    stage.emulator.script()
    stage.kills = 1  # for the requests in doubt it was one
    exit_code = stage.complete(*stage.resume_command)
    if stage.adds:
        assert Counter(stage.results().values()) == {
            "unknown": stage.concurrency,
            "updated": stage.rows - stage.concurrency,
        }
    stage.prove(exit_code)


@pytest.mark.parametrize("stage", ["setting"], indirect=True)
def test_what_was_perhaps_applied_stays_so_over_a_resumption(stage):
    """A row cut off by a kill, then refused for lack of service, is unknown: nobody may call it not sent."""
    stage.dies_at((WIRE, "after", 1), *stage.run_command)
    applied = {
        int(json.loads(one.body)["profiles"][0]["fields"]["seq"])
        for one in stage.emulator.record.updates()
        if one.applied
    }
    stage.emulator.script(Fault(kind="status", status=503))
    child = stage.start(*stage.resume_command)
    before = stage.received()
    assert stage.until(child, lambda: stage.received() >= before + stage.concurrency)
    stage.kill(child, signal.SIGTERM)
    assert child.wait(stage.deadline_s) == 143, stage.said()
    statuses = stage.results()
    told = {statuses[row] for row in applied}
    assert "unknown" in told, "nothing was in doubt, so nothing was shown"
    assert told <= {"unknown", "updated"}


@pytest.mark.parametrize("stage", ["setting"], indirect=True)
def test_a_terminal_that_is_closed_asks_for_a_clean_end(stage):
    """SIGHUP: as a first Ctrl-C, with the exit code of a termination."""
    child = stage.start(*stage.run_command)
    assert stage.until(child, lambda: stage.received() >= stage.rows // 4)
    stage.kill(child, signal.SIGHUP)
    assert child.wait(stage.deadline_s) == 143, stage.said()
    assert set(stage.results().values()) == {"updated", "not_sent"}
    stage.prove(stage.complete(*stage.resume_command))
