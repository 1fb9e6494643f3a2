"""The real command as a process, in an empty folder, with a clean environment."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from importer.emulator import Emulator, EmulatorConfig, Fault

type_of_command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def importer(tmp_path: Path) -> type_of_command:
    """Runs `importer ARGUMENTS` in the test's folder and answers with what it printed."""

    def run(*arguments: str, stdin: str = "", timeout: float = 90, **environment: str):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
        return subprocess.run(
            [sys.executable, "-m", "importer", *arguments],
            cwd=tmp_path,
            env=kept | environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A local Capillary in which every customer exists."""
    with Emulator(EmulatorConfig()) as server:
        yield server


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A small mapping beside a small sheet."""
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "version: 1\n"
        "name: small\n"
        "lookup:\n"
        "  source: INSTORE\n"
        "  identifiers:\n"
        "    - externalId: Code\n"
        "profile:\n"
        "  firstName: Name\n"
    )
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text("Code,Name\nA0001,Anna\nA0002,Ravi\nA0003,José\n", "utf-8")
    return path


# ── a stage on which runs are cut off ──────────────────────────────────────────────────

DYING = Path(__file__).parent / "dying.py"
ROWS = 160
CUSTOMERS = 90  # fewer than rows: many lanes hold several rows
CONCURRENCY = 8
DEADLINE_S = 30
MAPPING = """\
version: 1
name: crash
lookup:
  source: INSTORE
  identifiers:
    - externalId: Code
profile:
  firstName: Name
  fields:
    seq: $row
declare:
  fields:
    seq: {type: string}
"""
CREDITS = """\
loyaltyProgramEnrollments:
  - programId: 973
    loyaltyPoints: {column: Points, convert: [integer]}
"""


