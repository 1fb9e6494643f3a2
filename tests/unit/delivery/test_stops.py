"""Rows that caused a stop stay unsent, failures in a row are counted once, and a lost journal is raised."""

from __future__ import annotations

import asyncio

import pytest

from importer.apis import capillary
from importer.delivery import BreakerPolicy, Crew, FreePace, Means, Stop
from importer.delivery.breaker import Breaker
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.endpoint import Answer, Meaning
from importer.errors import AccessRefused, JournalLost
from importer.records import Failure, Guards, Limit, Reply, Request, RowId, Status

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
FORBIDDEN = Reply(403)
TIMEOUT = Reply(None, failure=Failure.TIMEOUT)
AWARD = Reply(200, b'{"createdId": 7, "sideEffects": [{"type": "points", "awardedPoints": 5}]}')


def deliver(rows, answer, ledger, **options):
    requests = [Request(RowId(0, row), f"/{row}", b"", False) for row in range(2, rows + 2)]
    means = Means(
        capillary.endpoint(),
        ScriptedTransport(answer),
        FixedCredentials(),
        ledger,
        FreePace(),
        ListObserver(),
        seed=1,
        **options,
    )

    async def main():
        return await Crew(iter([requests]), means, Stop()).deliver()

    return run_free(main())


@pytest.mark.parametrize("workers", [1, 4, 16])
def test_ten_403_in_a_row_stop_the_run_and_reject_no_row(workers):
    ledger = ListLedger()
    delivered = deliver(50, lambda *_: FORBIDDEN, ledger, concurrency=workers)
    assert isinstance(delivered.stopped, AccessRefused)
    assert not ledger.outcomes
    assert not ledger.open


def test_a_few_403_between_other_answers_are_rejections():
    """Nine in a row, twice, and one at the very end."""
    replies = iter([*[FORBIDDEN] * 9, DONE, *[FORBIDDEN] * 9, *[DONE] * 90, FORBIDDEN])
    ledger = ListLedger()
    delivered = deliver(
        110, lambda *_: next(replies), ledger, concurrency=1, guards=Guards(max_rejected=Limit(count=99))
    )
    statuses = [one.status for one in ledger.outcomes.values()]
    assert delivered.stopped is None
    assert statuses.count(Status.REJECTED) == delivered.statuses[Status.REJECTED] == 19
    assert len(statuses) == 110


def test_a_lost_journal_ends_the_delivery_and_is_raised():
    class Lost(ListLedger):
        def conclude(self, outcome):
            raise JournalLost(f"{outcome.id}: the journal cannot be written")

    sent = []
    with pytest.raises(JournalLost):
        deliver(100, lambda address, *_: sent.append(address) or DONE, Lost(), concurrency=2)
    assert len(sent) <= 4


def test_after_an_award_a_row_in_doubt_is_not_sent_again():
    """Its first attempt timed out before anybody knew that setting requests award."""
    sent = []

    def answer(address, body, headers):
        sent.append(address)
        return TIMEOUT if address == "/2" else AWARD if asyncio.get_running_loop().time() < 0.01 else DONE

    ledger = ListLedger()
    deliver(2, answer, ledger, concurrency=2, guards=Guards(max_awarded=Limit(count=9)))
    assert sent.count("/2") == 1
    assert ledger.outcomes[RowId(0, 2)].status is Status.UNKNOWN


def test_failures_of_one_moment_lengthen_the_pause_once():
    """Sixteen requests that were in flight when the service went say nothing sixteen times."""
    breaker = Breaker(BreakerPolicy(failures=2), "it")
    breaker.judge(Answer(Meaning.ACCEPTED), 0.0, 0.0)
    down = Answer(Meaning.UNAVAILABLE)
    said = [breaker.judge(down, 10.0 + number / 100, 9.0) for number in range(16)]
    assert said == [None, 1.0, *[None] * 14]
    assert breaker.judge(down, 12.0, 11.5) == 2.0  # a probe
