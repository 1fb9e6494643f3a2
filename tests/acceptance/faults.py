"""Every fault that the emulator can stage, put to a whole run in this process; run as a script it writes the page.

    python tests/acceptance/faults.py        writes docs/reference/faults.md again (some minutes)

Waiting is made short, its order and number stay those of the product.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from importer import run as corridor
from importer.delivery import RetryPolicy
from importer.emulator import Emulator, EmulatorConfig, Fault
from importer.settings import Auth, Secret, TargetSystem

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"
ROWS = 8
STRUCK = 5  # row number
TIMEOUT_S = 1.0
TOO_LONG_S = 2.5
MAPPING = """\
version: 1
name: faults
lookup:
  source: INSTORE
  identifiers:
    - externalId: Code
profile:
  fields:
    seq: $row
declare:
  fields:
    seq: {type: string}
"""
CREDITS = "loyaltyProgramEnrollments:\n  - {programId: 973, loyaltyPoints: 10}\n"
AUTHS = ("Basic", "OAuth")
KINDS = ("setting", "adding")


@dataclass(frozen=True)
class Case:
    """A fault for one row: in words, and as the emulator is told."""

    name: str
    fault: Mapping[str, Any]
    always: bool = False  # each time that the row is sent, or the first time only

    @property
    def words(self) -> str:
        """The first cell of its line in the page."""
        return f"{self.name}, {'each time' if self.always else 'once'}"


@dataclass(frozen=True)
class End:
    """How the struck row ended."""

    status: str
    attempts: int
    exit_code: int

    @property
    def words(self) -> str:
        """Its cells in the page."""
        return f"`{self.status}` | {self.attempts} | {self.exit_code}"


def both(name: str, **fault: Any) -> list[Case]:
    """Once, and each time."""
    return [Case(name, fault), Case(name, fault, always=True)]


def four(name: str, **fault: Any) -> list[Case]:
    """Before and after the data was written, once and each time."""
    return [*both(f"{name}, nothing written", **fault), *both(f"{name}, after the write", after_write=True, **fault)]


CASES = [
    # answers of a gateway
    *[case for status in (500, 502, 504, 520) for case in four(f"HTTP {status}", kind="status", status=status)],
    *[case for status in (503, 521) for case in both(f"HTTP {status}", kind="status", status=status)],
    *[Case(f"HTTP {status}", {"kind": "status", "status": status}) for status in (429, 461)],
    Case("HTTP 429 with Retry-After", {"kind": "status", "status": 429, "retry_after": "1"}),
    *[Case(f"HTTP {status}", {"kind": "status", "status": status}, always=True) for status in (400, 403, 404)],
    # answers of Capillary
    *[case for code in (521, 4001, 8015) for case in both(f"error {code}", kind="error", code=code)],
    *both("`createdId` beside errors (8015)", kind="id-with-errors", code=8015),
    Case("a harmless warning (8054)", {"kind": "warning", "code": 8054}),
    Case("a warning that data was dropped (1017)", {"kind": "warning", "code": 1017}),
    Case("`createdId` alone", {"kind": "no-warnings"}),
    # credentials
    *both("HTTP 401", kind="unauthorised"),
    *both("every token ends", kind="token-expired"),
    # the wire
    Case("a late answer", {"kind": "delay", "seconds": 0.2}),
    *both("no answer in time, written later", kind="delay", seconds=TOO_LONG_S),
    *both("no answer in time, after the write", kind="delay", seconds=TOO_LONG_S, after_write=True),
    *four("silence, then a cut", kind="hang", seconds=TOO_LONG_S),
    *four("connection cut", kind="drop"),
    Case("a slow body", {"kind": "slow-body", "seconds": 0.2}),
    *both("a body too slow", kind="slow-body", seconds=TOO_LONG_S),
    *four("a truncated body", kind="truncated"),
    # bodies
    *four("a body that is no JSON", kind="malformed"),
    *four("JSON of another shape", kind="wrong-shape"),
    *four("an empty body", kind="empty"),
    *both("a huge body", kind="huge"),
    Case("the right body as text/html", {"kind": "content-type"}, always=True),
    Case("a compressed body", {"kind": "gzip"}, always=True),
]


class Silent:
    """Implements the corridor's Talk and delivery's Observer."""

    def reading(self, rows: int) -> None:
        """Nobody waits."""

    def planned(self, plan: object, mapping: object) -> None:
        """Go on."""

    def watching(self, rows: int) -> Silent:
        """Nobody watches."""
        del rows
        return self

    def canary(self, canary: object) -> None:
        """Nobody is asked."""

    def say(self, words: str) -> None:
        """Nobody listens."""

    def outcome(self, outcome: object) -> None:
        """Nobody is told."""


@contextmanager
def impatient() -> Iterator[None]:
    """Waiting as often as in the product, but shorter."""
    with (
        mock.patch("importer.run.sending.RetryPolicy", partial(RetryPolicy, base_s=0.01)),
        mock.patch("importer.delivery.throttle.SHORTEST_PAUSE_S", 0.01),
    ):
        yield


def stage(case: Case, auth: str, kind: str, folder: Path) -> End:
    """Let the fault strike one row of a run, hold every row's status against what the emulator received."""
    sheet, mapping = folder / "customers.csv", folder / "mapping.yaml"
    sheet.write_text("\n".join(["Code", *(f"C{number:05}" for number in range(2, ROWS + 2)), ""]), "utf-8")
    mapping.write_text(MAPPING + (CREDITS if kind == "adding" else ""), "utf-8")
    fault = Fault(**case.fault, values=(f"C{STRUCK:05}",), attempts=() if case.always else (1,))
    with Emulator(EmulatorConfig(faults=(fault,))) as emulator, impatient():
        config = emulator.config
        target = TargetSystem("local", emulator.url, till=config.till, password=Secret(config.password))
        if auth == "OAuth":
            target = replace(
                target,
                auth=Auth.OAUTH,
                client_key=Secret(config.client_key),
                client_secret=Secret(config.client_secret),
            )
        sending = corridor.Sending(rate=500.0, concurrency=1, timeout_s=TIMEOUT_S)
        order = corridor.Order("run", (str(sheet),), mapping, folder / "runs", target, sending=sending)
        summary = corridor.run(order, target, Silent())
    with (Path(summary.folder) / "results.csv").open(encoding="utf-8", newline="") as file:
        results = {int(line["row"]): line for line in csv.DictReader(file)}
    compare({row: line["status"] for row, line in results.items()}, emulator, kind)
    struck = results[STRUCK]
    return End(struck["status"], int(struck["attempts"]), summary.exit_code)


