"""The crew: workers that carry requests out and outcomes back, fed by a reader that stays a window ahead.

For each request, in this order: its lane is free, the gate is open, the pace gives a slot, the intent is durable, it
leaves, the reply is read, a decision is taken, the outcome is written down (`courier`). Only here, at the gate and at
the pace does anything wait; the event loop never waits for pandas or SQLite.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from importer.delivery.courier import Courier
from importer.delivery.lanes import LaneKeeper
from importer.delivery.means import Delivered, Means
from importer.delivery.staging import Stage
from importer.delivery.stop import Stop
from importer.errors import AccessRefused, JournalLost, Stopped
from importer.records import Request

WINDOW_PER_WORKER = 32  # requests at hand for each worker: enough to look past busy lanes
SMALLEST_WINDOW = 1_000  # rows of a chunk
PARKED_AT_MOST = 200_000  # rows behind busy lanes, mostly on disk; some 50 bytes of memory each
ALL_PATIENCE_S = 10.0  # beyond a request's own timeout, for those in flight when a run is stopped


class Crew:
    """One delivery."""

    def __init__(self, batches: Iterator[Sequence[Request]], means: Means, stop: Stop) -> None:
        self._batches = batches
        self._means = means
        self._stop = stop
        self._workers = means.concurrency  # each has one request on the wire
        self._window = max(SMALLEST_WINDOW, WINDOW_PER_WORKER * self._workers)
        self._keeper = LaneKeeper()
        self._room = asyncio.Event()
        self._fed = False
        self._failure: BaseException | None = None
        self.delivered = Delivered()
        self._courier = Courier(means, self._keeper, self.delivered, self._fail, self._ended)
        self._stage = Stage(self._keeper, self._courier, means.pace)

    async def deliver(self) -> Delivered:
        """Send everything. Raises what reading the sheets raised, and JournalLost."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        workers = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        ahead = [asyncio.create_task(self._feed()), asyncio.create_task(self._fill())]
        stopper = asyncio.create_task(self._heed(workers, ahead))
        try:
            await asyncio.gather(*ahead, *workers, return_exceptions=True)
        finally:
            self._stage.clear()
            stopper.cancel()
            await asyncio.gather(stopper, return_exceptions=True)
            self._keeper.close()
        if self._failure:
            raise self._failure
        self._courier.settle(refused=isinstance(self.delivered.stopped, AccessRefused))
        self.delivered.interrupted = self._stop.asked and self.delivered.stopped is None
        self.delivered.seconds = loop.time() - began
        self.delivered.rate_found = self._means.pace.per_second
        return self.delivered

    # ── reading ahead ──────────────────────────────────────────────────────────────────

    async def _feed(self) -> None:
        """Keep a window of requests at hand; a thread reads and prepares them."""
        reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        loop = asyncio.get_running_loop()
        try:
            while (batch := await loop.run_in_executor(reader, next, self._batches, None)) is not None:
                self._keeper.put(batch)
                while self._full():
                    self._room.clear()
                    await self._room.wait()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever reading raised ends the delivery, and is raised there
            self._fail(error)
        finally:
            await asyncio.to_thread(reader.shutdown)
        self._fed = True
        self._ended()

    def _full(self) -> bool:
        return self._keeper.at_hand >= self._window or self._keeper.parked >= PARKED_AT_MOST

    def _ended(self) -> None:
        """A row has ended: there may be room for others, or nothing left to do."""
        if not self._full():
            self._room.set()
        if self._fed and self._keeper.empty:
            self._keeper.finish()

    # ── carrying ───────────────────────────────────────────────────────────────────────

    async def _fill(self) -> None:
        try:
            await self._stage.fill(self._workers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends the delivery and is raised there
            self._fail(error)

    async def _work(self) -> None:
        worker = asyncio.current_task()
        assert worker is not None
        while not self._stop.asked and (request := await self._stage.take()) is not None:
            try:
                await self._courier.carry(request, worker)
            except Exception as error:  # noqa: BLE001 - whatever it is, it ends the delivery and is raised there
                self._fail(error)

    # ── stopping ───────────────────────────────────────────────────────────────────────

    def _fail(self, error: BaseException) -> None:
        """End the delivery: requests in flight finish, nothing more leaves. The first reason stands."""
        if isinstance(error, Stopped) and not isinstance(error, JournalLost):
            if self.delivered.stopped is None and not self._stop.asked:
                self.delivered.stopped = error
        elif self._failure is None:
            self._failure = error  # also after a stop was asked for: a fault of ours is never passed over
        self._stop.ask()

    async def _heed(self, workers: Sequence[asyncio.Task[None]], ahead: Sequence[asyncio.Task[None]]) -> None:
        """When a stop is asked for, end what only waits; give those in flight their time."""
        await self._stop.wait()
        for task in ahead:
            task.cancel()
        for worker in workers:
            if worker not in self._courier.sending:
                worker.cancel()
        flying = [worker for worker in workers if not worker.done()]
        if flying:
            at_once = asyncio.create_task(self._stop.wait_at_once())
            everyone = asyncio.gather(*flying, return_exceptions=True)
            either: list[asyncio.Future[Any]] = [at_once, everyone]
            patience_s = self._means.timeout_s + ALL_PATIENCE_S
            await asyncio.wait(either, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
            at_once.cancel()
        for worker in workers:
            worker.cancel()
