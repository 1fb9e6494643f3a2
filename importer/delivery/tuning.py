"""A pace that finds the service's limit by itself.

It starts at 5 requests/s and doubles each second until a refusal or a rise in latency. From then on it knows a
ceiling, begins again a little below it and grows along a cubic curve: fast while far below, flat near the ceiling, fast
again beyond it, so that a limit that was raised is found too. A limit counted per minute shows itself by refusals that
last; then the ceiling is what was accepted in that window.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from importer.delivery.pace import Slots

START_PER_S = 5.0
FLOOR_PER_S = 0.2
CEILING_PER_S = 2_000.0
BELOW_CEILING = 0.96  # where growth begins again after a refusal
PROBE_AFTER_S = 20.0  # the ceiling is reached again after so long …
PROBE_AFTER_REQUESTS = 200  # … or so many requests, whichever is later: refusals stay well under 2 %
WINDOW_S = 60.0
LONG_REFUSAL_S = 3.0  # refusals that last longer come from a window of a minute
LATENCY_ROSE = 3.0  # times the calm latency …
LATENCY_ROSE_S = 0.5  # … and at least so much above it


@dataclass(frozen=True, slots=True)
class PaceMemory:
    """What a pace found, to start from next time. Rates in requests/s."""

    ceiling: float


class TunedPace:
    """Self-tuning, as the module describes. Times are the event loop's, in s."""

    def __init__(self, memory: PaceMemory | None = None, *, share: float = 1.0) -> None:
        """`share`: of what is found, what is used (0 to 1)."""
        self._share = share
        self._ceiling = memory.ceiling if memory else None
        self._rate = BELOW_CEILING * memory.ceiling if memory else START_PER_S
        self._slots = Slots()
        self._born: float | None = None  # when the present growth began
        self._grown_from = self._rate
        self._accepted: deque[float] = deque()  # times within the last window
        self._window_began = float("-inf")  # end of the last long refusal
        self._at_refusal: tuple[float, float] | None = None  # accepted/s in the second, and in the window, before
        self._latency_calm: float | None = None
        self._latency = 0.0

    @property
    def per_second(self) -> float:
        """The present rate, requests/s."""
        return self._rate

    @property
    def memory(self) -> PaceMemory | None:
        """What was found so far; None before the first refusal."""
        return PaceMemory(self._ceiling) if self._ceiling else None

    async def turn(self) -> None:
        """Wait for the next slot at the present rate."""
        self._grow(asyncio.get_running_loop().time())
        await self._slots.take(1 / (self._rate * self._share))

    def accepted(self, latency_s: float) -> None:
        """Count it, and back off where answers have become slow."""
        now = asyncio.get_running_loop().time()
        self._accepted.append(now)
        while self._accepted[0] < now - WINDOW_S:
            self._accepted.popleft()
        self._latency = 0.9 * self._latency + 0.1 * latency_s if self._latency else latency_s
        self._latency_calm = min(self._latency_calm or latency_s, self._latency)
        if self._latency > max(LATENCY_ROSE * self._latency_calm, self._latency_calm + LATENCY_ROSE_S):
            self._begin(0.8 * self._rate, now)
            self._latency_calm = self._latency = self._latency / 2  # judge the new rate by its own answers

    def refused(self) -> None:
        """Remember what was accepted before the first refusal."""
        if self._at_refusal is None:
            now = asyncio.get_running_loop().time()
            short = max(1.0, 4 / self._rate)
            in_window = sum(time > max(now - WINDOW_S, self._window_began) for time in self._accepted)
            self._at_refusal = (
                sum(time > now - short for time in self._accepted) / short,
                in_window / WINDOW_S,
            )

    def resumed(self, after_s: float) -> None:
        """Learn the ceiling from how long the refusals lasted."""
        if self._at_refusal is None:
            return
        now = asyncio.get_running_loop().time()
        short, window = self._at_refusal
        self._at_refusal = None
        if after_s > LONG_REFUSAL_S:
            self._window_began = now
            ceiling = window
        else:
            ceiling = min(self._rate, short) if self._ceiling is None else min(self._rate, max(short, 0.5 * self._rate))
        self._begin(max(FLOOR_PER_S, ceiling), now)

    def _begin(self, ceiling: float, now: float) -> None:
        """Grow again from just below this ceiling."""
        self._ceiling = ceiling
        self._rate = self._grown_from = max(FLOOR_PER_S, BELOW_CEILING * ceiling)
        self._born = now

    def _grow(self, now: float) -> None:
        if self._born is None:
            self._born = now
        age = now - self._born
        if self._ceiling is None:
            self._rate = min(CEILING_PER_S, START_PER_S * 2 ** int(age))
            return
        reach = max(PROBE_AFTER_S, PROBE_AFTER_REQUESTS / self._ceiling)
        curve = ((age - reach) / reach) ** 3  # -1 at birth, 0 at the ceiling
        self._rate = min(CEILING_PER_S, max(FLOOR_PER_S, self._ceiling * (1 + (1 - BELOW_CEILING) * curve)))
