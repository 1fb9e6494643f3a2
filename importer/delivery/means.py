"""What a delivery works with, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from importer.delivery.breaker import BreakerPolicy
from importer.delivery.hours import Hours
from importer.delivery.pace import Pace
from importer.delivery.retry import RetryPolicy
from importer.endpoint import Credentials, Endpoint, Transport
from importer.errors import Stopped
from importer.records import Guards, Outcome, Request, RowId, Status


class Ledger(Protocol):
    """What delivery writes down; the journal's ledger implements it."""

    async def intend(self, requests: Sequence[Request]) -> None:
        """Durable when this returns: they are about to leave once more. Raises JournalLost."""

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

    def say(self, words: str) -> None:
        """Why nothing ends for a while, or what else whoever watches should know. No customer's data."""


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
    merged: int = 0  # rows of earlier sessions of this run, for the guards …
    awarded: int = 0  # … likewise
    concurrency: int = 16
    timeout_s: float = 30.0
    target: str = "the target system"
    seed: int | None = None
    hours: Hours | None = None  # None: requests may leave at any time
    awarding: bool = False  # an earlier session of this run saw setting requests award
