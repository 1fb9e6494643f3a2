"""What any API must tell the rooms: its targets, where a request goes, what a reply means, how to sign.

Rooms see an API through these types alone; what is peculiar to one lies in `importer.apis`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from importer.records import Notice, Outcome, Reply

if TYPE_CHECKING:
    import pandas as pd

    from importer.problems import Problem


class Kind(enum.StrEnum):
    """The type of a target's value after conversion, and of the JSON that is sent."""

    STRING = "string"
    INTEGER = "integer"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"  # str, YYYY-MM-DD
    DATETIME = "datetime"  # str, YYYY-MM-DDTHH:MM:SS±hh:mm
    DATE_OR_DATETIME = "date-or-datetime"  # str, either of the two
    ENUM = "enum"  # str, one of `values`
    LIST = "list"  # list of str


class Effect(enum.StrEnum):
    """Whether a target may be sent again without harm."""

    SETS = "sets"
    ADDS = "adds"


@dataclass(frozen=True, slots=True)
class Country:
    """How mobile numbers of one country look: country code, then so many digits, of which the first may be limited."""

    region: str  # ISO 3166-1, two capitals
    code: str
    lengths: tuple[int, ...]  # digits after the country code
    first: str = ""  # digits that the number after the code may begin with; "": any


@dataclass(frozen=True, slots=True)
class Variant:
    """What holds of a target's value beside one `type` of its list element (a mobile, an email …)."""

    type: str
    help: str = ""
    pattern: str | None = None  # whole value
    pattern_help: str = ""
    max_length: int | None = None  # characters
    needs: tuple[str, ...] = ()  # names beside it that must all be filled
    needs_one_of: tuple[str, ...] = ()  # names beside it of which one must be filled
    countries: tuple[Country, ...] = ()  # a mobile number is one of these countries', where the mapping declares them
    prefix: str = ""  # how it begins, where the mapping declares it
    length: int | None = None  # characters, neither more nor less, where the mapping declares it
    converter: str = ""  # what brings text into this form, as a mapping spells it; REGION is filled in
    source: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Something a mapping can fill: one entry of the catalog, or an organisation's own field.

    `address`: as the mapping spells it, dotted, `[]` after a list, `*` for a free name
    (`profile.commChannels[].meta.residence`, `extendedFields.*`, `lookup.identifiers.mobile`).
    `body`: where the value lies in what is sent, in the same notation from the root of the JSON body
    (`profiles[0].commChannels[].meta.residence`); "" for targets of the query.
    """

    address: str
    body: str
    kind: Kind
    help: str
    effect: Effect = Effect.SETS
    values: tuple[str, ...] = ()  # allowed values; empty: any
    open_values: bool = False  # a value outside `values` is a warning of the mapping, not an error
    max_length: int | None = None  # characters
    min: float | None = None
    max: float | None = None
    pattern: str | None = None  # whole value
    pattern_help: str = ""  # what the pattern asks for, in words
    required: bool = False  # its list element (or, for lookup targets, the mapping) needs it
    key: bool = False  # its list element exists only where this is filled
    identifies: bool = False  # tells one person from all others: masked in part where others may see it
    clearable: bool = False  # `blank: clear` may be said of it
    when_type: tuple[str, ...] = ()  # only beside these values of its element's `type`
    variants: Mapping[str, Variant] = field(default_factory=dict)  # by the element's `type`
    source: str = ""  # key of the API document that states it
    declared: bool = True  # False: an organisation's field that the mapping does not declare


@dataclass(frozen=True, slots=True)
class Slot:
    """A target as one mapping fills it: a column of `Mapped.values`.

    `address` counts list elements as the mapping lists them: `profile.commChannels[1].meta.residence`.
    `path` is its place in the body: ("profiles", 0, "commChannels", 1, "meta", "residence"); () for the query.
    An int after a list's name is the number of the mapping's element, not a position: elements whose `key`
    slot is None are left out, and one whose value is a list yields an element for each of its entries.
    """

    address: str
    target: Target
    path: tuple[str | int, ...]
    columns: tuple[str, ...] = ()  # the sheet's columns it reads, for messages
    clears: bool = False  # `blank: clear`
    constant: bool = False  # filled by constants alone: makes no row worth sending by itself
    element: str = ""  # the constant `type` of its list element, where there is one ("mobile", "email" …)


def identifying_columns(slots: Iterable[Slot]) -> frozenset[str]:
    """The sheet's columns whose cells tell one person from all others."""
    return frozenset(column for slot in slots if slot.target.identifies for column in slot.columns)