def compare(statuses: Mapping[int, str], emulator: Emulator, kind: str) -> None:
    """Every status is what happened: applied, not applied, or honestly unknown."""
    applied: Counter[int] = Counter()
    for one in emulator.record.updates():
        applied[int(json.loads(one.body)["profiles"][0]["fields"]["seq"])] += one.applied
    assert sorted(statuses) == list(range(2, ROWS + 2)), "each row once"
    for row, status in statuses.items():
        told = f"row {row} ended {status} and was applied {applied[row]} times"
        if status in {"updated", "updated_with_warnings", "partial"}:
            assert applied[row] >= 1, told
        elif status in {"rejected", "failed", "not_sent"}:
            assert applied[row] == 0, told
        else:
            assert status == "unknown", told
        if kind == "adding":
            assert applied[row] <= 1, told
    assert emulator.statistics().double_credits == 0


def lines(case: Case, folder: Path) -> list[str]:
    """Its lines in the page: one, or one for each kind of credentials where these make a difference."""
    cells = {}
    for auth in AUTHS:
        found = []
        for kind in KINDS:
            place = folder / f"{auth}-{kind}"
            place.mkdir()
            found.append(stage(case, auth, kind, place).words)
        cells[auth] = " | ".join(found)
    basic, oauth = (cells[auth] for auth in AUTHS)
    if basic == oauth:
        return [f"| {case.words} | both | {basic} |"]
    return [f"| {case.words} | {auth} | {cells[auth]} |" for auth in AUTHS]


INTRODUCTION = f"""\
# What becomes of a row under each fault

Each line is one run against the [emulator](emulator.md) in which the fault strikes one row of {ROWS}. The status of every
row is held against the emulator's own record of what it stored: a row called updated was stored, one called rejected,
failed or not sent was not, and no row that adds was stored twice. This page is written by those runs
(`python tests/acceptance/faults.py`), and `make test-long` compares it with them.

A *setting* row may be sent again without harm, an *adding* one credits points. Attempts are those that count: a refusal
for speed or of a token costs none. Exit codes: 0 all well, 1 some rows did not end well, 3 the run stopped and can be resumed.

| fault | credentials | setting row | attempts | exit code | adding row | attempts | exit code |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    written = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            written += lines(case, Path(folder))
        sys.stderr.write(f"{case.words}\n")
    return INTRODUCTION + "\n".join(written) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
