"""A migration of a million rows at a hundred calls a minute: a week of service, simulated.

Everything is the product's own, from the sheet to the reports, but for three things: the clock jumps, the wire is a
function, and the journal commits a few hundred requests at once (the crash matrix is about that).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Self
from unittest import mock

import pytest

from importer import run as corridor
from importer.delivery.simulated import Sliding
from importer.delivery.testing import run_free
from importer.errors import ExitCode
from importer.journal import Journal
from importer.journal.ledger import Group, Ledger
from importer.journal.opening import FILE, connect
from importer.records import Failure, Reply, Status
from importer.settings import Auth, Secret, TargetSystem

pytestmark = [pytest.mark.soak, pytest.mark.skipif(sys.platform == "win32", reason="tells memory by getrusage")]

spec = importlib.util.spec_from_file_location("week_faults", Path(__file__).with_name("faults.py"))
staged = importlib.util.module_from_spec(spec)
sys.modules["week_faults"] = staged  # its dataclasses look themselves up there
spec.loader.exec_module(staged)

ROWS = int(os.environ.get("WEEK_ROWS", "1000000"))
CUSTOMERS = ROWS * 9 // 10  # the last tenth of the rows are of customers that had one before
ADDING_EVERY = 10  # rows
PER_MINUTE = 100
TOKEN_LIFE_S = 300
LATENCY_S = 0.2
WEEK_S = ROWS / PER_MINUTE * 60
# (share of the week, seconds, what comes back meanwhile)
OUTAGES = [
    (0.15, 240, Reply(503)),  # waited out
    (0.55, 2_400, Reply(None, failure=Failure.CONNECT)),  # longer than patience: the run ends, and is resumed
    (0.80, 180, Reply(504)),  # perhaps applied: it is, in half of the cases
]
CRASH = 0.30  # share of the week
MAPPING = """\
version: 1
name: week
lookup: {source: INSTORE, identifiers: [{externalId: Code}]}
profile: {fields: {seq: $row}}
declare: {fields: {seq: {type: string}}}
loyaltyProgramEnrollments:
  - {programId: 973, loyaltyPoints: {column: Points, convert: [integer]}, when: {column: Points, blank: false}}
"""
SEQ = re.compile(rb'"seq":"(\d+)"')


class PowerCut(Exception):
    """The process is gone."""


class Week:
    """Capillary for a week: counts what it applies, row by row. Implements `endpoint.Transport`."""

    def __init__(self) -> None:
        self.began_s = 0.0  # of the present session, s since the week began
        self.now_s = 0.0
        self.applied = bytearray(ROWS + 2)  # times, by row number
        self.requests = self.tokens = self.in_flight = self.most = 0
        self._limit = Sliding(PER_MINUTE, 60)
        self._issued_s = float("-inf")
        self._cut = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.began_s = self.now_s

    async def send(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Reply:
        del method
        self.now_s = self.began_s + asyncio.get_running_loop().time()
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            reply = self._answer(address, body, headers)
            await asyncio.sleep(LATENCY_S)
            return reply
        finally:
            self.in_flight -= 1

    def _answer(self, address: str, body: bytes, headers: dict[str, str]) -> Reply:
        now = self.now_s
        outage = next((reply for at, seconds, reply in OUTAGES if at * WEEK_S <= now < at * WEEK_S + seconds), None)
        if address.endswith("/token/generate"):
            if outage:
                return outage
            self.tokens += 1
            self._issued_s = now
            token = {"data": {"accessToken": f"t{self.tokens}", "ttlSeconds": TOKEN_LIFE_S}}
            return Reply(200, json.dumps(token).encode())
        self.requests += 1
        if outage and outage.http_status != 504:
            return outage
        if headers["X-CAP-API-OAUTH-TOKEN"] != f"t{self.tokens}" or now > self._issued_s + TOKEN_LIFE_S:
            return Reply(498)
        if not self._limit(now):
            return Reply(429)
        if outage and self.requests % 2:
            return outage
        self.applied[int(SEQ.search(body)[1])] += 1
        if not self._cut and now >= CRASH * WEEK_S:
            self._cut = True
            raise PowerCut
        return outage or Reply(200, b'{"createdId":1,"warnings":[],"sideEffects":[]}')


class InlineLedger(Ledger):
    """Commits now and then, in the loop's own thread: waiting for another one would let the simulated clock run on."""

    async def __aenter__(self) -> Self:
        self._database = self._opened()
        self._group = Group()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._write_now()
        self._database.close()

    async def intend(self, requests) -> None:
        for one in requests:
            self._group.intents[one.id] = (one.attempts + 1, 1, "")
        if len(self._group.intents) > 300:
            self._write_now()
        await asyncio.sleep(0)

    def _write_now(self) -> None:
        group, self._group = self._group, Group()
        failure = self._commit(group)
        if failure:
            raise failure

    def _commit_soon(self) -> None:
        """Nobody waits."""

    def _commit_later(self) -> None:
        """Nor for this."""


