"""What goes wrong, when, and for whom: faults as data, and the decision which of them strike a request.

A share is drawn from the seed, the fault's place in the list, the customer's identity and how often that customer was
asked for, not from the order of arrival: the same script over the same sheet strikes the same requests, whatever the
concurrency.
"""

from __future__ import annotations

import enum
import hashlib
import math
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FaultKind(enum.StrEnum):
    """What happens to the request; `meaning` says it in a line."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """A kind with its line of meaning."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.meaning = meaning
        return kind

    STATUS = "status", "an HTTP status with an HTML body, as a gateway makes it"
    ERROR = "error", "HTTP 200 with `errors[]`, the given code (521, 4001 …); nothing is written"
    WARNING = "warning", "written, with the given code among the warnings"
    UNAUTHORISED = "unauthorised", "401, although the credentials are right"
    TOKEN_EXPIRED = "token-expired", "every token issued so far ends now"
    DELAY = "delay", "the answer comes later"
    HANG = "hang", "no answer at all, then the connection drops"
    DROP = "drop", "the connection is cut without an answer"
    SLOW_BODY = "slow-body", "headers at once, the body in pieces over the given seconds"
    TRUNCATED = "truncated", "the body ends before its announced length"
    MALFORMED = "malformed", "HTTP 200, a body that is no JSON"
    WRONG_SHAPE = "wrong-shape", "HTTP 200, JSON that is nothing like the documented answer"
    CONTENT_TYPE = "content-type", "the right body under `text/html`"
    EMPTY = "empty", "HTTP 200 without a body"
    ID_WITH_ERRORS = "id-with-errors", "`createdId` and `errors` together; nothing is written"
    NO_WARNINGS = "no-warnings", "`createdId` alone"
    HUGE = "huge", "written, with a body of `size` bytes"
    GZIP = "gzip", "the right body, compressed"


# These answer from the write's own answer, so the write has happened; of the others `after_write` decides.
DECORATE = frozenset(
    {
        FaultKind.WARNING,
        FaultKind.SLOW_BODY,
        FaultKind.CONTENT_TYPE,
        FaultKind.NO_WARNINGS,
        FaultKind.HUGE,
        FaultKind.GZIP,
    }
)
NEVER_WRITES = frozenset({FaultKind.ERROR, FaultKind.UNAUTHORISED, FaultKind.TOKEN_EXPIRED, FaultKind.ID_WITH_ERRORS})


class Fault(BaseModel):
    """One fault. Every selector that is given must hold; without any it strikes each request of its route."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind = Field(description="what happens")
    route: Literal["update", "lookup", "token", "any"] = Field(
        "update", description="PUT lookup, the GET calls, the token call, or all of them"
    )
    share: float | None = Field(None, ge=0, le=1, description="of the requests, drawn from the seed")
    nth: tuple[int, ...] = Field((), description="ordinals of requests to the route, from 1")
    every: int | None = Field(None, ge=1, description="each n-th request to the route")
    values: tuple[str, ...] = Field((), description="identifier values")
    attempts: tuple[int, ...] = Field((), description="ordinals of requests for the same identifier, from 1")
    from_s: float = Field(0, description="seconds after start or reset when it begins")
    until_s: float = Field(math.inf, description="seconds after start or reset when it ends")
    times: int | None = Field(None, ge=0, description="at most so often")
    after_write: bool = Field(default=False, description="strikes after the data was written")
    status: int = Field(503, ge=100, le=599, description="`status`: the HTTP status")
    code: int = Field(521, description="`error`, `warning`, `id-with-errors`: the code")
    retry_after: str = Field("", description="`status`: the header's value, seconds or an HTTP date, sent as it is")
    seconds: float = Field(0, ge=0, description="`delay`, `hang`, `slow-body`: how long (mean of a distribution)")
    distribution: Literal["fixed", "uniform", "exponential", "lognormal"] = Field(
        "fixed", description="`delay`: uniform reaches from 0 to twice the mean; lognormal has sigma 1"
    )
    size: int = Field(5_000_000, ge=0, description="`huge`: bytes")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.after_write and self.kind in NEVER_WRITES:
            message = f"a fault of kind {self.kind.value} never writes: after_write cannot be true"
            raise ValueError(message)
        if self.until_s <= self.from_s:
            message = "until_s must lie after from_s"
            raise ValueError(message)
        return self

    @property
    def decorates(self) -> bool:
        """Whether it changes the right answer, and does not put another in its place."""
        return self.kind in DECORATE

    @property
    def strikes_after_write(self) -> bool:
        """Whether the data is written before it strikes."""
        return self.after_write or self.kind in DECORATE


class FaultScript:
    """The faults of one emulator with what they need to remember: ordinals and how often each struck."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._struck = [0] * len(self._faults)
        self._by_route: dict[str, int] = {}
        self._by_identity: dict[tuple[str, str], int] = {}

    def __bool__(self) -> bool:
        return bool(self._faults)

    def strike(self, route: str, identity: str, value: str, elapsed_s: float) -> list[tuple[Fault, float]]:
        """Faults that strike this request, in the script's order, each with its seconds drawn.

        Any number of delays, and of the others the first. `elapsed_s`: since start or reset.
        """
        ordinal = self._by_route[route] = self._by_route.get(route, 0) + 1
        key = (route, identity)
        attempt = self._by_identity[key] = self._by_identity.get(key, 0) + 1
        chosen: list[tuple[Fault, float]] = []
        taken = False
        for place, fault in enumerate(self._faults):
            is_delay = fault.kind is FaultKind.DELAY
            if (taken and not is_delay) or not self._selects(
                place, fault, route, identity, value, ordinal, attempt, elapsed_s
            ):
                continue
            self._struck[place] += 1
            taken = taken or not is_delay
            chosen.append((fault, self._seconds(place, fault, identity, attempt)))
        return chosen

    def _selects(
        self,
        place: int,
        fault: Fault,
        route: str,
        identity: str,
        value: str,
        ordinal: int,
        attempt: int,
        elapsed_s: float,
    ) -> bool:
        """Whether every selector of the fault holds."""
        if fault.route not in {route, "any"} or not fault.from_s <= elapsed_s < fault.until_s:
            return False
        if fault.times is not None and self._struck[place] >= fault.times:
            return False
        if fault.nth and ordinal not in fault.nth:
            return False
        if fault.every is not None and ordinal % fault.every:
            return False
        if fault.values and value not in fault.values:
            return False
        if fault.attempts and attempt not in fault.attempts:
            return False
        return fault.share is None or self._draw("share", place, identity, attempt) < fault.share

    def _draw(self, what: str, place: int, identity: str, attempt: int) -> float:
        """A number in [0, 1) that depends on nothing but the script, the customer and the attempt."""
        text = f"{self._seed}|{what}|{place}|{identity}|{attempt}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big") / 2**56

    def _seconds(self, place: int, fault: Fault, identity: str, attempt: int) -> float:
        """The fault's seconds, drawn from its distribution."""
        if fault.distribution == "fixed" or not fault.seconds:
            return fault.seconds
        drawn = self._draw("seconds", place, identity, attempt)
        if fault.distribution == "uniform":
            return 2 * fault.seconds * drawn
        if fault.distribution == "exponential":
            return -fault.seconds * math.log(1 - drawn)
        angle = 2 * math.pi * self._draw("angle", place, identity, attempt)
        normal = math.sqrt(-2 * math.log(1 - drawn)) * math.cos(angle)  # Box-Muller
        return fault.seconds * math.exp(normal - 0.5)
