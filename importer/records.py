"""What is carried through the rooms: frames of columns up to room 4, frozen records from room 5 on.

A frame is never changed in place; a record's next state is a copy (`dataclasses.replace`, `_replace`). Records of which
there are several for each request are named tuples, which take a third of the time to make.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    import pandas as pd

    from importer.problems import Problem


class Status(enum.StrEnum):
    """The states a row can end in (contract section 2): its name, its meaning, whether it ended well.

    `well` is None for `superseded`, which ended well exactly if the row that stood in for it did.
    """

    meaning: str
    well: bool | None

    def __new__(cls, value: str, meaning: str, well: bool | None) -> Self:  # noqa: FBT001 - a table, not a call
        """Make one state from its line in the table below."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.well = well
        return member

    __hash__ = str.__hash__  # equal to its name, so it hashes like it (and in C, once for each row)

    UPDATED = "updated", "accepted, no warning", True
    UPDATED_WITH_WARNINGS = "updated_with_warnings", "accepted, with warnings that cost the row nothing", True
    PARTIAL = "partial", "accepted, but part of the data was not stored", False
    UNCHANGED = "unchanged", "the same content was accepted before; nothing sent", True
    SUPERSEDED = "superseded", "another row of the same customer stood in for it", None
    SKIPPED = "skipped", "left out on purpose: says why", True
    INVALID = "invalid", "failed conversion or validation; never sent", False
    REJECTED = "rejected", "Capillary refused it; sending it again unchanged would fail again", False
    FAILED = "failed", "retries exhausted; known not to have been applied", False
    UNKNOWN = "unknown", "sent, no conclusive answer, perhaps applied", False
    NOT_SENT = "not_sent", "the run stopped before its turn", False
    PLANNED = "planned", "would be sent (in a plan only)", True


# ── rooms 1 to 4: data moves as columns ────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How to read a sheet: the mapping's `sheet:` section. None means: detected, and told in the plan."""

    name: str | None = None  # worksheet
    header: int | None = None  # row number of the header; None: the first row that is not blank
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    hidden: str = "read"  # hidden rows and columns: read | skip
    format: str | None = None  # file kind where the name does not tell (standard input)
    max_bytes: int | None = None  # raises the limit on unpacked size, bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some consecutive rows of one sheet, as text.

    `cells`: columns = the header's names (str, unique), dtype str, never NaN (a blank cell is "");
    index = row numbers (int64, named "row", ascending, unique): the number a spreadsheet program shows.
    `lines`: physical line on which each row begins (int64, same index); equals the row number for workbooks.
    `problems`: what was wrong with cells or rows already in the file, `row` filled in.
    """

    sheet: int  # 0-based number of the sheet within the run
    cells: pd.DataFrame
    lines: pd.Series[int]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A chunk whose columns became targets.

    `values`: columns = slot addresses (`Slot.address`), dtype object, index as in the chunk; a cell holds
    str, int, float, bool or a list of these, or None where the target is left out. A cleared target holds "".
    `skipped`: reason by row number for rows that `skip_when` or blankness takes out (never sent, no problems).
    `problems`: those of the chunk that concern mapped columns, and failed conversions.
    """

    chunk: Chunk
    values: pd.DataFrame
    skipped: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """What `check:` asks of one column of the sheet (cells are text, trimmed before judging)."""

    column: str
    required: bool = False
    unique: bool = False  # over the whole run, case-sensitive
    pattern: str | None = None  # whole cell, \d is ASCII
    min: float | None = None
    max: float | None = None
    in_: tuple[str, ...] | None = None
    min_length: int | None = None
    max_length: int | None = None
    blanks: frozenset[str] = frozenset({""})  # trimmed cells that count as blank: the mapping's `sheet.blanks`


@dataclass(frozen=True, slots=True)
class RowRule:
    """What `rules:` asks across columns: where `applies` holds, every column of `require` must be filled."""

    name: str
    applies: Callable[[pd.DataFrame], pd.Series[bool]]
    require: tuple[str, ...]
    blanks: frozenset[str] = frozenset({""})  # as in ColumnCheck


