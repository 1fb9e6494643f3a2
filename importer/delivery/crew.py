"""The crew: workers that carry requests out and outcomes back, fed by a reader that stays a window ahead.

For each request, in this order: its lane is free, the gate is open, the pace gives a slot, the intent is durable, it
leaves, the reply is read, a decision is taken, the outcome is written down. Only here, at the gate and at the pace does
anything wait; the event loop never waits for pandas or SQLite.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from importer.delivery.breaker import Breaker, BreakerPolicy
from importer.delivery.gate import Gate
from importer.delivery.lanes import LaneKeeper
from importer.delivery.pace import Pace
from importer.delivery.retry import Again, Finish, Halt, History, Renew, RetryPolicy, decide
from importer.delivery.stop import Stop
from importer.delivery.watch import Watch
from importer.endpoint import Answer, Credentials, Endpoint, Meaning, Transport
from importer.errors import AccessRefused, Stopped
from importer.records import Guards, Outcome, Reply, Request, RowId, Status

WINDOW_PER_WORKER = 32  # requests at hand for each worker: enough to look past busy lanes
PARKED_AT_MOST = 200_000  # rows behind busy lanes; 8 bytes each
SHORTEST_PAUSE_S = 0.5  # after a refusal for speed; doubled with each that follows
LONGEST_PAUSE_S = 60.0
ALL_PATIENCE_S = 10.0  # beyond a request's own timeout, for those in flight when a run is stopped


class Ledger(Protocol):
    """What delivery writes down; the journal's ledger implements it."""

    async def intend(self, request: Request, attempts: int) -> None:
        """Durable when this returns. Raises JournalLost."""

    def withdraw(self, row: RowId) -> None:
        """The last attempt is known not to have been applied."""

    def conclude(self, outcome: Outcome) -> None:
        """How a row ended. Raises JournalLost."""

    def awarding(self) -> None:
        """Setting requests have been seen to award: from now on all count as adding."""


class Observer(Protocol):
    """Whoever watches the run."""

    def outcome(self, outcome: Outcome) -> None:
        """A row has ended."""


