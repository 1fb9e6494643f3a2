"""What users of such tools complain about, as far as sending goes: each test carries the complaint's number."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest

from importer.apis import capillary
from importer.delivery import Crew, FixedPace, FreePace, Means, Stop, TunedPace
from importer.delivery.simulated import Fixed
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.records import Reply, Request, RowId, Status

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')


def deliver(rows, answer, pace, *, workers=16, latency_s=0.05):
    """(outcomes, when each request left)."""
    ledger, transport = ListLedger(), ScriptedTransport(answer, latency_s)
    requests = [Request(RowId(0, row), f"/{row}", b"", False) for row in range(2, rows + 2)]
    means = Means(
        capillary.endpoint(), transport, FixedCredentials(), ledger, pace, ListObserver(), concurrency=workers, seed=1
    )

    async def main():
        await Crew(iter([requests]), means, Stop()).deliver()

    run_free(main())
    return ledger.outcomes, [at for at, *_ in transport.sent]


@pytest.mark.parametrize("headers", [{}, {"retry-after": "60"}])
@pytest.mark.parametrize("pace", [TunedPace, lambda: FixedPace(5.0)], ids=["self-tuning", "told too much"])
def test_16_no_storm_of_429(pace, headers):
    """100 a minute, bare or with Retry-After, even where the user told three times as much.

    No row is lost to it, and what is refused is a handful a minute, not every retry of every row.
    """
    limit = Fixed(100, 60)
    refused = []

    def answer(*_):
        now = asyncio.get_running_loop().time()
        if limit(now):
            return DONE
        refused.append(now)
        return Reply(429, headers=headers)

    outcomes, sent = deliver(1_500, answer, pace())
    assert Counter(one.status for one in outcomes.values()) == {Status.UPDATED: 1_500}
    assert all(one.attempts == 1 for one in outcomes.values()), "a refusal for speed costs no attempt"
    minutes = Counter(int(at // 60) for at in refused)
    assert max(minutes.values()) <= 16 + 7  # those in flight when the first came, then one probe for each pause
    assert len(refused) / len(sent) < 0.08
    assert sent[-1] < 1.35 * 15 * 60  # and the limit is used


def test_17_not_every_worker_retries_at_once():
    """64 workers are refused in the same instant: one of them tries the way, then the others follow one by one."""

    def answer(*_):
        return DONE if asyncio.get_running_loop().time() > 1.0 else Reply(429)

    _, sent = deliver(500, answer, FixedPace(100.0), workers=64, latency_s=1.0)
    began = next(at for at in sent if at > 1.0)
    after = [at for at in sent if at > began]
    assert sum(at < began + 0.9 for at in sent if at >= began) == 1, "others left before the probe was back"
    gaps = [later - earlier for earlier, later in itertools.pairwise(after)]
    assert min(gaps) > 0.004  # slots lie 10 ms apart


def test_17_rows_that_failed_together_come_back_one_by_one():
    """64 rows get HTTP 503 in the same instant, and go again after waits that are drawn for each."""
    first = set()

    def answer(address, *_):
        if address in first:
            return DONE
        first.add(address)
        return Reply(502)

    outcomes, sent = deliver(7, answer, FreePace(), workers=64)
    assert {one.attempts for one in outcomes.values()} == {2}
    again = sorted(sent)[7:]
    assert len({round(at, 3) for at in again}) == 7
    assert max(again) - min(again) > 0.1
