"""The pace finds limits by itself: most of what is allowed is used, few requests are refused. Time is simulated."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from importer.apis import capillary
from importer.delivery import Crew, Means, PaceMemory, Stop, TunedPace
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.records import Reply, Request, RowId

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
LIMITED = Reply(429)


class Sliding:
    """At most so many requests in any window."""

    def __init__(self, allowed, window_s):
        self.allowed, self.window_s, self.passed = allowed, window_s, deque()

    def __call__(self, now):
        while self.passed and self.passed[0] <= now - self.window_s:
            self.passed.popleft()
        if len(self.passed) >= self.allowed:
            return False
        self.passed.append(now)
        return True


class Fixed:
    """At most so many requests between two strokes of the clock."""

    def __init__(self, allowed, window_s):
        self.allowed, self.window_s, self.window, self.passed = allowed, window_s, -1, 0

    def __call__(self, now):
        if int(now // self.window_s) != self.window:
            self.window, self.passed = int(now // self.window_s), 0
        self.passed += 1
        return self.passed <= self.allowed


def replies(limit, seconds, *, pace=None, concurrency=16):
    """[(time in s, accepted)] of a delivery that lasts so long."""
    seen = []

    def answer(address, body, headers):
        now = asyncio.get_running_loop().time()
        accepted = limit(now)
        if accepted is None:
            return Reply(503)
        seen.append((now, accepted))
        return DONE if accepted else LIMITED

    def batches():
        row = 2
        while True:
            yield [Request(RowId(0, one), f"/{one}", b"", False) for one in range(row, row + 200)]
            row += 200

    stop = Stop()
    means = Means(
        capillary.endpoint(), ScriptedTransport(answer, 0.05), FixedCredentials(), ListLedger(), pace or TunedPace(),
        ListObserver(), concurrency=concurrency, seed=1,
    )  # fmt: skip

    async def main():
        asyncio.get_running_loop().call_later(seconds, stop.ask)
        await Crew(batches(), means, stop).deliver()

    run_free(main())
    return seen


def used(seen, begin, end, per_s):
    """Share of the allowed rate that was used between two moments."""
    return sum(accepted for now, accepted in seen if begin <= now < end) / ((end - begin) * per_s)


def refused(seen):
    return sum(not accepted for _, accepted in seen) / len(seen)


LIMITS = [
    # allowed, window in s, warm-up in s, measured for s, workers
    (2, 1, 60, 260, 16),
    (10, 1, 60, 120, 16),
    (100, 1, 60, 60, 16),
    (50, 60, 600, 1_800, 16),
    (100, 60, 600, 1_800, 16),
    (600, 60, 600, 600, 16),
]


@pytest.mark.parametrize("kind", [Fixed, Sliding])
@pytest.mark.parametrize(("allowed", "window_s", "warm_s", "measured_s", "workers"), LIMITS)
def test_an_unknown_limit_is_found_and_used(kind, allowed, window_s, warm_s, measured_s, workers):
    """At least 90 % after warm-up, and under 2 % refused over all."""
    seen = replies(kind(allowed, window_s), warm_s + measured_s, concurrency=workers)
    assert used(seen, warm_s, warm_s + measured_s, allowed / window_s) >= 0.9
    assert refused(seen) < 0.02


@pytest.mark.long
@pytest.mark.parametrize("kind", [Fixed, Sliding])
@pytest.mark.parametrize(
    ("allowed", "window_s", "warm_s", "measured_s", "workers"),
    [
        (5, 1, 60, 200, 16),
        (20, 1, 60, 120, 16),
        (200, 1, 60, 60, 64),
        (500, 1, 60, 60, 64),
        (1_000, 60, 600, 1_800, 16),
    ],
)
def test_more_limits_are_found(kind, allowed, window_s, warm_s, measured_s, workers):
    test_an_unknown_limit_is_found_and_used(kind, allowed, window_s, warm_s, measured_s, workers)


def test_a_limit_that_halves_is_found_again_within_seconds():
    before, after = Sliding(40, 1), Sliding(20, 1)
    seen = replies(lambda now: (before if now < 60 else after)(now), 120)
    assert used(seen, 70, 120, 20) >= 0.9
    assert refused([one for one in seen if one[0] >= 60]) < 0.02


def test_an_outage_says_nothing_of_the_limit():
    """Two minutes of 503: soon afterwards the rate is what it was."""
    limit = Sliding(20, 1)
    seen = replies(lambda now: None if 60 < now < 180 else limit(now), 400)
    assert used(seen, 300, 400, 20) >= 0.9


def test_what_was_found_is_where_the_next_run_starts():
    pace = TunedPace()
    replies(Sliding(20, 1), 60, pace=pace)
    assert pace.memory.ceiling == pytest.approx(20, rel=0.1)
    again = replies(Sliding(20, 1), 20, pace=TunedPace(PaceMemory(20.0)))
    assert used(again, 0, 20, 20) >= 0.9


def test_a_share_leaves_headroom_for_others():
    seen = replies(Sliding(20, 1), 120, pace=TunedPace(PaceMemory(20.0), share=0.5))
    assert used(seen, 10, 120, 20) < 0.6
