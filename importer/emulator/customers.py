"""The customers of this Capillary: who they are, by which identifiers they are found, and what is stored of them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from importer.emulator.config import EmulatorConfig
from importer.emulator.identifiers import stored
from importer.emulator.organisation import IDENTIFIER_TYPES

FIRST_ID = 1_000_001

Place = tuple[str, str]  # source and accountId


@dataclass(slots=True)
class Enrolment:
    """A customer's place in a loyalty program. Points as credited; dates as they were sent."""

    program: int
    tier: int | None = None
    points: int = 0
    tier_expiry: str | None = None
    points_expiry: str | None = None


@dataclass(slots=True)
class Customer:
    """What is stored of one customer. Changed in place: this is the emulator's memory, not a record on its way."""

    id: int
    identifiers: dict[Place, dict[str, str]] = field(default_factory=dict)
    loyalty: bool = True
    first_name: str = ""
    last_name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    extended_fields: dict[str, Any] = field(default_factory=dict)
    channels: list[dict[str, Any]] = field(default_factory=list)
    enrolments: dict[int, Enrolment] = field(default_factory=dict)
    refuse: int | None = None  # every update ends with this code: 618 fraud, 8026 deleted …
    merged_into: int | None = None

    def shown(self) -> dict[str, Any]:
        """As plain data, in the shape of the documented read-back."""
        return {
            "id": self.id,
            "profiles": [
                {
                    "firstName": self.first_name,
                    "lastName": self.last_name,
                    "fields": self.fields,
                    "identifiers": [{"type": kind, "value": value} for kind, value in identifiers.items()],
                    "commChannels": self.channels,
                    "source": source,
                    "accountId": account,
                    "userId": self.id,
                }
                for (source, account), identifiers in self.identifiers.items()
            ],
            "loyaltyInfo": {"loyaltyType": "loyalty" if self.loyalty else "non_loyalty"},
            "extendedFields": self.extended_fields,
            "loyaltyProgramEnrollments": [
                {
                    "programId": one.program,
                    "tierNumber": one.tier,
                    "loyaltyPoints": one.points,
                    "tierExpiryDate": one.tier_expiry,
                    "pointsExpiryDate": one.points_expiry,
                }
                for one in self.enrolments.values()
            ],
            "mergedInto": self.merged_into,
        }


