"""`results.csv`: one line for every row read, in file order."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from importer.endpoint import Code
from importer.problems import kinds
from importer.records import Notice, Outcome, RowResult, Status
from importer.rejects import guard, row_mark
from importer.report.files import replacing

COLUMNS = (
    "sheet", "row", "line", "status", "identifier_name", "identifier_value", "http_status", "code", "message", "advice",
    "warnings", "side_effects", "customer_id", "attempts", "latency_ms", "request_id", "sent_at",
)  # fmt: skip
STATUS_ADVICE = {
    Status.UNKNOWN: "look the customer up before sending it again",
    Status.FAILED: "`importer retry` sends it again",
    Status.NOT_SENT: "`importer resume` goes on with it",
}


def write_results(path: Path, results: Iterable[RowResult], codes: Mapping[str, Code]) -> int:
    """Write the file, streaming; returns the number of lines below the header."""
    count = 0
    with replacing(path, errors="backslashreplace") as file:  # half a character cannot be UTF-8
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for result in results:
            writer.writerow(line(result, codes))
            count += 1
    return count


def line(result: RowResult, codes: Mapping[str, Code]) -> tuple[object, ...]:
    """One row's cells in the order of COLUMNS, with the formula guard on all that came from outside."""
    outcome = result.outcome
    return (
        guard(result.sheet), outcome.id.row, result.line, outcome.status.value, guard(result.identifier_name),
        guard(result.identifier_value), outcome.http_status or "", guard(outcome.code), guard(message(outcome)),
        advice(outcome, codes), guard("; ".join(map(warning, outcome.warnings))),
        guard(orjson.dumps(outcome.side_effects, default=dict).decode()) if outcome.side_effects else "",
        guard(outcome.customer_id), outcome.attempts, "" if outcome.latency_ms is None else outcome.latency_ms,
        guard(outcome.request_id), outcome.sent_at,
    )  # fmt: skip


def message(outcome: Outcome) -> str:
    """What was said, and which row stood in for a superseded one."""
    if outcome.successor and not outcome.message:
        return f"row {row_mark(outcome.successor)} stood in for it"
    return outcome.message


def warning(notice: Notice) -> str:
    """A warning in a cell: its code, where it has one, and what it said."""
    return f"{notice.code}: {notice.message}" if notice.code else notice.message


def advice(outcome: Outcome, codes: Mapping[str, Code]) -> str:
    """What to do, by kind of problem, by state or by the codes that came; "" where nothing is to be done."""
    if outcome.status is Status.INVALID and outcome.code in kinds():
        return kinds()[outcome.code].advice
    if outcome.status in STATUS_ADVICE:
        return STATUS_ADVICE[outcome.status]
    came = [outcome.code] if outcome.status is Status.REJECTED else [one.code for one in outcome.warnings]
    return "; ".join(codes[code].sentence for code in dict.fromkeys([outcome.code, *came]) if code in codes)