class Catalog(Mapping[str, Target]):
    """All targets of an endpoint by address, in the order of its data file; and countries, by region."""

    def __init__(self, targets: Iterable[Target], countries: Iterable[Country] = ()) -> None:
        self._targets = {target.address: target for target in targets}
        self.countries: Mapping[str, Country] = {country.region: country for country in countries}

    def __getitem__(self, address: str) -> Target:
        """The target with exactly this catalog address (`extendedFields.*`, not `extendedFields.city`)."""
        return self._targets[address]

    def __iter__(self) -> Iterator[str]:
        """Addresses in catalog order."""
        return iter(self._targets)

    def __len__(self) -> int:
        """How many targets there are."""
        return len(self._targets)

    # There is one catalog an endpoint: models made from it are cached by its identity.
    __hash__ = object.__hash__
    __eq__ = object.__eq__


class Meaning(enum.StrEnum):
    """What a reply says about the request, before any policy decides what to do."""

    __hash__ = str.__hash__  # equal to its name, so it hashes like it (and in C, once for each reply)

    ACCEPTED = "accepted"
    PARTIAL = "partial"  # accepted, but part of the data was not stored
    REFUSED = "refused"  # a business error: sending it again unchanged would fail again
    BUSY = "busy"  # not applied: the same customer is being changed; this lane waits, nobody else
    LIMITED = "limited"  # not applied: too fast; everybody waits, no attempt is consumed
    UNAVAILABLE = "unavailable"  # not applied: the service is down or overloaded
    PERHAPS = "perhaps"  # no conclusive answer: perhaps applied
    UNAUTHORISED = "unauthorised"  # not applied: token or password refused
    DENIED = "denied"  # not applied: no right to do this at all; the run stops
    FORBIDDEN = "forbidden"  # not applied: 403 without a code; many in a row stop the run


class Answer(NamedTuple):
    """A reply, read. `code` is the API's code, else the HTTP status, else the failure's name."""

    meaning: Meaning
    code: str = ""
    message: str = ""
    warnings: tuple[Notice, ...] = ()
    side_effects: tuple[Mapping[str, Any], ...] = ()
    customer_id: str = ""
    request_id: str = ""
    retry_after_s: float | None = None  # of one that accepts: nothing is left of the quota for so long
    slows_down: bool = False  # a sign of overload: the pace backs off (429, 461, 503, HTTP 521)
    merged: bool = False  # says that accounts were merged
    awards: bool = False  # side effects award points or coupons


@dataclass(frozen=True, slots=True)
class Code:
    """One of the API's codes: meaning, kind, whether the importer retries, what a person should do."""

    code: str
    meaning: str
    kind: str  # error | warning | both
    advice: str
    retry: str = "no"  # no | yes | limited
    lost: bool = False  # as a warning: part of the data was not stored

    @property
    def sentence(self) -> str:
        """Code, meaning and advice in a line, as results and rejects quote it."""
        return f"{self.code}: {self.meaning}: {self.advice}"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Whom a request is about."""

    source: str
    identifier_name: str
    identifier_value: str
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sound row, assembled: whom it is about and what it would send."""

    row: int
    lookup: Lookup
    body: bytes | None  # JSON, UTF-8; None: the row would set nothing
    adds: bool  # holds a target that may not be sent twice
    keys: tuple[tuple[str, str], ...]  # (identifier type, value): candidates of the lookup, identifiers to add
    clears: int = 0  # how many targets it asks to clear


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of an API, as data and pure functions. `Credentials` sign its requests."""

    name: str
    method: str  # HTTP method
    catalog: Catalog
    codes: Mapping[str, Code]
    reader: ReplyReader
    addresser: Addresser
    effects: EffectsReader
    headers: Mapping[str, str] = field(default_factory=dict)


class ReplyReader(Protocol):
    """Reads a reply; body first, then HTTP status, then failure. Never raises, whatever the bytes."""

    def __call__(self, reply: Reply) -> Answer:
        """What this reply means."""


class Addresser(Protocol):
    """Where a request about this customer goes."""

    def __call__(self, lookup: Lookup) -> str:
        """Path and encoded query below the host."""


class EffectsReader(Protocol):
    """Tells of an outcome what nobody can take back."""

    def __call__(self, outcome: Outcome) -> tuple[bool, bool]:
        """(whether accounts were merged, whether something was awarded)."""


class Transport(Protocol):
    """Puts one request on the wire; ours is aiohttp's, the tests' answers from a script."""

    async def send(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """One attempt; never raises for what the network does (see `Failure`)."""


class Credentials(Protocol):
    """Signs requests; renews what expires, once for all who wait."""

    async def headers(self, transport: Transport) -> Mapping[str, str]:
        """Headers to send now; may ask for a token first. Raises AccessRefused."""

    async def refused(self, transport: Transport, sent: Mapping[str, str], *, admitted: bool) -> None:
        """These headers were refused: renew, once for all. Raises AccessRefused where renewing cannot help.

        `admitted`: they let other requests in before.
        """


class ChunkJudge(Protocol):
    """Finds problems in a frame, by row number."""

    def __call__(self, frame: pd.DataFrame) -> Sequence[Problem]:
        """Every problem found."""
