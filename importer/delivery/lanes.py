"""The lane keeper: hands out requests, never two of one lane at a time, each lane in file order.

A request that waits for its lane holds up nobody else. Requests at hand are bounded by the window that the crew keeps;
those parked behind a busy lane beyond `PARKED_IN_MEMORY` lie in a temporary file, so that thousands of rows that share
one junk identifier cost 8 bytes each.
"""

from __future__ import annotations

import asyncio
import pickle
import tempfile
from collections import deque
from collections.abc import Iterable
from typing import BinaryIO

from importer.records import Request

PARKED_IN_MEMORY = 2_000


class Spill:
    """Requests in a temporary file of our own, read back by their place in it."""

    def __init__(self) -> None:
        self._file: BinaryIO | None = None

    def put(self, request: Request) -> int:
        """Write one at the end; its place in bytes."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        place = self._file.seek(0, 2)
        pickle.dump(request, self._file)
        return place

    def take(self, place: int) -> Request:
        """Read one back."""
        assert self._file is not None
        self._file.seek(place)
        request: Request = pickle.load(self._file)  # noqa: S301 - an unnamed file that only this process wrote
        return request

    def close(self) -> None:
        """Forget everything."""
        if self._file is not None:
            self._file.close()


class Queue:
    """The requests parked behind one lane: the first few in memory, the rest as places in the spill."""

    __slots__ = ("at_hand", "spilled")

    def __init__(self) -> None:
        self.at_hand: deque[Request] = deque()
        self.spilled: deque[int] = deque()


class LaneKeeper:
    """Hands out requests to workers. All methods but `take` return at once."""

    def __init__(self) -> None:
        self._ready: deque[Request] = deque()
        self._news = asyncio.Event()  # one is ready, or nothing more comes
        self._finished = False
        self._busy: dict[int, Queue | None] = {}  # lanes with a request at large, and what is parked behind
        self._in_memory = 0  # parked requests held in memory
        self._spill = Spill()
        self.at_hand = 0  # ready, in flight or delayed
        self.parked = 0

    def put(self, requests: Iterable[Request]) -> None:
        """Take in requests, in file order."""
        for request in requests:
            if request.lane is None:
                self._hand_out(request)
            elif request.lane not in self._busy:
                self._busy[request.lane] = None
                self._hand_out(request)
            else:
                self._park(request, request.lane)

    async def take(self, most: int) -> list[Request]:
        """Up to this many that may leave, as soon as there is one; none where `finish` was called and all are gone."""
        while not self._ready:
            if self._finished:
                return []
            self._news.clear()
            await self._news.wait()
        return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def again(self, request: Request, after_s: float) -> None:
        """Hand this one out once more; its lane stays with it meanwhile."""
        if after_s > 0:
            asyncio.get_running_loop().call_later(after_s, self._offer, request)
        else:
            self._offer(request)

    def done(self, request: Request) -> None:
        """This one has ended: the next of its lane may leave."""
        self.at_hand -= 1
        if request.lane is None:
            return
        queue = self._busy[request.lane]
        if queue is None or not (queue.at_hand or queue.spilled):
            del self._busy[request.lane]
            return
        self.parked -= 1
        if queue.at_hand:
            self._in_memory -= 1
            self._hand_out(queue.at_hand.popleft())
        else:
            self._hand_out(self._spill.take(queue.spilled.popleft()))

    def finish(self) -> None:
        """Tell whoever takes that nothing more comes."""
        self._finished = True
        self._news.set()

    def close(self) -> None:
        """Forget what was parked."""
        self._spill.close()

    @property
    def empty(self) -> bool:
        """Whether every request that came in has ended."""
        return not self.at_hand

    def _hand_out(self, request: Request) -> None:
        self.at_hand += 1
        self._offer(request)

    def _offer(self, request: Request) -> None:
        self._ready.append(request)
        self._news.set()

    def _park(self, request: Request, lane: int) -> None:
        queue = self._busy[lane]
        if queue is None:
            queue = self._busy[lane] = Queue()
        self.parked += 1
        if queue.spilled or self._in_memory >= PARKED_IN_MEMORY:
            queue.spilled.append(self._spill.put(request))
        else:
            self._in_memory += 1
            queue.at_hand.append(request)
