"""What to do after a reply: a pure function from policy, history and answer to a decision. It never waits.

The wait before attempt n + 1 is drawn evenly from 0 to min(`cap_s`, `base_s` * 2 ** (n - 1)): exponential with full
jitter. Both the number of attempts and the time from the first one are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from importer.endpoint import Answer, Meaning
from importer.records import Status


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient delivery is with one row."""

    attempts: int = 6
    total_s: float = 300.0  # from a row's first attempt
    base_s: float = 0.5
    cap_s: float = 30.0
    resend_unknown: bool = False  # `--unknown`: the user takes the risk of doubling


class History(NamedTuple):
    """What has happened to a row so far, the present reply included."""

    attempts: int
    elapsed_s: float
    perhaps: bool  # some attempt was perhaps applied
    adds: bool


@dataclass(frozen=True, slots=True)
class Finish:
    """The row has ended."""

    status: Status


@dataclass(frozen=True, slots=True)
class Again:
    """Send it again, not before `after_s` seconds. `counts`: the attempt was a real one, not a refusal for speed."""

    after_s: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Renew:
    """The credentials were refused: renew them, once for all, and send it again."""


@dataclass(frozen=True, slots=True)
class Halt:
    """No row can succeed: the run stops."""


Decision = Finish | Again | Renew | Halt


def decide(policy: RetryPolicy, history: History, answer: Answer, chance: float) -> Decision:
    """What to do after this answer. `chance`: a random number from 0 to 1, so that the decision itself is pure."""
    match answer.meaning:
        case Meaning.ACCEPTED:
            return Finish(Status.UPDATED_WITH_WARNINGS if answer.warnings else Status.UPDATED)
        case Meaning.PARTIAL:
            return Finish(Status.PARTIAL)
        case Meaning.REFUSED | Meaning.FORBIDDEN:
            return Finish(Status.REJECTED)
        case Meaning.UNAUTHORISED:
            return Renew()
        case Meaning.DENIED:
            return Halt()
        case Meaning.LIMITED:
            return Again(answer.retry_after_s or 0.0, counts=False)
        case Meaning.PERHAPS if history.adds and not policy.resend_unknown:
            return Finish(Status.UNKNOWN)
    exhausted = history.attempts >= policy.attempts or history.elapsed_s >= policy.total_s
    if exhausted:
        return Finish(Status.UNKNOWN if history.perhaps else Status.FAILED)
    return Again(max(answer.retry_after_s or 0.0, wait_s(policy, history.attempts, chance)))


def wait_s(policy: RetryPolicy, attempts: int, chance: float) -> float:
    """Seconds to wait after this many attempts (full jitter)."""
    longest: float = min(policy.cap_s, policy.base_s * 2 ** (attempts - 1))
    return chance * longest