@dataclass(frozen=True, slots=True)
class Limit:
    """A guard's limit: a share of rows (0 to 1), which applies from 20 rows on, or a count of rows."""

    share: float | None = None
    count: int | None = None

    def exceeded(self, rows: int, of: int) -> bool:
        """Whether `rows` out of `of` are more than this limit allows."""
        if self.count is not None:
            return rows > self.count
        return self.share is not None and of >= SHARE_APPLIES_FROM_ROWS and rows > self.share * of

    def __str__(self) -> str:
        """As a mapping spells it."""
        return str(self.count) if self.count is not None else f"{100 * (self.share or 0):g}%"


SHARE_APPLIES_FROM_ROWS = 20


@dataclass(frozen=True, slots=True)
class Guards:
    """When a run stops by itself: the mapping's `guards:` section, or what `--accept` put in its place."""

    max_invalid: Limit = Limit(share=0.10)  # of rows read; before anything is sent
    max_rejected: Limit = Limit(share=0.10)  # of replies, after the first 100
    max_warned: Limit = Limit(share=0.10)  # of replies that were `partial`, after the first 100
    max_merged: Limit = Limit(count=0)  # replies that say accounts were merged
    max_awarded: Limit = Limit(count=0)  # replies to setting requests that award points or coupons
    max_cleared: Limit | None = None  # rows that ask to clear something; must be stated where anything clears


# ── rooms 5 to 8: one record a row ─────────────────────────────────────────────────────


class RowId(NamedTuple):
    """Which row: the sheet's number within the run (0-based) and the row number in it; sorts in file order."""

    sheet: int
    row: int


class Request(NamedTuple):
    """What is sent for a row."""

    id: RowId
    address: str  # path and encoded query, below the target system's host
    body: bytes  # JSON, UTF-8
    adds: bool  # holds a target that may not be sent twice
    lane: int | None = None  # rows of one lane go one after the other; None: shares its identifiers with no row
    attempts: int = 0  # made in earlier sessions of this run
    perhaps: bool = False  # one of them was perhaps applied


class Failure(enum.StrEnum):
    """Why there is no readable reply; the first two say that nothing was applied."""

    CONNECT = "connect"  # the connection never stood: refused, unresolved, TLS
    NOT_WRITTEN = "not-written"  # no byte of the request left
    TIMEOUT = "timeout"  # sent, no complete answer in time
    RESET = "reset"  # sent, the connection broke before the answer was complete
    TOO_LARGE = "too-large"  # the answer exceeded the size limit


class Reply(NamedTuple):
    """What came back for one attempt. Either `http_status` or `failure` is set; both where an answer broke off."""

    http_status: int | None
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})  # found by names in lower case
    failure: Failure | None = None
    detail: str = ""  # the failure in words, without customer data
    latency_ms: float = 0.0


class Notice(NamedTuple):
    """One warning of the API: its code and what it said."""

    code: str
    message: str


class Outcome(NamedTuple):
    """How a row ended: sent or not, exactly one for every row read."""

    id: RowId
    status: Status
    code: str = ""  # the API's code, an HTTP status, or the slug of a problem
    message: str = ""
    warnings: tuple[Notice, ...] = ()
    side_effects: tuple[Mapping[str, Any], ...] = ()
    http_status: int | None = None
    customer_id: str = ""
    attempts: int = 0
    latency_ms: float | None = None  # of the last attempt
    request_id: str = ""  # the API's own, for support tickets
    sent_at: str = ""  # ISO 8601, UTC, of the last attempt
    successor: RowId | None = None  # the row that stood in for a superseded one


@dataclass(frozen=True, slots=True)
class RowResult:
    """A line of `results.csv`: a row as it was read, whom it is about, and how it ended."""

    sheet: str  # the sheet's label
    line: int
    identifier_name: str
    identifier_value: str
    outcome: Outcome
    adds: bool = False


class Origin(NamedTuple):
    """Where a row came up first: the run's id, and the row's id in it."""

    run: str
    id: RowId

    def __str__(self) -> str:
        """In words."""
        sheet = f" of sheet {self.id.sheet + 1}" if self.id.sheet else ""
        return f"row {self.id.row}{sheet} of {self.run}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of a row in earlier runs."""

    origin: Origin
    status: Status
    run: str  # the one that said so last
    adds: bool  # what was sent then holds a target that may not be sent twice
    lane: int | None = None  # in the run where it came up first
    successor: Earlier | None = None  # the row that stood in for it
