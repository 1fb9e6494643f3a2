"""What the journal keeps of sheets and rows, and how an outcome is written down and read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from importer.records import Notice, Outcome, RowId, RowResult, Status

NOT_SENT = "the run stopped before this row's turn"
NO_ANSWER = "sent, and the run ended before an answer was read: perhaps applied"


class SheetEntry(NamedTuple):
    """A sheet of the run. `digest`: SHA-256 of the file, hex."""

    number: int
    label: str
    path: str
    digest: str
    worksheet: str
    header: tuple[str, ...]


class RowEntry(NamedTuple):
    """A row as the first pass read it."""

    row: int
    line: int
    identifier_name: str
    identifier_value: str
    adds: bool


class Waiting(NamedTuple):
    """A row without an outcome. `in_doubt`: an attempt left and its answer was never read."""

    lane: int | None
    adds: bool
    attempts: int
    in_doubt: bool


def status_named(name: str) -> Status:
    """The state with this name."""
    return Status.__members__[name.upper()]


def cut_off(sheet: int, row: int, attempts: int, at: str) -> Outcome:
    """The outcome of a row that adds and left without an answer."""
    said = "the run was cut off before an answer was read; sending it again could credit it twice"
    return Outcome(RowId(sheet, row), Status.UNKNOWN, message=said, attempts=attempts, sent_at=at)


def outcome_line(outcome: Outcome) -> tuple[Any, ...]:
    """The outcome as a line of the table."""
    successor = outcome.successor or (None, None)
    return (
        *outcome.id,
        outcome.status.value,
        outcome.code,
        outcome.message,
        orjson.dumps([tuple(one) for one in outcome.warnings]).decode() if outcome.warnings else "",
        orjson.dumps(outcome.side_effects, default=dict).decode() if outcome.side_effects else "",
        outcome.http_status,
        outcome.customer_id,
        outcome.attempts,
        outcome.latency_ms,
        outcome.request_id,
        outcome.sent_at,
        *successor,
    )


def row_result(line: Sequence[Any], waiting: Status) -> RowResult:
    """A line of the `results` query as a record; a row without outcome is `waiting`, or unknown if it left."""
    label, physical, name, value, adds, sheet, row, status, code, message, warnings, effects, *rest = line
    http_status, customer_id, attempts, latency_ms, request_id, sent_at, next_sheet, next_row, is_open = rest
    outcome = Outcome(
        id=RowId(sheet, row),
        status=status_named(status) if status else Status.UNKNOWN if is_open else waiting,
        code=code or "",
        message=message if status else NO_ANSWER if is_open else NOT_SENT if waiting is Status.NOT_SENT else "",
        warnings=tuple(Notice(*one) for one in orjson.loads(warnings)) if warnings else (),
        side_effects=tuple(orjson.loads(effects)) if effects else (),
        http_status=http_status,
        customer_id=customer_id or "",
        attempts=attempts,
        latency_ms=latency_ms,
        request_id=request_id or "",
        sent_at=sent_at,
        successor=RowId(next_sheet, next_row) if next_row is not None else None,
    )
    return RowResult(label, physical, name, value, outcome, bool(adds))
