"""A pace that finds the service's limit by itself.

It starts at 5 requests/s and doubles each second until a refusal or a rise in latency. From then on it knows a
ceiling, begins again a little below it and grows along a cubic curve: fast while far below, flat near the ceiling, fast
again beyond it, so that a limit that was raised is found too. A limit counted per minute shows itself by refusals that
last; then the ceiling is what was accepted in that window.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass

from importer.delivery.pace import Slots

START_PER_S = 5.0
FLOOR_PER_S = 0.2
CEILING_PER_S = 2_000.0
BELOW_CEILING = 0.96  # where growth begins again after a refusal
PROBE_AFTER_S = 20.0  # the ceiling is reached again after so long …
PROBE_AFTER_REQUESTS = 200  # … or so many requests, whichever is later: refusals stay well under 2 %
WINDOW_S = 60.0
LONG_REFUSAL_S = 3.0  # refusals that last longer come from a window of a minute …
OUTAGE_S = 90.0  # … unless they last longer than that and the longest pause within it: then the service was gone
LATER_S = 5.0  # a window is taken to end so long after its last refusal, or half way to what was accepted next
SAMPLE = 20  # requests before a refusal, or those of a second, from which the accepted rate is told …
ENOUGH = 4  # … but not from fewer than these
BACK_OFF = 0.8  # of the present rate, where it cannot
HALF = 0.5  # no single refusal takes more of what was known
LATENCY_ROSE = 3.0  # times the calm latency …
LATENCY_ROSE_S = 0.5  # … and at least so much above it


@dataclass(frozen=True, slots=True)
class PaceMemory:
    """What a pace found, to start from next time. Rates in requests/s."""

    ceiling: float


class TunedPace:
    """Self-tuning, as the module describes. Times are the event loop's, in s."""

    def __init__(self, memory: PaceMemory | None = None, *, share: float = 1.0, slots: Slots | None = None) -> None:
        """`share`: of what is found, what is used (0 to 1). `slots`: where other runs take theirs, too."""
        self._share = share
        self._ceiling = memory.ceiling if memory else None
        self._rate = BELOW_CEILING * memory.ceiling if memory else START_PER_S
        self._slots = slots or Slots()
        self._born: float | None = None  # when the present growth began
        self._accepted: deque[float] = deque()  # times within the last window
        self._window_began = float("-inf")  # end of the last long refusal
        self._refused_at: float | None = None  # the first of the present refusals
        self._last_refused_at = 0.0
        self._before_refusal = 0.0  # accepted/s just before it
        self._resumed_at = float("-inf")
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

    def turn(self) -> Awaitable[None]:
        """Wait for the next slot at the present rate."""
        return self._slots.take(self._interval_s)

    def _interval_s(self) -> float:
        now = asyncio.get_running_loop().time()
        if self._refused_at is None and (news := self._slots.news()):
            self._ceiling, self._born = news.ceiling, now - news.age_s
        self._grow(now)
        return 1 / (self._rate * self._share)

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
        """Remember when refusals began, and what was accepted just before."""
        now = self._last_refused_at = asyncio.get_running_loop().time()
        if self._refused_at is None:
            self._refused_at = now
            start = max(now - max(1.0, SAMPLE / self._rate), self._resumed_at)
            if (now - start) * self._rate >= ENOUGH:
                accepted = sum(time > start for time in self._accepted) * self._slots.all_per_own()
                self._before_refusal = accepted / (now - start)
            else:
                self._before_refusal = BACK_OFF * self._rate  # it came too soon to tell

    def held(self, seconds: float) -> None:
        """Other runs wait, too."""
        self._slots.hold(seconds)

    def resumed(self, after_s: float) -> None:
        """Learn the ceiling from how long the refusals lasted."""
        if self._refused_at is None:
            return
        now = self._resumed_at = asyncio.get_running_loop().time()
        refused_at, self._refused_at = self._refused_at, None
        if news := self._slots.news(fresh=True):  # another run has learnt from the same refusals
            self._ceiling, self._born = news.ceiling, now - news.age_s
        elif after_s > OUTAGE_S:
            self._begin_after_outage(now)
        else:
            self._begin(self._found(refused_at, now), now)
        self._slots.deal_anew(1 / (self._rate * self._share))

    def _found(self, refused_at: float, now: float) -> float:
        """The ceiling that these refusals show, requests/s."""
        at_least = HALF * (self._ceiling or self._rate)
        if now - refused_at > LONG_REFUSAL_S:
            ceiling = self._in_window(now)
            if self._ceiling:
                ceiling = max(ceiling, at_least)
            self._window_began = now
        else:
            ceiling = max(self._before_refusal, at_least)
        return max(FLOOR_PER_S, min(self._rate, ceiling))

    def _in_window(self, now: float) -> float:
        """Accepted per second over a window that ended in refusals.

        It ended after the last of them, not after the first: what was accepted a minute before that one may speak of an
        older limit.
        """
        ended = self._last_refused_at + min(LATER_S, (now - self._last_refused_at) / 2)
        start = max(ended - WINDOW_S, self._window_began)
        accepted = sum(time > start for time in self._accepted) * self._slots.all_per_own()
        return accepted / min(WINDOW_S, now - start)

    def _begin_after_outage(self, now: float) -> None:
        """The service was gone, which says nothing of its limit."""
        if self._ceiling:
            self._begin(self._ceiling, now)
        else:
            self._rate, self._born = START_PER_S, now

    def _begin(self, ceiling: float, now: float) -> None:
        """Grow again from just below this ceiling."""
        self._ceiling = ceiling
        self._rate = max(FLOOR_PER_S, BELOW_CEILING * ceiling)
        self._born = now
        self._slots.tell(ceiling)

    def _grow(self, now: float) -> None:
        if self._refused_at is not None:
            return  # not while everybody is held
        if self._born is None:
            self._born = now
        age = now - self._born
        if self._ceiling is None:
            self._rate = min(CEILING_PER_S, START_PER_S * 2 ** int(age))
            return
        reach = max(PROBE_AFTER_S, PROBE_AFTER_REQUESTS / self._ceiling)
        curve = ((age - reach) / reach) ** 3  # -1 at birth, 0 at the ceiling
        self._rate = min(CEILING_PER_S, max(FLOOR_PER_S, self._ceiling * (1 + (1 - BELOW_CEILING) * curve)))
