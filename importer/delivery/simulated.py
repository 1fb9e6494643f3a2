"""A service with a limit, in simulated time: what the pace's tests and curves are made from."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from importer.delivery.crew import Crew
from importer.delivery.means import Means
from importer.delivery.pace import Pace
from importer.delivery.stop import Stop
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.endpoint import Endpoint
from importer.records import Reply, Request, RowId

LATENCY_S = 0.05
ROWS_A_BATCH = 200
DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
LIMITED = Reply(429)
DOWN = Reply(503)


class Limit(Protocol):
    """Whether a request that comes now is let in; None: the service is down."""

    def __call__(self, now: float) -> bool | None:
        """`now`: s since the simulation began."""


class Sliding:
    """At most so many requests in any window. Refused ones do not count."""

    def __init__(self, allowed: int, window_s: float) -> None:
        self.allowed, self.window_s = allowed, window_s
        self._passed: deque[float] = deque()

    def __call__(self, now: float) -> bool:
        """Whether it is let in."""
        while self._passed and self._passed[0] <= now - self.window_s:
            self._passed.popleft()
        if len(self._passed) >= self.allowed:
            return False
        self._passed.append(now)
        return True

    def quota(self, now: float) -> tuple[int, float]:
        """(requests left, s until there is one more)."""
        return self.allowed - len(self._passed), self._passed[0] + self.window_s - now if self._passed else 0.0


class Fixed:
    """At most so many requests between two strokes of the clock."""

    def __init__(self, allowed: int, window_s: float) -> None:
        self.allowed, self.window_s = allowed, window_s
        self._window, self._passed = -1, 0

    def __call__(self, now: float) -> bool:
        """Whether it is let in."""
        if (window := int(now // self.window_s)) != self._window:
            self._window, self._passed = window, 0
        self._passed += 1
        return self._passed <= self.allowed

    def quota(self, now: float) -> tuple[int, float]:
        """(requests left, s until there are all again)."""
        return max(0, self.allowed - self._passed), (self._window + 1) * self.window_s - now


class Seen(NamedTuple):
    """A request that came: when (s), and whether it was let in."""

    at_s: float
    accepted: bool


def simulate(
    endpoint: Endpoint, pace: Pace, limit: Limit, seconds: float, *, workers: int = 16,
    watch: Callable[[float], None] | None = None, quota: Callable[[float], tuple[int, float]] | None = None,
) -> list[Seen]:  # fmt: skip
    """What a service with this limit sees of a delivery that lasts so long.

    `watch`: called with the time at each request. `quota`: told in headers of each answer.
    """
    seen: list[Seen] = []

    def answer(*_: object) -> Reply:
        now = asyncio.get_running_loop().time()
        if watch:
            watch(now)
        if (accepted := limit(now)) is None:
            return DOWN
        seen.append(Seen(now, accepted))
        reply = DONE if accepted else LIMITED
        if quota:
            left, reset_s = quota(now)
            headers = {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(math.ceil(reset_s))}
            return reply._replace(headers=headers)
        return reply

    stop = Stop()
    means = Means(
        endpoint, ScriptedTransport(answer, LATENCY_S), FixedCredentials(), ListLedger(), pace, ListObserver(),
        concurrency=workers, seed=1,
    )  # fmt: skip

    async def main() -> None:
        asyncio.get_running_loop().call_later(seconds, stop.ask)
        await Crew(endless(), means, stop).deliver()

    run_free(main())
    return seen


def endless() -> Iterator[Sequence[Request]]:
    """Rows of different customers, for ever."""
    row = 2
    while True:
        yield [Request(RowId(0, one), f"/{one}", b"", adds=False) for one in range(row, row + ROWS_A_BATCH)]
        row += ROWS_A_BATCH


def used(seen: Sequence[Seen], begin: float, end: float, per_second: float) -> float:
    """Share of the allowed rate that was used between two moments."""
    return sum(accepted for at, accepted in seen if begin <= at < end) / ((end - begin) * per_second)


def refused(seen: Sequence[Seen]) -> float:
    """Share of the requests that were refused."""
    return sum(not accepted for _, accepted in seen) / len(seen)
