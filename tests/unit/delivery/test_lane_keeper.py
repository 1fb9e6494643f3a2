"""The lane keeper never hands out two of a lane, keeps file order in each, and lets nobody else wait."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from importer.delivery import lanes
from importer.delivery.lanes import LaneKeeper
from importer.delivery.testing import run_free
from importer.records import Request, RowId


def request(row, lane):
    return Request(RowId(0, row), "/", str(row).encode(), False, lane)


def taken(keeper):
    """The next request, where one is ready: `take` then answers without waiting."""
    waiting = keeper.take(1)
    try:
        waiting.send(None)
    except StopIteration as done:
        (request,) = done.value
        return request
    raise AssertionError("take had to wait")


class LaneKeeperModel(RuleBasedStateMachine):
    """Rows come in, leave, come back for another attempt and end, in any order, beside a plain model of it all."""

    @initialize(in_memory=st.sampled_from([0, 1, 2_000]))
    def begin(self, in_memory):
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(lanes, "PARKED_IN_MEMORY", in_memory)  # so that a few rows reach the temporary file
        self.keeper = LaneKeeper()
        self.next_row = 2
        self.came: dict[int, list[int]] = defaultdict(list)  # rows of each lane, as they came
        self.ended: dict[int, list[int]] = defaultdict(list)
        self.ready: list[int] = []  # may leave now
        self.lane_of: dict[int, int | None] = {}
        self.large: dict[int, Request] = {}  # handed out, not ended

    def busy(self, lane):
        return lane is not None and any(self.lane_of[row] == lane for row in [*self.ready, *self.large])

    @rule(coming=st.lists(st.none() | st.integers(0, 3), max_size=8))
    def put(self, coming):
        requests = []
        for lane in coming:
            row = self.next_row
            self.next_row += 1
            self.lane_of[row] = lane
            if not self.busy(lane):
                self.ready.append(row)
            if lane is not None:
                self.came[lane].append(row)
            requests.append(request(row, lane))
        self.keeper.put(requests)

    @precondition(lambda self: self.ready)
    @rule()
    def take(self):
        got = taken(self.keeper)
        assert got.id.row == self.ready.pop(0)
        assert got.body == str(got.id.row).encode()
        assert got.lane == self.lane_of[got.id.row]
        self.large[got.id.row] = got

    @precondition(lambda self: self.large)
    @rule(data=st.data())
    def again(self, data):
        row = data.draw(st.sampled_from(sorted(self.large)))
        self.keeper.again(self.large.pop(row), 0.0)
        self.ready.append(row)

    @precondition(lambda self: self.large)
    @rule(data=st.data())
    def end(self, data):
        row = data.draw(st.sampled_from(sorted(self.large)))
        self.keeper.done(self.large.pop(row))
        lane = self.lane_of[row]
        if lane is not None:
            self.ended[lane].append(row)
            rest = self.came[lane][len(self.ended[lane]) :]
            if rest:
                self.ready.append(rest[0])

    @invariant()
    def nothing_is_lost_raced_or_reordered(self):
        if not hasattr(self, "keeper"):
            return
        at_large = [self.lane_of[row] for row in [*self.ready, *self.large] if self.lane_of[row] is not None]
        assert len(at_large) == len(set(at_large))
        assert all(self.ended[lane] == rows[: len(self.ended[lane])] for lane, rows in self.came.items())
        assert self.keeper.at_hand == len(self.ready) + len(self.large)
        assert self.keeper.empty == (not self.ready and not self.large)
        parked = sum(len(rows) - len(self.ended[lane]) for lane, rows in self.came.items()) - len(at_large)
        assert self.keeper.parked == parked

    def teardown(self):
        if hasattr(self, "keeper"):
            while self.ready or self.large:
                while self.ready:
                    self.take()
                row, one = self.large.popitem()
                self.large[row] = one
                self.keeper.done(self.large.pop(row))
                lane = self.lane_of[row]
                if lane is not None:
                    self.ended[lane].append(row)
                    if rest := self.came[lane][len(self.ended[lane]) :]:
                        self.ready.append(rest[0])
            assert self.keeper.empty
            assert self.keeper.parked == 0
            self.keeper.close()
            self.patch.undo()


TestLaneKeeper = LaneKeeperModel.TestCase
TestLaneKeeper.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


def test_a_request_that_waits_for_its_next_attempt_keeps_its_lane():
    """The one behind it leaves only when it has ended; somebody else's leaves meanwhile."""

    async def main():
        keeper = LaneKeeper()
        first, second, other = request(2, 7), request(3, 7), request(4, None)
        keeper.put([first, second])
        assert await keeper.take(5) == [first]
        keeper.again(first, 60.0)
        keeper.put([other])
        assert await keeper.take(1) == [other]
        assert await keeper.take(5) == [first]
        keeper.done(first)
        assert await keeper.take(1) == [second]

    run_free(main())


def test_when_nothing_more_comes_whoever_takes_is_told():
    async def main():
        keeper = LaneKeeper()
        keeper.put([one := request(2, None)])
        keeper.finish()
        assert await keeper.take(5) == [one]
        assert await keeper.take(5) == []


def test_as_many_as_are_asked_for_are_handed_out_in_file_order():
    async def main():
        keeper = LaneKeeper()
        keeper.put(given := [request(row, None) for row in range(2, 7)])
        assert await keeper.take(2) == given[:2]
        assert await keeper.take(9) == given[2:]

    run_free(main())


def test_who_takes_is_woken_when_something_comes_and_when_nothing_more_does():
    async def main():
        keeper = LaneKeeper()
        waiting = asyncio.ensure_future(keeper.take(1))
        await asyncio.sleep(1)
        assert not waiting.done()
        keeper.put([one := request(2, None)])
        assert await waiting == [one]
        waiting = asyncio.ensure_future(keeper.take(1))
        await asyncio.sleep(1)
        keeper.finish()
        assert await waiting == []

    run_free(main())