@dataclass(slots=True)
class Delivered:
    """What a delivery did. `stopped`: why it ended early."""

    stopped: Stopped | None = None
    interrupted: bool = False
    requests: int = 0  # attempts that left
    refusals: int = 0  # of them, refused for speed
    seconds: float = 0.0
    rate_found: float | None = None  # requests/s at the end
    statuses: dict[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Means:
    """What a delivery works with."""

    endpoint: Endpoint
    transport: Transport
    credentials: Credentials
    ledger: Ledger
    pace: Pace
    observer: Observer
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    guards: Guards = field(default_factory=Guards)
    concurrency: int = 16
    timeout_s: float = 30.0
    target: str = "the target system"
    seed: int | None = None
    awarding: bool = False  # an earlier session of this run saw setting requests award


@dataclass(slots=True)
class Past:
    """What earlier attempts of a request in this session left behind. Times are the loop's, in s."""

    first_at: float
    perhaps: bool = False


class Crew:
    """One delivery."""

    def __init__(self, batches: Iterator[Sequence[Request]], means: Means, stop: Stop) -> None:
        self._batches = batches
        self._means = means
        self._stop = stop
        self._chance = random.Random(means.seed)  # noqa: S311 - jitter is no secret
        self._keeper = LaneKeeper()
        self._gate = Gate(self._chance)
        self._breaker = Breaker(means.breaker, means.target)
        self._watch = Watch(means.guards)
        self._awarding = means.awarding
        self._past: dict[RowId, Past] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._fed = False
        self._failure: BaseException | None = None
        self._refused_since: float | None = None
        self._pauses = 0
        self._last_pause_at = 0.0
        self.delivered = Delivered()

    async def deliver(self) -> Delivered:
        """Send everything. Raises what reading the sheets raised, and JournalLost."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        workers = [asyncio.create_task(self._work()) for _ in range(self._means.concurrency)]
        feeder = asyncio.create_task(self._feed(len(workers)))
        stopper = asyncio.create_task(self._heed(workers, feeder))
        try:
            await asyncio.gather(feeder, *workers, return_exceptions=True)
        finally:
            stopper.cancel()
            await asyncio.gather(stopper, return_exceptions=True)
            self._keeper.close()
        if self._failure:
            raise self._failure
        self.delivered.interrupted = self._stop.asked and self.delivered.stopped is None
        self.delivered.seconds = loop.time() - began
        self.delivered.rate_found = self._means.pace.per_second
        return self.delivered

    # ── reading ahead ──────────────────────────────────────────────────────────────────

    async def _feed(self, workers: int) -> None:
        """Keep a window of requests at hand; a thread reads and prepares them."""
        window = WINDOW_PER_WORKER * workers
        reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        loop = asyncio.get_running_loop()
        try:
            while batch := await loop.run_in_executor(reader, next, self._batches, ()):
                self._keeper.put(batch)
                while self._keeper.at_hand >= window or self._keeper.parked >= PARKED_AT_MOST:
                    self._room.clear()
                    await self._room.wait()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever reading raised ends the delivery, and is raised there
            self._fail(error)
        finally:
            await asyncio.to_thread(reader.shutdown)
        self._fed = True
        if self._keeper.empty:
            self._keeper.finish(workers)

    # ── carrying ───────────────────────────────────────────────────────────────────────

    async def _work(self) -> None:
        while not self._stop.asked and (request := await self._keeper.take()) is not None:
            try:
                await self._carry(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, it ends the delivery and is raised there
                self._fail(error)

    async def _carry(self, request: Request) -> None:
        """One attempt, and what follows from it."""
        means, loop = self._means, asyncio.get_running_loop()
        probe = await self._my_turn()
        verdict = False
        try:
            headers = await means.credentials.headers(means.transport)
            attempts = request.attempts + 1
            past = self._past.setdefault(request.id, Past(loop.time()))
            await self._intend(request, attempts)
            sent_at, left_at = datetime.now(UTC), loop.time()
            reply = await self._send(request, headers)
            answer = means.endpoint.reader(reply)
            self.delivered.requests += 1
            verdict = self._learn(answer, left_at, reply.latency_ms / 1000, probe=probe)
        finally:
            if probe and not verdict:
                self._gate.retry_probe()
        past.perhaps |= answer.meaning is Meaning.PERHAPS
        adds = request.adds or self._awarding
        history = History(attempts, loop.time() - past.first_at, past.perhaps, adds)
        decision = decide(means.policy, history, answer, self._chance.random())
        if self._breaker.open and isinstance(decision, Finish) and decision.status is Status.FAILED:
            decision = Again(0.0, counts=False)  # the service is gone: that is not this row's fault
        not_applied = answer.meaning not in {Meaning.PERHAPS, Meaning.ACCEPTED, Meaning.PARTIAL}
        match decision:
            case Finish(status):
                self._finish(request, status, answer, attempts, reply.http_status, reply.latency_ms, sent_at)
                return
            case Renew():
                means.ledger.withdraw(request.id)
                await means.credentials.refused(means.transport, headers)
                again = Again(0.0, counts=False)
            case Halt():
                self._fail(
                    AccessRefused(
                        f"{means.target} denies access: {answer.message} ({answer.code}).",
                        advice="The client or till needs the right to write customers. Then: importer resume RUN",
                    )
                )
                again = Again(0.0, counts=False)
            case Again():
                again = decision
        if not_applied and not past.perhaps:
            means.ledger.withdraw(request.id)
        self._keeper.again(replace(request, attempts=attempts if again.counts else attempts - 1), again.after_s)

    async def _my_turn(self) -> bool:
        """Wait for gate and pace; True where this request probes a gate that was shut."""
        probe = await self._gate.passed()
        await self._means.pace.turn()
        while not (probe or self._gate.open):
            probe = await self._gate.passed()
            await self._means.pace.turn()
        return probe

    async def _intend(self, request: Request, attempts: int) -> None:
        try:
            await self._means.ledger.intend(request, attempts)
        except asyncio.CancelledError:
            self._means.ledger.withdraw(request.id)  # it never left
            raise

    async def _send(self, request: Request, headers: Mapping[str, str]) -> Reply:
        """Send; while this lasts, a graceful stop leaves the worker alone."""
        task = asyncio.current_task()
        assert task is not None
        self._sending.add(task)
        try:
            endpoint = self._means.endpoint
            return await self._means.transport.send(
                endpoint.method, request.address, request.body, {**endpoint.headers, **headers}
            )
        finally:
            self._sending.discard(task)

    def _learn(self, answer: Answer, left_at: float, latency_s: float, *, probe: bool) -> bool:
        """Tell gate, pace and breaker what came back; True: a probe has its verdict."""
        now = asyncio.get_running_loop().time()
        if answer.slows_down:
            self._slow_down(answer, left_at, now)
            if answer.meaning is Meaning.LIMITED:
                return True
        verdict = self._breaker.judge(answer, now)
        if isinstance(verdict, Stopped):
            self._fail(verdict)
        elif verdict is not None:
            self._gate.shut(verdict)
        elif not answer.slows_down and (probe or not self._breaker.open):
            self._go_on(left_at, now, probe=probe)
            self._means.pace.accepted(latency_s)
        return True

    def _slow_down(self, answer: Answer, left_at: float, now: float) -> None:
        """Shut the gate for everybody; longer with each refusal that is news."""
        self.delivered.refusals += 1
        self._means.pace.refused()
        self._refused_since = self._refused_since or now
        if left_at >= self._last_pause_at:  # those that left before the pause began say nothing new
            pause = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2**self._pauses)
            self._pauses += 1
            self._last_pause_at = now
            self._gate.shut(max(pause, answer.retry_after_s or 0.0))
        elif answer.retry_after_s:
            self._gate.shut(answer.retry_after_s)

    def _go_on(self, left_at: float, now: float, *, probe: bool) -> None:
        """A reply that was no refusal: the pauses are over, unless it left before the last one began."""
        if probe or left_at >= self._last_pause_at:
            self._pauses = 0
            if self._refused_since is not None:
                self._means.pace.resumed(now - self._refused_since)
                self._refused_since = None
        if probe:
            self._gate.release()

    def _finish(
        self, request: Request, status: Status, answer: Answer, attempts: int, http_status: int | None,
        latency_ms: float, sent_at: datetime,
    ) -> None:  # fmt: skip
        means = self._means
        outcome = Outcome(
            request.id, status, answer.code, answer.message, answer.warnings, answer.side_effects, http_status,
            answer.customer_id, attempts, round(latency_ms, 1), answer.request_id,
            sent_at.isoformat(timespec="milliseconds"),
        )  # fmt: skip
        means.ledger.conclude(outcome)
        self._past.pop(request.id, None)
        self._keeper.done(request)
        self.delivered.statuses[status] = self.delivered.statuses.get(status, 0) + 1
        means.observer.outcome(outcome)
        if answer.awards and not request.adds and not self._awarding:
            self._awarding = True
            means.ledger.awarding()
        if tripped := self._watch.take(status, answer, adds=request.adds):
            self._fail(tripped)
        self._room.set()
        if self._fed and self._keeper.empty:
            self._keeper.finish(means.concurrency)

    # ── stopping ───────────────────────────────────────────────────────────────────────

    def _fail(self, error: BaseException) -> None:
        """End the delivery: requests in flight finish, nothing more leaves. The first reason stands."""
        if self.delivered.stopped is None and self._failure is None and not self._stop.asked:
            if isinstance(error, Stopped):
                self.delivered.stopped = error
            else:
                self._failure = error
        self._stop.ask()

    async def _heed(self, workers: Sequence[asyncio.Task[None]], feeder: asyncio.Task[None]) -> None:
        """When a stop is asked for, end what only waits; give those in flight their time."""
        await self._stop.wait()
        feeder.cancel()
        for worker in workers:
            if worker not in self._sending:
                worker.cancel()
        flying = [worker for worker in workers if not worker.done()]
        if flying:
            at_once = asyncio.create_task(self._stop.wait_at_once())
            everyone = asyncio.gather(*flying, return_exceptions=True)
            await asyncio.wait(
                [at_once, everyone],
                timeout=self._means.timeout_s + ALL_PATIENCE_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
            at_once.cancel()
        for worker in workers:
            worker.cancel()

    @staticmethod
    async def _landed(workers: Sequence[asyncio.Task[None]]) -> None:
        """Until all these have ended."""
        await asyncio.wait(workers)
