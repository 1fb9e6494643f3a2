"""How fast requests may leave: one pace for all workers.

A told rate is met smoothly: slots lie 1/rate apart, and 1.5 % of the rate is kept back, so that jitter on the way
never makes a window of the service overflow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

KEPT_BACK = 0.015  # share of a told rate
CATCH_UP_S = 0.005  # how late a slot may be used without losing it; covers the clock's grain


class Pace(Protocol):
    """Says when the next request may leave, and learns from replies."""

    @property
    def per_second(self) -> float:
        """The present rate, requests/s."""

    def turn(self) -> Awaitable[None]:
        """Wait for the next slot."""

    def accepted(self, latency_s: float) -> None:
        """A reply came that was no refusal for speed."""

    def refused(self) -> None:
        """A reply said: too fast (429, 461, 503, HTTP 521)."""

    def held(self, seconds: float) -> None:
        """Everybody waits for so long: a refusal said so."""

    def resumed(self, after_s: float) -> None:
        """Requests pass again, this long after the first refusal."""


class Found(NamedTuple):
    """A ceiling that another run on this machine has found, requests/s, and how long ago, s."""

    ceiling: float
    age_s: float


class Slots:
    """Slots in time, each taken once. Who waits stands in line: nobody holds a slot that an old rate gave out.

    These are one run's own; `shared` has those that several runs take from, for whom the last four methods are.
    """

    def __init__(self) -> None:
        self._next = 0.0  # loop time, s
        self._line = asyncio.Lock()

    async def take(self, interval_s: Callable[[], float]) -> None:
        """Wait for the next free slot."""
        if not self._line.locked():  # nobody waits: a slot that is free already is taken without standing in line
            now = asyncio.get_running_loop().time()
            slot = max(self._next, now - CATCH_UP_S)
            if slot <= now:
                self._next = slot + interval_s()
                return
        async with self._line:
            now = asyncio.get_running_loop().time()
            slot = max(self._next, now - CATCH_UP_S)
            while slot > now:  # while the first in line sleeps, a pause may end and move the slot
                await asyncio.sleep(slot - now)
                now, before = max(slot, asyncio.get_running_loop().time()), slot
                slot = max(self._next, before)
            self._next = slot + interval_s()

    def deal_anew(self, interval_s: float) -> None:
        """A pause is over, and its probe has used the present slot."""
        self._next = asyncio.get_running_loop().time() + interval_s

    def hold(self, seconds: float) -> None:
        """Other runs wait for so long as well."""

    def tell(self, ceiling: float) -> None:
        """Other runs should know of this ceiling, requests/s."""

    def news(self, *, fresh: bool = False) -> Found | None:  # noqa: ARG002 - there is nobody to hear of
        """What another run has found since this was asked last."""
        return None

    def all_per_own(self) -> float:
        """How many slots all runs took for each of this one's."""
        return 1.0


class FixedPace:
    """A rate that was told."""

    def __init__(self, per_second: float, slots: Slots | None = None) -> None:
        self._per_second = per_second
        self._slots = slots or Slots()

    @property
    def per_second(self) -> float:
        """The told rate, requests/s."""
        return self._per_second

    def turn(self) -> Awaitable[None]:
        """Wait for the next slot."""
        return self._slots.take(self._interval_s)

    def _interval_s(self) -> float:
        return 1 / (self._per_second * (1 - KEPT_BACK))

    def accepted(self, latency_s: float) -> None:
        """Nothing to learn: the rate was told."""

    def refused(self) -> None:
        """Nothing to learn: the shared pause answers a refusal."""

    def held(self, seconds: float) -> None:
        """Other runs wait, too."""
        self._slots.hold(seconds)

    def resumed(self, after_s: float) -> None:
        """Nothing to learn: the rate was told."""


class FreePace:
    """No limit: for the embedded emulator, where nobody is harmed."""

    per_second = float("inf")

    async def turn(self) -> None:
        """Go at once."""

    def accepted(self, latency_s: float) -> None:
        """Nothing to learn."""

    def refused(self) -> None:
        """Nothing to learn: the shared pause answers a refusal."""

    def held(self, seconds: float) -> None:
        """Nobody else is held."""

    def resumed(self, after_s: float) -> None:
        """Nothing to learn."""
