"""What was received, what became of it, and what a client should never let happen: races, reorderings, double credits."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Hashable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

UPDATE = "update"


@dataclass(slots=True)
class Received:
    """One request. Filled in while it is served; whoever reads it later finds it complete (`done_s` is set).

    Times in seconds of the emulator's clock, counted from its start or last reset.
    """

    number: int  # from 1, in the order of arrival
    at_s: float
    method: str
    path: str
    route: str = ""  # update, lookup, token; "" for anything else
    source: str = ""
    account: str = ""
    name: str = ""  # identifierName
    value: str = ""  # identifierValue
    auth: str = ""  # basic, oauth, none
    body: bytes = b""
    digest: str = ""  # of the body: BLAKE2b, 16 bytes, hex
    status: int = 0  # HTTP status answered; 0: no answer
    code: int = 0  # of the first error, 0 without one
    warnings: tuple[int, ...] = ()
    customer: int = 0  # Capillary's id, 0 where nobody was found
    applied: bool = False  # the data was stored
    points: int = 0  # credited
    faults: tuple[str, ...] = ()
    overlapped: bool = False  # another request of the same customer was in flight
    reordered: bool = False  # its number in `sequence_field` was smaller than one that was applied before
    ignored: tuple[str, ...] = ()  # paths of keys in the body that mean nothing to this call
    request_id: str = ""
    done_s: float = 0.0


class Credit(NamedTuple):
    """How often the very same body credited points to the same customer; more than once is a double credit."""

    customer: int
    digest: str
    times: int
    points: int  # in all


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over everything received since start or reset, also what the record no longer keeps."""

    requests: int = 0
    applied: int = 0
    points: int = 0
    tokens: int = 0
    customers: int = 0
    overlaps: int = 0
    reorderings: int = 0
    double_credits: int = 0
    by_route: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)  # "0": no answer
    by_code: dict[str, int] = field(default_factory=dict)
    by_fault: dict[str, int] = field(default_factory=dict)
    busiest_second: int = 0  # updates that arrived within one second of the clock
    in_flight_most: int = 0

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


class Record:
    """The log of requests. The server's thread writes it, any thread may read it."""

    def __init__(self, keep_requests: int | None, *, keep_bodies: bool, sequence_field: str) -> None:
        self._lock = threading.Lock()
        self._keep_bodies = keep_bodies
        self._sequence_field = sequence_field
        self._kept: deque[Received] = deque(maxlen=keep_requests)
        self._number = 0
        self._applied = self._points = self._overlaps = self._reorderings = self._doubles = 0
        self._routes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._credits: dict[tuple[int, str], list[int]] = {}
        self._sequences: dict[int, int] = {}
        self._second, self._in_second, self._busiest = -1, 0, 0
        self._open = self._open_most = 0

    def arrive(self, at_s: float, method: str, path: str) -> Received:
        """Note a request that arrived."""
        with self._lock:
            self._number += 1
            received = Received(self._number, at_s, method, path)
            self._kept.append(received)
            self._open += 1
            self._open_most = max(self._open_most, self._open)
        return received

    def route(self, received: Received, route: str, body: bytes) -> None:
        """Note where it goes and what it brings."""
        received.route = route
        if body:
            received.digest = hashlib.blake2b(body, digest_size=16).hexdigest()
            received.body = body if self._keep_bodies else b""
        self._routes[route] += 1
        if route == UPDATE:
            second = int(received.at_s)
            self._in_second = self._in_second + 1 if second == self._second else 1
            self._second = second
            self._busiest = max(self._busiest, self._in_second)

    def write(self, received: Received, customer: int, points: int, sequence: object) -> None:
        """Note that its data was stored, with the points that it credited."""
        with self._lock:
            received.applied, received.customer, received.points = True, customer, points
            self._applied += 1
            if points:
                self._points += points
                credit = self._credits.setdefault((customer, received.digest), [0, 0])
                credit[0] += 1
                credit[1] += points
                self._doubles += credit[0] > 1
            number = as_number(sequence)
            if number is not None:
                newest = self._sequences.get(customer)
                if newest is not None and number < newest:
                    received.reordered = True
                    self._reorderings += 1
                else:
                    self._sequences[customer] = number

    def overlap(self, received: Received) -> None:
        """Note that another request of the same customer is in flight."""
        received.overlapped = True
        self._overlaps += 1

    def conclude(self, received: Received, now_s: float) -> None:
        """Note that it is over."""
        with self._lock:
            received.done_s = now_s
            self._open -= 1
            self._statuses[str(received.status)] += 1
            if received.code:
                self._codes[str(received.code)] += 1
            for code in received.warnings:
                self._codes[str(code)] += 1
            for fault in received.faults:
                self._faults[fault] += 1

    def requests(self, route: str = "") -> tuple[Received, ...]:
        """The requests that are kept, in the order of arrival; of one route, where it is given."""
        with self._lock:
            return tuple(one for one in self._kept if not route or one.route == route)

    def updates(self) -> tuple[Received, ...]:
        """The requests to update a customer that are kept."""
        return self.requests(UPDATE)

    def credits(self) -> tuple[Credit, ...]:
        """Every credit of points, by customer and body."""
        with self._lock:
            return tuple(Credit(customer, digest, *counted) for (customer, digest), counted in self._credits.items())

    def statistics(self, *, tokens: int = 0, customers: int = 0) -> Statistics:
        """Counts over everything."""
        with self._lock:
            return Statistics(
                requests=self._number,
                applied=self._applied,
                points=self._points,
                tokens=tokens,
                customers=customers,
                overlaps=self._overlaps,
                reorderings=self._reorderings,
                double_credits=self._doubles,
                by_route=dict(self._routes),
                by_status=dict(self._statuses),
                by_code=dict(self._codes),
                by_fault=dict(self._faults),
                busiest_second=self._busiest,
                in_flight_most=self._open_most,
            )

    def sequence(self, body: dict[str, Any]) -> object:
        """The number in `sequence_field` of a body, or None."""
        if not self._sequence_field:
            return None
        for profile in body.get("profiles", ()):
            if self._sequence_field in profile.get("fields", ()):
                return profile["fields"][self._sequence_field]
        return None


def as_number(value: object) -> int | None:
    """A whole number, or None."""
    try:
        return int(str(value)) if value is not None else None
    except ValueError:
        return None


class InFlight:
    """Requests on their way, by everything that they share with others: customer and identifiers."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, list[object]] = {}

    def enter(self, token: object, keys: Iterable[Hashable]) -> list[object]:
        """Those that are in flight under one of the keys already."""
        others: list[object] = []
        for key in keys:
            waiting = self._by_key.setdefault(key, [])
            others += waiting
            waiting.append(token)
        return others

    def leave(self, token: object, keys: Iterable[Hashable]) -> None:
        """This one is over."""
        for key in keys:
            waiting = self._by_key[key]
            waiting.remove(token)
            if not waiting:
                del self._by_key[key]
