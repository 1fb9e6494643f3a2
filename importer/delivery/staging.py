"""The stage: requests whose lane is free, each with a durable intent where it only sets something.

Intents are made durable ahead of the wire and many at a time, so that no worker waits for the disk. How far ahead is
bounded: a filling leaves within about `AHEAD_S` at the present pace, and holds at most `AHEAD_PER_WORKER` for each
worker. So a kill leaves at most three rows a worker whose outcome is not on disk: one on the wire and two and a half
fillings, since each filling's commit takes the outcomes until then along. A request that adds something is passed on
as it is: its intent means that it may have been applied, so it is written when it leaves.
"""

from __future__ import annotations

import asyncio
import math

from importer.delivery.courier import Courier
from importer.delivery.lanes import LaneKeeper
from importer.delivery.pace import Pace
from importer.records import Request

AHEAD_S = 0.1
AHEAD_PER_WORKER = 0.75  # requests


class Stage:
    """Between the lane keeper and the workers."""

    def __init__(self, keeper: LaneKeeper, courier: Courier, pace: Pace) -> None:
        self._keeper = keeper
        self._courier = courier
        self._pace = pace
        self._ready: asyncio.Queue[Request | None] = asyncio.Queue()
        self._room = asyncio.Event()

    async def fill(self, workers: int) -> None:
        """Keep the stage filled until nothing more comes, then tell this many workers. Raises JournalLost."""
        while (request := await self._keeper.take()) is not None:
            ahead = math.ceil(min(AHEAD_PER_WORKER * workers, max(1.0, AHEAD_S * self._pace.per_second)))
            requests = [request, *self._keeper.take_ready(ahead - 1)]
            if setting := [one for one in requests if not self._courier.adds(one)]:
                await self._courier.intend(setting)
            for one in requests:
                self._ready.put_nowait(one)
            while self._ready.qsize() > ahead // 2:
                self._room.clear()
                await self._room.wait()
        for _ in range(workers):
            self._ready.put_nowait(None)

    async def take(self) -> Request | None:
        """The next request that may leave; None where nothing more comes."""
        request = await self._ready.get()
        self._room.set()
        return request

    def clear(self) -> None:
        """The delivery is over: what nobody took stays here."""
        while not self._ready.empty():
            if (request := self._ready.get_nowait()) is not None:
                self._courier.never_left(request)
