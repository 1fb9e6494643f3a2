"""Guards stop a run before and while it sends, and are lifted only by name; what was accepted is remembered."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from importer import run as corridor
from importer.emulator import Emulator, EmulatorConfig, Fault
from importer.journal import Journal
from importer.records import Status
from importer.settings import Secret, TargetSystem

spec = importlib.util.spec_from_file_location("guard_faults", Path(__file__).with_name("faults.py"))
staged = importlib.util.module_from_spec(spec)
sys.modules["guard_faults"] = staged  # its dataclasses look themselves up there
spec.loader.exec_module(staged)

ROWS = 400
MAPPING = """\
version: 1
name: guards
lookup: {source: INSTORE, identifiers: [{externalId: {column: Code, convert: [trim]}}]}
profile: {firstName: {column: Name, blank: clear}}
check: {Code: {pattern: "C\\\\d{5}"}}
guards: {max_cleared: 5%}
"""


class Stage:
    """A sheet, a mapping and a Capillary; each step answers (exit code, why it stopped, requests so far)."""

    def __init__(self, folder: Path, emulator: Emulator, lines: list[str]) -> None:
        self._emulator = emulator
        self._target = TargetSystem(
            "local", emulator.url, till=emulator.config.till, password=Secret(emulator.config.password)
        )
        sheet, mapping = folder / "rows.csv", folder / "mapping.yaml"
        sheet.write_text("\n".join(["Code,Name", *lines, ""]))
        mapping.write_text(MAPPING)
        sending = corridor.Sending(rate=2_000.0, concurrency=4)
        self._order = corridor.Order(
            "run", (str(sheet),), mapping, folder / "runs", self._target, sending=sending, canary=0
        )
        self.runs = folder / "runs"

    def run(self):
        return self._told(corridor.run(self._order, self._target, staged.Silent()))

    def resume(self, *accepted: str):
        (folder,) = self.runs.iterdir()
        return self._told(
            corridor.resume(folder, lambda _: self._target, staged.Silent(), corridor.Sending(), accepted)
        )

    def _told(self, summary):
        self.summary = summary
        return summary.exit_code, summary.stopped, self._emulator.statistics().requests


def codes(number: int, *, name: str = "Anna") -> list[str]:
    return [f"C{row:05},{name}" for row in range(number)]


SHARES = [
    ("max_rejected", Fault(kind="error", code=8015, share=0.3), Status.REJECTED),
    ("max_warned", Fault(kind="warning", code=1017, share=0.3), Status.PARTIAL),
]


@pytest.mark.parametrize(("guard", "fault", "status"), SHARES)
def test_a_share_stops_a_run_after_a_hundred_replies_and_counts_anew_on_resume(tmp_path, guard, fault, status):
    with Emulator(EmulatorConfig(faults=(fault,), seed=3)) as emulator:
        stage = Stage(tmp_path, emulator, codes(ROWS))
        code, why, sent = stage.run()
        assert code == 3
        assert guard in why
        assert 100 <= sent < 115
        code, why, again = stage.resume()
        assert code == 3
        assert guard in why
        assert 100 <= again - sent < 115
        code, why, everything = stage.resume(f"{guard}=60%")
        assert (code, why, everything) == (1, "", ROWS)
        assert 0.2 * ROWS < stage.summary.counts[status] < 0.4 * ROWS
    (folder,) = stage.runs.iterdir()
    with Journal.open(folder, read_only=True) as journal:
        assert journal.facts["accept"] == [f"{guard}=60%"]


COUNTS = [
    ("max_merged", {"faults": (Fault(kind="warning", code=8051, nth=(20, 60)),)}, "merged"),
    ("max_awarded", {"award_points": 5}, "awarded"),
]


@pytest.mark.parametrize(("guard", "switches", "word"), COUNTS)
def test_what_nobody_can_take_back_stops_a_run_and_counts_over_all_its_sessions(tmp_path, guard, switches, word):
    with Emulator(EmulatorConfig(**switches)) as emulator:
        stage = Stage(tmp_path, emulator, codes(100))
        code, why, sent = stage.run()
        assert code == 3
        assert guard in why
        assert word in why
        assert sent < 30
        assert stage.resume()[::2] == (3, sent), "it went on although nobody had accepted what stopped it"
        code, why, more = stage.resume(f"{guard}=5" if word == "awarded" else f"{guard}=1")
        assert code == 3
        assert guard in why
        assert sent < more < 70
        assert stage.resume(guard) == (0, "", 100)


BEFORE = [
    ("max_invalid", ["wrong,Anna"] * 10 + codes(30), "max_invalid=25%", 30),
    ("max_cleared", codes(30, name=""), "max_cleared=30", 30),
]


@pytest.mark.parametrize(("guard", "lines", "accepted", "sent"), BEFORE)
def test_what_a_plan_shows_stops_a_run_and_its_resumption_before_anything_is_sent(
    tmp_path, guard, lines, accepted, sent
):
    with Emulator() as emulator:
        stage = Stage(tmp_path, emulator, lines)
        for step in (stage.run, stage.resume):
            code, why, requests = step()
            assert (code, requests) == (3, 0)
            assert guard in why
        code, why, requests = stage.resume(accepted)
        assert (why, requests) == ("", sent)
        assert code == (1 if guard == "max_invalid" else 0)
