"""Whole runs in this process against a Capillary in this process: the emulator's record is the witness."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from unittest import mock

import pytest

from importer import run as corridor
from importer.delivery import RetryPolicy
from importer.emulator import Emulator, EmulatorConfig, Fault
from importer.planning import Choice
from importer.settings import Secret, TargetSystem

SETTING = """\
version: 1
name: house
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {firstName: Name}
"""
ADDING = (
    SETTING
    + """\
loyaltyProgramEnrollments:
  - {programId: 973, loyaltyPoints: {column: Points, convert: [integer]}}
"""
)
SHEET = "Code,Name,Points\nC1,Ann,10\nC2,Ben,20\nC3,Cho,30\nC4,Dee,40\n"
NOBODY = "*0404"  # identifiers that belong to nobody


class Silent:
    """Says nothing and goes on."""

    def reading(self, rows: int) -> None:
        """Nobody is told."""

    def planned(self, plan: object, mapping: object) -> None:
        """Go on."""
        self.plan = plan
        del mapping

    def watching(self, rows: int) -> Silent:
        """Nobody watches."""
        del rows
        return self

    def canary(self, canary: object) -> None:
        """Nobody is asked."""

    def outcome(self, outcome: object) -> None:
        """Nobody is told."""

    def say(self, sentence: str) -> None:
        """Nobody hears it."""


class House:
    """A folder with sheets, a mapping and a Capillary."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.folder = folder
        self.emulator = emulator
        self.talk = Silent()
        self.setting, self.adding, self.sheet = SETTING, ADDING, SHEET
        config = emulator.config
        self.target = TargetSystem("local", emulator.url, till=config.till, password=Secret(config.password))

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        draft = path.with_name(f".{path.name}.{threading.get_ident()}")  # whole at once: two runs may read it
        draft.write_text(text, "utf-8")
        draft.replace(path)
        return path

    def order(self, sheet: str | Path, mapping: str = SETTING, *, command: str = "run", **choice: bool):
        """What the door would ask for."""
        sending = corridor.Sending(
            rate=500.0, concurrency=4, timeout_s=2.0, resend_unknown=choice.get("unknown", False)
        )
        path = self.write("mapping.yaml", mapping)
        return corridor.Order(
            command, (str(self.folder / sheet),), path, self.folder / "runs", self.target, sending=sending,
            choice=Choice(**choice), canary=0,
        )  # fmt: skip

    def run(self, sheet: str | Path, mapping: str = SETTING, **choice: bool) -> Path:
        """Run it; the run's folder."""
        return self._done(corridor.run(self.order(sheet, mapping, **choice), self.target, self.talk))

    def plan(self, sheet: str | Path, mapping: str = SETTING, **choice: bool) -> Path:
        """Plan it; its folder."""
        _, summary = corridor.plan(self.order(sheet, mapping, command="plan", **choice))
        return self._done(summary)

    def retry(self, run: Path, **choice: bool) -> Path:
        """Retry it; the new run's folder."""
        sending = corridor.Sending(resend_unknown=choice.get("unknown", False))
        told = corridor.Retrying(Choice(**choice), sending)
        return self._done(corridor.retry(run, lambda _: self.target, lambda _: self.talk, told))

    def resume(self, run: Path) -> Path:
        """Resume it; its folder."""
        return self._done(corridor.resume(run, lambda _: self.target, self.talk, corridor.Sending(), ()))

    def strike(self, *faults: Fault) -> None:
        """From now on these faults, and no others."""
        self.emulator.script(*faults)

    @staticmethod
    def lost(value: str, **more: object) -> Fault:
        """The answer about this customer is lost, after the data was stored."""
        return Fault(kind="drop", values=(value,), after_write=True, **more)

    @staticmethod
    def refused(value: str) -> Fault:
        """Capillary refuses this customer."""
        return Fault(kind="error", code=8015, values=(value,))

    @staticmethod
    def down(value: str) -> Fault:
        """This customer is busy elsewhere (521), however often it is tried."""
        return Fault(kind="error", code=521, values=(value,))

    def _done(self, summary: object) -> Path:
        self.summary = summary
        return Path(summary.folder)

    def results(self, run: Path) -> dict[int, dict[str, str]]:
        """The lines of results.csv by row number."""
        with (run / "results.csv").open(encoding="utf-8", newline="") as file:
            return {int(line["row"]): line for line in csv.DictReader(file)}

    def states(self, run: Path) -> str:
        """The states of the rows, in file order."""
        return " ".join(line["status"] for line in self.results(run).values())

    def applied(self) -> list[tuple[str, str]]:
        """(identifier, first name) of everything that was stored, in order."""
        found = []
        for one in self.emulator.record.updates():
            if one.applied:
                profiles = json.loads(one.body).get("profiles") or [{}]
                found.append((one.value, profiles[0].get("firstName", "")))
        return found

    def points(self) -> Mapping[int, int]:
        """Points that each customer was credited."""
        found: dict[int, int] = {}
        for one in self.emulator.record.credits():
            found[one.customer] = found.get(one.customer, 0) + one.points
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Waiting is short; identifiers that end in 0404 belong to nobody."""
    with (
        Emulator(EmulatorConfig(missing=(NOBODY,))) as emulator,
        mock.patch("importer.run.sending.RetryPolicy", partial(RetryPolicy, base_s=0.001)),
        mock.patch("importer.delivery.throttle.SHORTEST_PAUSE_S", 0.001),
    ):
        yield House(tmp_path, emulator)