@dataclass
class Stage:
    """A folder with a sheet, a mapping and a Capillary; knows which requests may have been cut off."""

    folder: Path
    emulator: Emulator
    adds: bool
    rows: int = ROWS
    concurrency: int = CONCURRENCY  # requests in flight at most
    deadline_s: float = DEADLINE_S  # for whatever should happen at once
    kills: int = 0
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def runs(self) -> list[Path]:
        """The run folders, oldest first."""
        return sorted((self.folder / "runs").glob("*"))

    @property
    def run_command(self) -> tuple[str, ...]:
        return (
            "run", "customers.csv", "-m", "mapping.yaml", "--to", self.emulator.url, "--yes", "--no-progress",
            "--rate", "1000/s", "--concurrency", str(CONCURRENCY),
        )  # fmt: skip

    @property
    def resume_command(self) -> tuple[str, ...]:
        return ("resume", str(self.runs[0]), "--no-progress")

    def start(self, *arguments: str, step: tuple[str, str, int] | None = None) -> subprocess.Popen[str]:
        """Begin a command; `step`: where it dies by itself."""
        door = [str(DYING), *map(str, step)] if step else ["-m", "importer"]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("IMPORTER_")}
        config = self.emulator.config
        with (self.folder / "stderr").open("w", encoding="utf-8") as heard:
            child = subprocess.Popen(
                [sys.executable, *door, *arguments],
                cwd=self.folder,
                env=kept | {"IMPORTER_TILL": config.till, "IMPORTER_PASSWORD": config.password},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=heard,
                text=True,
            )
        self.children.append(child)
        return child

    def complete(self, *arguments: str, step: tuple[str, str, int] | None = None) -> int:
        """Run a command to its end; its exit code."""
        return self.start(*arguments, step=step).wait(DEADLINE_S)

    def said(self) -> str:
        """What the last command wrote to standard error."""
        return (self.folder / "stderr").read_text("utf-8")

    def kill(self, child: subprocess.Popen[str], number: int) -> None:
        """SIGKILL."""
        child.send_signal(number)
        self.kills += number == signal.SIGKILL

    def received(self) -> int:
        """How many requests have arrived."""
        return self.emulator.record.statistics().requests

    def until(self, child: subprocess.Popen[str], condition: Callable[[], bool]) -> bool:
        """Wait for a condition; False where the command ended first."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            if child.poll() is not None:
                return False
            assert time.monotonic() < deadline, "the command neither came so far nor ended"
            time.sleep(0.001)
        return True

    def dies_at(self, step: tuple[str, str, int], *command: str) -> None:
        """Run the command until it dies at the step (see dying.py)."""
        code = self.complete(*command, step=step)
        assert code == -signal.SIGKILL, f"the step was never reached: {self.said()}"
        self.kills += 1
        self.settled()

    def settled(self) -> None:
        """Wait until Capillary has served what a dead client left behind."""
        deadline = time.monotonic() + DEADLINE_S
        while any(not one.done_s for one in self.emulator.record.requests()):
            assert time.monotonic() < deadline, "a request is never done"
            time.sleep(0.001)

    def results(self) -> dict[int, str]:
        """Status by row number, from results.csv; every row once, in file order."""
        with (self.runs[0] / "results.csv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        assert [int(line["row"]) for line in lines] == list(range(2, ROWS + 2))
        return {int(line["row"]): line["status"] for line in lines}

    def prove(self, exit_code: int) -> None:
        """Hold results and exit code against what Capillary received."""
        assert exit_code in {0, 1}, self.said()
        assert len(self.runs) == 1, "resume goes on in the run's own folder"
        statuses = self.results()
        summary = json.loads((self.runs[0] / "summary.json").read_text("utf-8"))
        assert summary["rows_read"] == ROWS == sum(summary["counts"].values())
        told = Counter(statuses.values())
        assert {name: count for name, count in summary["counts"].items() if count} == dict(told)

        arrived: Counter[int] = Counter()
        applied: Counter[int] = Counter()
        for one in self.emulator.record.updates():
            row = int(json.loads(one.body)["profiles"][0]["fields"]["seq"])
            arrived[row] += 1
            applied[row] += one.applied
        counted = self.emulator.statistics()
        # At most so many had left and have no outcome on disk: an adding row's intent waits for its worker's last
        # outcome; of setting ones, three a worker (`delivery.staging` says why).
        in_doubt = self.kills * CONCURRENCY * (1 if self.adds else 3)
        if self.adds:
            assert counted.double_credits == 0
            assert set(statuses.values()) <= {"updated", "unknown"}
            assert told["unknown"] <= in_doubt
            for row, status in statuses.items():
                assert applied[row] == 1 if status == "updated" else applied[row] <= 1, (row, status)
            assert max(arrived.values()) == 1
        else:
            assert set(statuses.values()) == {"updated"}
            assert min(applied[row] for row in statuses) >= 1
            assert max(arrived.values()) <= 1 + self.kills
            assert sum(arrived.values()) - ROWS <= in_doubt
        assert counted.reorderings == 0
        assert counted.overlaps == 0
        assert exit_code == (1 if told["unknown"] else 0), self.said()
        assert summary["exit_code"] == exit_code


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """One kind of file against a Capillary that takes its time both before and after it writes."""
    chance = random.Random(17)
    adds = request.param == "adding"
    lines = [f"C{chance.randrange(CUSTOMERS):05},Anna,{10 + number}" for number in range(ROWS)]
    (tmp_path / "customers.csv").write_text("\n".join(["Code,Name,Points", *lines, ""]), "utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING + (CREDITS if adds else ""), "utf-8")
    slow = [Fault(kind="delay", seconds=0.015, distribution="uniform", after_write=late) for late in (False, True)]
    with Emulator(EmulatorConfig(faults=tuple(slow), sequence_field="seq")) as emulator:
        staged = Stage(tmp_path, emulator, adds)
        yield staged
        for child in staged.children:
            if child.poll() is None:
                child.kill()
                child.wait()
