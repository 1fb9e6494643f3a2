"""For tests: time that costs nothing, a service that answers from a script, a ledger in memory.

`run_free` runs a coroutine on an event loop whose clock jumps to the next timer instead of waiting for it, so that a
week of pauses passes in an instant and always in the same order.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, TypeVar, TypeVarTuple, Unpack

from importer.records import Outcome, Reply, Request, RowId

Result = TypeVar("Result")
Given = TypeVarTuple("Given")


class _JumpingSelector(selectors.DefaultSelector):
    """Does not wait: tells the loop that the time it would have waited has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_s = 0.0
        self.threads_at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Whatever is ready now. While a thread is at work, the clock stands still: it is waited for in real time."""
        if timeout is None or (timeout > 0 and self.threads_at_work):
            return super().select(None)
        ready = super().select(0)
        if not ready:
            self.passed_s += timeout
        return ready


class FreeLoop(asyncio.SelectorEventLoop):
    """An event loop whose waiting is free."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds that have passed on this loop's own clock."""
        return self._jumping.passed_s

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Given]], Result], *args: *Given
    ) -> asyncio.Future[Result]:
        """As always; and until it is done, the clock stands still."""
        future = super().run_in_executor(executor, func, *args)
        self._jumping.threads_at_work += 1
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, future: asyncio.Future[Any]) -> None:
        del future
        self._jumping.threads_at_work -= 1


def run_free(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end without waiting."""
    with asyncio.Runner(loop_factory=FreeLoop) as runner:
        return runner.run(main)


Answering = Callable[[str, bytes | None, Mapping[str, str]], Reply | None]


@dataclass(slots=True)
class ScriptedTransport:
    """Answers each request by a function, after a latency; records what came and how many were in flight at once.

    A function that answers None never answers: the request hangs until it is cancelled.
    """

    answer: Answering
    latency_s: float | Callable[[], float] = 0.02
    sent: list[tuple[float, str, bytes | None]] = field(default_factory=list)  # (loop time, address, body)
    in_flight: dict[str, int] = field(default_factory=dict)
    overlaps: int = 0  # times that one address was in flight twice
    most_in_flight: int = 0

    async def send(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """One attempt."""
        del method
        loop = asyncio.get_running_loop()
        self.sent.append((loop.time(), address, body))
        self.overlaps += self.in_flight.get(address, 0) > 0
        self.in_flight[address] = self.in_flight.get(address, 0) + 1
        self.most_in_flight = max(self.most_in_flight, sum(self.in_flight.values()))
        try:
            latency_s = self.latency_s() if callable(self.latency_s) else self.latency_s
            reply = self.answer(address, body, headers)
            if reply is None:
                await asyncio.Event().wait()
                raise AssertionError("never set")
            await asyncio.sleep(latency_s)
            return reply
        finally:
            self.in_flight[address] -= 1


@dataclass(slots=True)
class ListLedger:
    """Implements delivery's Ledger in memory, and refuses what a ledger must never see."""

    intents: list[tuple[RowId, int]] = field(default_factory=list)
    open: set[RowId] = field(default_factory=set)
    outcomes: dict[RowId, Outcome] = field(default_factory=dict)
    awarded: bool = False

    async def intend(self, requests: Sequence[Request]) -> None:
        """Before they leave."""
        for request in requests:
            assert request.id not in self.outcomes, f"{request.id} has ended, and is sent again"
        await asyncio.sleep(0)
        for request in requests:
            self.intents.append((request.id, request.attempts + 1))
            self.open.add(request.id)

    def withdraw(self, row: RowId) -> None:
        """Not applied."""
        self.open.discard(row)

    def conclude(self, outcome: Outcome) -> None:
        """Ended."""
        assert outcome.id not in self.outcomes, f"{outcome.id} ended twice"
        self.outcomes[outcome.id] = outcome
        self.open.discard(outcome.id)

    def awarding(self) -> None:
        """Setting requests award."""
        self.awarded = True


class FixedCredentials:
    """Implements `endpoint.Credentials` with headers that never change, and counts refusals."""

    def __init__(self) -> None:
        self.refusals = 0

    async def headers(self, transport: Any) -> Mapping[str, str]:
        """Always the same."""
        del transport
        return {"Authorization": "Basic bWFkZTp1cA=="}

    async def refused(self, transport: Any, sent: Mapping[str, str], *, admitted: bool) -> None:
        """Count it."""
        del transport, sent, admitted
        self.refusals += 1


@dataclass(slots=True)
class ListObserver:
    """Implements delivery's Observer."""

    outcomes: list[Outcome] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def outcome(self, outcome: Outcome) -> None:
        """Remember it."""
        self.outcomes.append(outcome)

    def say(self, words: str) -> None:
        """Remember them."""
        self.said.append(words)
