"""What holds all workers at once: refusals for speed, a quota that is spent, failures in a row, hours that have ended.

Gate, breaker and pace hear of each reply here. A refusal for speed shuts the gate, longer with each that is news; then
a single request tries the way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from importer.delivery.breaker import Breaker
from importer.delivery.gate import Gate
from importer.delivery.means import Delivered, Means
from importer.endpoint import Answer, Meaning
from importer.errors import Stopped

SHORTEST_PAUSE_S = 0.5  # after a refusal for speed; doubled with each that follows
LONGEST_PAUSE_S = 60.0
SPENT_FROM_S = 1.0  # a quota that is new sooner is met by the pace alone; resets are told in whole seconds
TOLD_FROM_S = 8.0  # shorter pauses are part of the day
CONCLUSIVE = (Meaning.ACCEPTED, Meaning.PARTIAL)


class Throttle:
    """One for all workers of a delivery. `fail` ends it."""

    def __init__(
        self, means: Means, delivered: Delivered, fail: Callable[[BaseException], None], chance: random.Random
    ) -> None:
        self._means = means
        self._delivered = delivered
        self._fail = fail
        self._gate = Gate(chance)
        self._breaker = Breaker(means.breaker, means.target)
        self._refused_since: float | None = None
        self._pauses = 0
        self._last_pause_at = 0.0

    @property
    def service_gone(self) -> bool:
        """Whether failures in a row have been seen to the end."""
        return self._breaker.open

    async def turn(self) -> tuple[bool, Mapping[str, str]]:
        """Wait for hours, gate, pace and credentials: (whether this request probes a gate that was shut, headers).

        A probe's pause was its turn. Raises AccessRefused, ServiceDead.
        """
        means = self._means
        probe = False
        try:
            while True:
                if means.hours:
                    await means.hours.opened()
                if not (probe := not self._gate.open and await self._gate.passed()):
                    await means.pace.turn()
                headers = await means.credentials.headers(means.transport)
                if means.hours and not means.hours.open:  # they ended while it waited
                    if probe:
                        self._gate.retry_probe()
                elif probe or self._gate.open:  # else a pause began meanwhile
                    return probe, headers
        except BaseException:  # cancelled or refused, it does not leave; raised again
            if probe:
                self._gate.retry_probe()
            raise

    def retry_probe(self) -> None:
        """The probe ended without a verdict: let another request try."""
        self._gate.retry_probe()

    def learn(self, answer: Answer, left_at: float, now: float, latency_s: float, *, probe: bool) -> bool:
        """Tell gate, pace and breaker what came back; True: a probe has its verdict."""
        if answer.slows_down:
            self._slow_down(answer, left_at, now)
            if answer.meaning is Meaning.LIMITED:
                return True
        verdict = self._breaker.judge(answer, now, left_at)
        if isinstance(verdict, Stopped):
            self._fail(verdict)
        elif verdict is not None:
            self._gate.shut(verdict)
            self._tell(verdict, f"does not answer properly ({answer.code})")
        elif not answer.slows_down and (probe or not self._breaker.open):
            self._go_on(left_at, now, probe=probe)
            self._means.pace.accepted(latency_s)
            if (answer.retry_after_s or 0.0) > SPENT_FROM_S and answer.meaning in CONCLUSIVE:
                self._spent(answer.retry_after_s or 0.0, now)
        return True

    def _spent(self, seconds: float, now: float) -> None:
        """Accepted, and nothing is left of the quota: what would be refused waits before it is."""
        self._means.pace.refused()
        self._refused_since = self._refused_since or now
        self._last_pause_at = now
        self._hold(seconds)

    def _slow_down(self, answer: Answer, left_at: float, now: float) -> None:
        """Shut the gate for everybody; longer with each refusal that is news."""
        self._delivered.refusals += 1
        self._means.pace.refused()
        self._refused_since = self._refused_since or now
        if left_at >= self._last_pause_at:  # those that left before the pause began say nothing new
            pause = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2**self._pauses)
            self._pauses += 1
            self._last_pause_at = now
            self._hold(max(pause, answer.retry_after_s or 0.0))
        elif answer.retry_after_s:
            self._hold(answer.retry_after_s)

    def _hold(self, seconds: float) -> None:
        """Nobody sends for so long, here and in other runs that share the pace."""
        self._gate.shut(seconds)
        self._means.pace.held(seconds)
        self._tell(seconds, "asks for fewer requests")

    def _tell(self, seconds: float, why: str) -> None:
        """A pause that people would notice has its reason told."""
        if seconds >= TOLD_FROM_S:
            self._means.observer.say(f"{self._means.target} {why}; the next try is in {seconds:,.0f} s.")

    def _go_on(self, left_at: float, now: float, *, probe: bool) -> None:
        """A reply that was no refusal: the pauses are over, unless it left before the last one began."""
        if probe or left_at >= self._last_pause_at:
            self._pauses = 0
            if self._refused_since is not None:
                self._means.pace.resumed(now - self._refused_since)
                self._refused_since = None
        if probe:
            self._gate.release()
