"""Runs that send to one target system at the same time keep to one pace together. Time is free, the file is real."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from importer.apis import capillary
from importer.delivery import Crew, FixedPace, Means, PaceMemory, SharedSlots, Stop, TunedPace
from importer.delivery.shared import _lock, _unlock
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.records import Reply, Request, RowId

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
LIMITED = Reply(429)


class Limit:
    """At most so many requests in any second, whoever sends them."""

    def __init__(self, allowed, window_s=1.0):
        self.allowed, self.window_s = allowed, window_s
        self.passed = deque()
        self.seen = {}  # run -> [(when, accepted)]

    def answer(self, run):
        now = asyncio.get_running_loop().time()
        while self.passed and self.passed[0] <= now - self.window_s:
            self.passed.popleft()
        accepted = len(self.passed) < self.allowed
        if accepted:
            self.passed.append(now)
        self.seen.setdefault(run, []).append((now, accepted))
        return DONE if accepted else LIMITED

    def used(self, begin, end, runs=None):
        """Share of what is allowed that these runs used between two moments."""
        passed = [at for run, sent in self.seen.items() if runs is None or run in runs for at, ok in sent if ok]
        return sum(begin <= at < end for at in passed) / ((end - begin) * self.allowed / self.window_s)

    @property
    def refused(self):
        sent = [ok for run in self.seen.values() for _, ok in run]
        return sent.count(False) / len(sent)


def together(path: Path, limit: Limit, runs):
    """Several deliveries on one loop, each from its start to its end in s, with its pace."""

    def endless():
        row = 2
        while True:
            yield [Request(RowId(0, one), f"/{one}", b"", False) for one in range(row, row + 200)]
            row += 200

    async def deliver(number, start, end, pace):
        loop = asyncio.get_running_loop()
        await asyncio.sleep(start)
        with closing(SharedSlots(path, clock=loop.time, wall_clock=loop.time)) as slots:
            stop = Stop()
            transport = ScriptedTransport(lambda *_: limit.answer(number), 0.05)
            means = Means(
                capillary.endpoint(), transport, FixedCredentials(), ListLedger(), pace(slots), ListObserver(),
                seed=number,
            )  # fmt: skip
            loop.call_later(end - start, stop.ask)
            await Crew(endless(), means, stop).deliver()

    async def main():
        await asyncio.gather(*(deliver(number, *run) for number, run in enumerate(runs)))

    run_free(main())


def test_runs_with_a_told_rate_keep_to_it_together(tmp_path):
    """Two runs at 20/s make 20/s; when one ends, the other has it all."""
    limit = Limit(20)
    told = lambda slots: FixedPace(20, slots)  # noqa: E731 - two words
    together(tmp_path / "line", limit, [(0, 60, told), (10, 40, told)])
    assert limit.refused == 0
    assert limit.used(0, 60) >= 0.97
    assert 0.4 < limit.used(11, 39, {1}) < 0.6  # a fair part
    assert limit.used(42, 58, {0}) >= 0.97


@pytest.mark.parametrize("allowed", [20, 50])
def test_self_tuning_runs_find_one_limit_together(tmp_path, allowed):
    """The second begins where the first one is, not at 5/s; together they use the limit and are rarely refused."""
    limit = Limit(allowed)
    tuned = lambda slots: TunedPace(slots=slots)  # noqa: E731 - two words
    together(tmp_path / "line", limit, [(0, 200, tuned), (60, 150, tuned)])
    assert limit.used(20, 200) >= 0.87
    assert limit.used(70, 140) >= 0.85
    assert 0.25 < limit.used(70, 140, {1}) < 0.75
    assert limit.refused < 0.02


def test_a_refusal_in_one_run_holds_the_other(tmp_path):
    """Two seconds of nothing but 429: after the first refusals, probes alone leave."""
    limit = Limit(1_000)
    answer = limit.answer

    def scripted(run):
        reply = answer(run)
        return LIMITED if 10 < asyncio.get_running_loop().time() < 12 else reply

    limit.answer = scripted
    told = lambda slots: FixedPace(50, slots)  # noqa: E731 - two words
    together(tmp_path / "line", limit, [(0, 30, told), (0, 30, told)])
    assert sum(10 < at < 12 for sent in limit.seen.values() for at, _ in sent) < 15  # of a hundred


def test_a_new_run_starts_from_the_ceiling_that_the_file_knows(tmp_path):
    async def main():
        loop = asyncio.get_running_loop()
        with ExitStack() as stack:
            first, second = (
                stack.enter_context(closing(SharedSlots(tmp_path / "line", clock=loop.time, wall_clock=loop.time)))
                for _ in range(2)
            )
            first.tell(80.0)
            pace = TunedPace(PaceMemory(5.0), slots=second)
            await pace.turn()
            await pace.turn()
            assert pace.per_second == pytest.approx(80.0, rel=0.05)

    run_free(main())


def test_a_line_of_an_earlier_start_of_the_machine_is_forgotten(tmp_path):
    """Its next slot would lie days ahead on a clock that began anew."""
    clocks = {"monotonic": 500_000.0, "wall": 1_700_000_000.0}

    def opened():
        return closing(
            SharedSlots(tmp_path / "line", clock=lambda: clocks["monotonic"], wall_clock=lambda: clocks["wall"])
        )

    with opened() as slots:
        slots.hold(3_600)
    clocks = {"monotonic": 60.0, "wall": 1_700_000_300.0}
    with opened() as slots:
        assert slots._claimed(1.0) <= clocks["monotonic"]


def test_a_run_that_is_stopped_at_the_line_does_not_hold_up_the_others_for_ever(tmp_path):
    """Somebody holds the lock and does not let go: after a second each goes at its own pace."""

    async def main():
        loop = asyncio.get_running_loop()
        with (
            closing(SharedSlots(tmp_path / "line", clock=loop.time, wall_clock=loop.time)) as stopped,
            closing(SharedSlots(tmp_path / "line", clock=loop.time, wall_clock=loop.time)) as slots,
        ):
            _lock(stopped._descriptor)
            began = loop.time()
            await slots.take(lambda: 0.1)
            assert 1.0 <= loop.time() - began < 1.3
            _unlock(stopped._descriptor)
            began = loop.time()
            await slots.take(lambda: 0.1)
            assert loop.time() - began < 0.3

    run_free(main())


@pytest.mark.parametrize("content", [b"", b"\0", b"x" * 500])
def test_a_damaged_line_is_begun_anew(tmp_path, content):
    (tmp_path / "line").write_bytes(content)

    async def main():
        loop = asyncio.get_running_loop()
        with closing(SharedSlots(tmp_path / "line", clock=loop.time, wall_clock=loop.time)) as slots:
            for _ in range(3):
                await slots.take(lambda: 0.1)
            assert loop.time() < 1

    run_free(main())
