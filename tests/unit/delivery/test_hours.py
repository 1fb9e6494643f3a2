"""Outside a target system's hours nothing leaves; who watches is told until when. A week passes in an instant."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from importer.apis import capillary
from importer.delivery import Crew, FixedPace, Hours, Means, Stop
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.records import Reply, Request, RowId
from importer.settings import Schedule

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
LIMITED = Reply(429, headers={"retry-after": "1800"})
NIGHT = Schedule.read("22:00-06:00", "Asia/Kolkata")  # UTC+05:30: 16:30 to 00:30 UTC
NOON = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)  # 12:00 in Kolkata


def deliver(rows, per_second, answer=lambda *_: DONE, timetable=NIGHT, start=NOON, stop=None):
    """(when each request left, what was said, outcomes)."""
    observer, ledger, transport = ListObserver(), ListLedger(), ScriptedTransport(answer)

    async def main():
        loop = asyncio.get_running_loop()
        clock = lambda: start + timedelta(seconds=loop.time())  # noqa: E731 - two words
        means = Means(
            capillary.endpoint(), transport, FixedCredentials(), ledger, FixedPace(per_second), observer, seed=1,
            hours=Hours(timetable, observer.say, clock),
        )  # fmt: skip
        requests = [Request(RowId(0, row), f"/{row}", b"", False) for row in range(2, rows + 2)]
        if stop:
            loop.call_later(3_600, stop.ask)
        await Crew(iter([requests]), means, stop or Stop()).deliver()

    run_free(main())
    return [start + timedelta(seconds=at) for at, *_ in transport.sent], observer.said, ledger.outcomes


def test_requests_leave_only_in_the_hours_that_are_allowed():
    """2,000 rows at 100/h take 20 hours: three nights, and nothing by day."""
    sent, said, outcomes = deliver(2_000, 100 / 3600)
    assert len(outcomes) == len(sent) == 2_000
    assert all(NIGHT.wait_s(at) == 0 for at in sent)
    assert sent[0] == datetime(2026, 1, 5, 16, 30, tzinfo=UTC)
    assert timedelta(days=2) < sent[-1] - sent[0] < timedelta(days=3)
    assert said[:2] == [
        "Requests may leave 22:00-06:00 Asia/Kolkata; this run goes on at 2026-01-05 22:00 IST.",
        "The hours have come: this run goes on.",
    ]
    assert len(said) == 2 * 3  # once each time, not once a worker


def test_a_probe_of_a_shut_gate_keeps_to_the_hours_too():
    """A refusal at 05:45 asks for half an hour, which ends outside the hours."""
    at_0545 = datetime(2026, 1, 5, 0, 15, tzinfo=UTC)
    replies = iter([LIMITED])
    sent, said, outcomes = deliver(3, 10, lambda *_: next(replies, DONE), start=at_0545)
    assert len(outcomes) == 3
    assert all(NIGHT.wait_s(at) == 0 for at in sent)
    assert any("goes on at 2026-01-05 22:00 IST" in words for words in said)
    assert any("asks for fewer requests; the next try is in 1,800 s" in words for words in said)


@pytest.mark.parametrize("start", [NOON])
def test_a_stop_is_heeded_while_the_hours_are_waited_for(start):
    sent, _, outcomes = deliver(10, 10, start=start, stop=Stop())
    assert not sent
    assert not outcomes
