"""What the page is made of; the corridor fills these from the journal.

Whatever shows a customer is masked by then, save the rows, which are masked as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.endpoint import Code
from importer.problems import Problem
from importer.records import RowResult
from importer.report.summary import Summary


@dataclass(frozen=True, slots=True)
class CauseLine:
    """Why several rows did not end well. `key` names it among the rows (see `rows.keys`)."""

    key: str
    rows: int
    title: str
    where: str  # the sheet's column, or what Capillary answered
    advice: str
    pattern: str = ""  # the values' form in words
    example: str = ""  # masked
    suggestion: str = ""  # a change of the mapping
    first: tuple[str, ...] = ()  # the first rows, as people name them
    more: bool = False  # there are other rows than those


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One of Capillary's codes as it came in this run. `example`: what was said, masked."""

    code: str
    kind: str  # error | warning
    rows: int
    meaning: str
    advice: str
    example: str
    lost: bool = False  # as a warning: part of the data was not stored


@dataclass(frozen=True, slots=True)
class LaneLine:
    """Rows that went one after the other. `identifier` is masked."""

    rows: int
    identifier: str
    first: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What one target receives, in rows."""

    address: str
    set: int
    clear: int
    left: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet for the auditor. `digest`: SHA-256, hex."""

    label: str
    path: str
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Some of the run's time. Latencies in ms; None where nothing came back."""

    rows: int
    fastest_second: int
    median_ms: float | None
    slow_ms: float | None


@dataclass(frozen=True, slots=True)
class Moments:
    """The time in which requests left, in parts of equal width (s), from `start` (ISO 8601, UTC)."""

    start: str
    width_s: float
    parts: Sequence[Moment]
    requests: int = 0  # attempts over all sessions of the run


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows. `rows` is read once, row by row: it may be longer than memory."""

    summary: Summary
    unwell: int  # rows that did not end well, superseded ones among them
    codes: Mapping[str, Code]  # all that are known, for advice
    rows: Iterable[tuple[RowResult, Sequence[Problem]]]  # those rows in file order, each with its problems
    sheets: Sequence[SheetLine]
    identifying: frozenset[str] = frozenset()  # columns whose cells are shown in part; of others nothing is
    causes: Sequence[CauseLine] = ()
    said: Sequence[CodeLine] = ()
    moments: Moments | None = None
    lanes: Sequence[LaneLine] = ()
    shared: Sequence[LaneLine] = ()  # identifiers that several customers would share; `rows` counts customers
    targets: Sequence[TargetLine] = ()
    notes: Sequence[str] = ()  # what was found out about the sheets
    settings: Sequence[tuple[str, str]] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    rehearsal: bool = False  # sent to the embedded emulator
