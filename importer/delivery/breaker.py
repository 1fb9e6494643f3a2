"""Notices that the service is gone, or that nobody lets us in, from failures in a row over all workers."""

from __future__ import annotations

from dataclasses import dataclass

from importer.endpoint import Answer, Meaning
from importer.errors import AccessRefused, ServiceDead, Stopped
from importer.records import Failure

FAILING = (Meaning.UNAVAILABLE, Meaning.PERHAPS)
UNHEARD = frozenset(failure.value for failure in Failure)  # codes of answers that are none


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to hold everybody, how long to wait between probes, when to give up. Times in s."""

    failures: int = 8  # in a row, over all workers
    first_pause_s: float = 1.0  # doubled after each probe that fails
    longest_pause_s: float = 60.0
    patience_s: float = 300.0  # from the first failure of the row
    patience_at_start_s: float = 5.0  # while nothing has ever been answered: a wrong host should end soon
    forbidden: int = 10  # 403 without a code, in a row


class Breaker:
    """Counts; decides whether to pause and for how long, or to stop."""

    def __init__(self, policy: BreakerPolicy, target: str) -> None:
        self._policy = policy
        self._target = target
        self._row = 0
        self._since = 0.0
        self._pauses = 0
        self._paused_at = 0.0
        self._forbidden = 0
        self._answered = False

    @property
    def open(self) -> bool:
        """Whether failures in a row have been seen to the end."""
        return self._pauses > 0

    def judge(self, answer: Answer, now: float, left_at: float) -> float | Stopped | None:
        """Seconds to hold everybody, the reason to stop, or None: go on. `now`, `left_at`: loop times, s."""
        failing = answer.meaning in FAILING
        self._forbidden = self._forbidden + 1 if answer.meaning is Meaning.FORBIDDEN else 0
        if self._forbidden >= self._policy.forbidden:
            return AccessRefused(
                f"{self._target} answered 403 to {self._forbidden} requests in a row.",
                advice="Ask whether this client or till may write customers there; then: importer resume RUN",
            )
        self._answered |= answer.code not in UNHEARD  # a 503 comes from a service that is there
        if not failing:
            self._row = self._pauses = 0
            return None
        if not self._row:
            self._since = now
        self._row += 1
        patience = self._policy.patience_s if self._answered else self._policy.patience_at_start_s
        needed = self._policy.failures if self._answered else 1
        if self._row < needed:
            return None
        if self.open and now - self._since >= patience:
            return ServiceDead(
                f"{self._target} has not answered properly for {now - self._since:.0f} s; last: {answer.message}.",
                advice="Check the address and the service; then: importer resume RUN",
            )
        if self.open and left_at < self._paused_at:
            return None  # it left before the pause began, and says nothing new
        self._paused_at = now
        pause: float = min(self._policy.longest_pause_s, self._policy.first_pause_s * 2**self._pauses)
        self._pauses += 1
        return pause