class Customers:
    """All of them. `find` is the one way in; an open population answers it with somebody new."""

    def __init__(self, config: EmulatorConfig) -> None:
        self.configure(config)
        self._by_id: dict[int, Customer] = {}
        self._by_value: dict[tuple[str, str], dict[Place, int]] = {}
        self._next_id = FIRST_ID

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Customer]:
        return iter(tuple(self._by_id.values()))

    def configure(self, config: EmulatorConfig) -> None:
        """Behave like this from now on; who exists stays."""
        self._config = config
        patterns = "|".join(fnmatch.translate(pattern.lower()) for pattern in config.missing)
        self._missing = re.compile(patterns or r"(?!)")  # without patterns nobody is missing

    def get(self, customer_id: int) -> Customer | None:
        """By Capillary's id."""
        return self._by_id.get(customer_id)

    def peek(self, place: Place, kind: str, value: str) -> Customer | None:
        """Who has this identifier in this source and account; nobody is born by asking."""
        if kind == "id":
            return self._by_id.get(int(value)) if value.isascii() and value.isdigit() else None
        known = stored(kind, value, self._config)
        number = self._by_value.get((kind, known), {}).get(place) if known is not None else None
        return None if number is None else self._by_id[number]

    def elsewhere(self, place: Place, kind: str, value: str) -> Customer | None:
        """Who has this stored value, but in another source or account."""
        for other, number in self._by_value.get((kind, value), {}).items():
            if other != place:
                return self.survivor(self._by_id[number])
        return None

    def find(self, place: Place, kind: str, value: str) -> Customer | int:
        """The customer a lookup means, or the code that refuses it: 8015 nobody, 8065 not in this source."""
        found = self.peek(place, kind, value)
        if found is not None:
            return found
        known = stored(kind, value, self._config)
        if known is None or kind == "id":
            return 8015
        is_open = self._config.population == "open" and not self._is_missing(known)
        other = self.elsewhere(place, kind, known)
        if other is not None:
            if not is_open:
                return 8065
            self.claim(other, place, kind, known)
            return other
        return self._born(place, kind, known) if is_open else 8015

    def survivor(self, customer: Customer) -> Customer:
        """Who stands for this customer after every merge."""
        while customer.merged_into is not None:
            customer = self._by_id[customer.merged_into]
        return customer

    def claim(self, customer: Customer, place: Place, kind: str, value: str) -> None:
        """Store an identifier; an older value of the same type in that place goes."""
        mine = customer.identifiers.setdefault(place, {})
        if customer.id not in self._by_id:  # not remembered: nobody will look for it
            mine[kind] = value
            return
        if kind in mine:
            owners = self._by_value.get((kind, mine[kind]), {})
            if owners.get(place) == customer.id:
                del owners[place]
        mine[kind] = value
        self._by_value.setdefault((kind, value), {})[place] = customer.id

    def merge(self, victim: Customer, survivor: Customer) -> None:
        """The survivor takes the victim's identifiers; irreversible."""
        for place, identifiers in victim.identifiers.items():
            for kind, value in identifiers.items():
                if kind not in survivor.identifiers.get(place, {}):
                    self.claim(survivor, place, kind, value)
        victim.merged_into = survivor.id

    def seed(self, given: Mapping[str, Any]) -> Customer:
        """Add a customer from plain data: see docs/reference/emulator.md. Raises ValueError that names what is wrong."""
        unknown = set(given) - SEED_KEYS
        if unknown:
            message = (
                f"a seeded customer has no {', '.join(sorted(unknown))}; there are: {', '.join(sorted(SEED_KEYS))}"
            )
            raise ValueError(message)
        customer = Customer(int(given.get("id") or self._next_id))
        self._next_id = max(self._next_id, customer.id + 1)
        place = (str(given.get("source") or "INSTORE"), str(given.get("accountId") or ""))
        customer.identifiers[place] = {}
        self._by_id[customer.id] = customer
        for kind in sorted(IDENTIFIER_TYPES & set(given)):
            if given[kind] in ("", None):
                continue
            value = stored(kind, given[kind], self._config)
            if value is None:
                message = f"{kind} of a seeded customer is not well-formed"
                raise ValueError(message)
            self.claim(customer, place, kind, value)
        customer.first_name = str(given.get("firstName") or "")
        customer.last_name = str(given.get("lastName") or "")
        customer.loyalty = (given.get("loyaltyType") or self._config.born) == "loyalty"
        customer.fields = dict(given.get("fields") or {})
        customer.extended_fields = dict(given.get("extendedFields") or {})
        customer.enrolments = {
            int(program): Enrolment(int(program), points=int(points))
            for program, points in (given.get("programs") or {}).items()
        }
        customer.refuse = int(given["refuse"]) if given.get("refuse") else None
        customer.merged_into = int(given["mergedInto"]) if given.get("mergedInto") else None
        return customer

    def _is_missing(self, value: str) -> bool:
        """Whether an open population lacks this value."""
        return self._missing.match(value.lower()) is not None

    def _born(self, place: Place, kind: str, value: str) -> Customer:
        """Somebody new in an open population."""
        customer = Customer(self._next_id, {place: {kind: value}}, self._config.born == "loyalty")
        self._next_id += 1
        if self._config.remember:
            self._by_id[customer.id] = customer
            self._by_value.setdefault((kind, value), {})[place] = customer.id
        return customer


SEED_KEYS = IDENTIFIER_TYPES | {
    "id", "source", "accountId", "firstName", "lastName", "loyaltyType", "fields", "extendedFields", "programs", "refuse",
    "mergedInto",
}  # fmt: skip
