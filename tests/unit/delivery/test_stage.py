"""The stage: how far ahead intents are written, and what becomes of those that never leave."""

from __future__ import annotations

import asyncio

import pytest

from importer.apis import capillary
from importer.delivery import Crew, FixedPace, FreePace, Means, Stop
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.records import Reply, Request, RowId

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
AHEAD = [
    # pace, workers -> the largest filling
    (FixedPace(2), 8, 1),  # a slow pace: one at a time
    (FixedPace(40), 8, 4),  # 0.1 s of the pace
    (FixedPace(10_000), 8, 8),  # a fast one: one for each worker
    (FreePace(), 1, 1),
    (FreePace(), 32, 32),
]


class Counting(ListLedger):
    """Notes the largest group of intents, and how many at most were open and had not left."""

    def __init__(self):
        super().__init__()
        self.transport = ScriptedTransport(lambda *_: DONE, 0.02)
        self.largest = self.most = 0

    async def intend(self, requests):
        await super().intend(requests)
        self.largest = max(self.largest, len(requests))
        self.most = max(self.most, len(self.open) - sum(self.transport.in_flight.values()))


def deliver(given, pace, workers, ledger, stop, beside=None):
    means = Means(
        endpoint=capillary.endpoint(), transport=ledger.transport, credentials=FixedCredentials(), ledger=ledger,
        pace=pace, observer=ListObserver(), seed=1, concurrency=workers,
    )  # fmt: skip

    async def main():
        delivery = asyncio.ensure_future(Crew(iter([given]), means, stop).deliver())
        if beside:
            await beside()
        return await delivery

    return run_free(main())


def rows(count, *, adds=False):
    return [Request(RowId(0, row), f"/customer/{row}", b"{}", adds) for row in range(2, count + 2)]


@pytest.mark.parametrize(("pace", "workers", "filling"), AHEAD)
def test_intents_are_written_only_as_far_ahead_as_the_pace_asks_for(pace, workers, filling):
    """On stage lies a filling beside what was left of the one before; each worker may hold one that waits its turn."""
    ledger = Counting()
    deliver(rows(300), pace, workers, ledger, Stop())
    assert len(ledger.outcomes) == 300
    assert ledger.largest == filling
    assert ledger.most <= 2 * filling + workers


class Slow(ListLedger):
    """Commits take a while, and outcomes are durable only with the intents that come after them."""

    def __init__(self):
        super().__init__()
        self.transport = ScriptedTransport(lambda *_: DONE, 0.004)
        self.durable, self.gathered, self.most = set(), [], 0

    async def intend(self, requests):
        gathered, self.gathered = self.gathered, []
        await asyncio.sleep(0.01)
        await super().intend(requests)
        self.durable -= set(gathered)
        self.durable |= {one.id for one in requests}
        self.most = max(self.most, len(self.durable))

    def conclude(self, outcome):
        super().conclude(outcome)
        self.gathered.append(outcome.id)


@pytest.mark.parametrize("workers", [1, 4, 32])
def test_a_kill_finds_at_most_three_rows_a_worker_whose_outcome_is_not_on_disk(workers):
    """Whatever the moment: those are the rows that may be sent once more."""
    ledger = Slow()
    deliver(rows(1_000), FreePace(), workers, ledger, Stop())
    assert len(ledger.outcomes) == 1_000
    assert 2 * workers <= ledger.most <= 3 * workers


def test_adding_requests_get_their_intents_one_by_one_and_only_when_they_leave():
    ledger = Counting()
    deliver(rows(100, adds=True), FreePace(), 8, ledger, Stop())
    assert len(ledger.outcomes) == 100
    assert ledger.largest == 1
    assert ledger.most <= 8


@pytest.mark.parametrize("adds", [False, True])
def test_a_stop_takes_back_the_intents_of_what_never_left(adds):
    """At 10 requests/s, stopped in the third second: what has left has ended, and no intent is open."""
    ledger, stop = Counting(), Stop()

    async def beside():
        await asyncio.sleep(2.55)
        stop.ask()

    delivered = deliver(rows(300, adds=adds), FixedPace(10), 8, ledger, stop, beside)
    assert delivered.interrupted
    assert 20 <= len(ledger.outcomes) <= 30
    assert ledger.open == set()