@contextlib.contextmanager
def simulated(week: Week):
    """The corridor with this service, on a clock that jumps."""
    with (
        mock.patch("importer.run.sending.run_loop", run_free),
        mock.patch("importer.run.sending.HttpTransport", return_value=week),
        mock.patch.object(Journal, "ledger", lambda journal: InlineLedger(journal.folder / FILE, connect)),
        mock.patch("importer.run.pacing.shared_slots", return_value=contextlib.nullcontext()),
    ):
        yield


@pytest.mark.timeout(3_600)
def test_a_million_rows_in_a_week_with_outages_restarts_and_a_token_every_five_minutes(tmp_path: Path, capsys):
    """Sums close, every row has one true state, nothing is credited twice; memory stays flat."""
    sheet, mapping = tmp_path / "rows.csv", tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING)
    with sheet.open("w", encoding="utf-8") as file:
        file.write("Code,Points\n")
        for row in range(ROWS):
            file.write(f"C{row % CUSTOMERS:07},{'' if row % ADDING_EVERY else 50}\n")
    week, began = Week(), time.perf_counter()
    target = TargetSystem(
        "week", "https://week.example.com", Auth.OAUTH, client_key=Secret("key"), client_secret=Secret("secret")
    )
    order = corridor.Order("run", (str(sheet),), mapping, tmp_path / "runs", target, canary=0)

    def resumed():
        (folder,) = (tmp_path / "runs").iterdir()
        return corridor.resume(folder, lambda _: target, staged.Silent(), corridor.Sending(), ())

    with simulated(week):
        with pytest.raises(PowerCut):
            corridor.run(order, target, staged.Silent())
        week.began_s += 600
        stopped = resumed()
        assert stopped.exit_code == ExitCode.STOPPED, stopped
        assert sum(stopped.counts.values()) == ROWS
        week.began_s += 3_600
        done = resumed()
    assert done.rows_read == sum(done.counts.values()) == ROWS
    assert {status for status, count in done.counts.items() if count} <= {Status.UPDATED, Status.UNKNOWN}
    assert done.exit_code == (ExitCode.SOME_ROWS_DID_NOT if done.counts.get(Status.UNKNOWN) else ExitCode.WELL)

    adding = {row for row in range(2, ROWS + 2) if (row - 2) % ADDING_EVERY == 0}
    assert max(week.applied[row] for row in adding) == 1, "a row was credited twice"
    unknown = 0
    with (Path(done.folder) / "results.csv").open(encoding="utf-8") as file:
        next(file)
        for number, line in enumerate(file, start=2):
            status = line.split(",", 4)[3]
            unknown += status == "unknown"
            assert (status == "unknown" and number in adding) or (status == "updated" and week.applied[number]), line
    assert unknown == done.counts.get(Status.UNKNOWN, 0) < 100
    again = sum(week.applied) - ROWS
    used = ROWS / PER_MINUTE * 60 / week.now_s
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        sys.stdout.write(
            f"\n{ROWS:,} rows in {week.now_s / 86_400:.2f} days of service ({used:.1%} of {PER_MINUTE}/min, outages and"
            f" pauses included), {week.requests:,} requests, {week.tokens:,} tokens, {unknown} unknown,"
            f" {again} setting rows applied once more; simulated in {time.perf_counter() - began:.0f} s,"
            f" peak {peak:.0f} MB\n"
        )
    assert week.tokens >= 0.9 * week.now_s / TOKEN_LIFE_S - 20
    assert again < 100
    if ROWS >= 1_000_000:
        assert used > 0.9
        assert peak < 900
