"""The stage: requests whose lane is free, each with a durable intent where it only sets something.

Intents are made durable ahead of the wire and many at a time, so that no worker waits for the disk. How far ahead is
bounded: a filling leaves within about `AHEAD_S` at the present pace, and holds at most `AHEAD_PER_WORKER` for each
worker; the next one begins when no more than a filling is left. So a kill leaves at most three rows a worker whose
outcome is not on disk: one on the wire, what was left on stage and the filling after that, since its commit takes all
outcomes until then along. A request that adds something is passed on as it is: its intent means that it may have been
applied, so it is written when it leaves.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque

from importer.delivery.courier import Courier
from importer.delivery.lanes import LaneKeeper
from importer.delivery.pace import Pace
from importer.records import Request

AHEAD_S = 0.1
AHEAD_PER_WORKER = 1.0  # requests


class Stage:
    """Between the lane keeper and the workers."""

    def __init__(self, keeper: LaneKeeper, courier: Courier, pace: Pace) -> None:
        self._keeper = keeper
        self._courier = courier
        self._pace = pace
        self._ready: deque[Request] = deque()
        self._news = asyncio.Event()  # one is ready, or nothing more comes
        self._enough = 0  # requests on stage; the next filling begins when no more are left
        self._room = asyncio.Event()
        self._over = False

    async def fill(self, workers: int) -> None:
        """Keep the stage filled for this many workers until nothing more comes. Raises JournalLost."""
        while requests := await self._keeper.take(self._ahead(workers)):
            if setting := [one for one in requests if not self._courier.adds(one)]:
                await self._courier.intend(setting)
            self._ready.extend(requests)
            self._news.set()
            self._enough = self._ahead(workers)
            while len(self._ready) > self._enough:
                self._room.clear()
                await self._room.wait()
        self._over = True
        self._news.set()

    async def take(self) -> Request | None:
        """The next request that may leave; None where nothing more comes."""
        while not self._ready:
            if self._over:
                return None
            self._news.clear()
            await self._news.wait()
        request = self._ready.popleft()
        if len(self._ready) <= self._enough:
            self._room.set()
        return request

    def clear(self) -> None:
        """The delivery is over: what nobody took stays here."""
        while self._ready:
            self._courier.never_left(self._ready.popleft())

    def _ahead(self, workers: int) -> int:
        """The largest filling, requests."""
        return math.ceil(min(AHEAD_PER_WORKER * workers, max(1.0, AHEAD_S * self._pace.per_second)))
