"""What stands in the added columns of a rejected row: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.endpoint import Code
from importer.problems import Problem
from importer.records import Outcome, RowResult, Status
from importer.rejects import row_mark
from importer.report.results import advice, message

SUPERSEDED_ADVICE = "repair that row, which did not end well either, or this one"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that comes back: how it ended, and what was wrong with it."""

    result: RowResult
    problems: Sequence[Problem] = ()

    @property
    def row(self) -> int:
        """Its row number in the original."""
        return self.result.outcome.id.row


@dataclass(frozen=True, slots=True)
class Reasons:
    """Fills the added columns for the rows of one run."""

    run: str
    codes: Mapping[str, Code]
    mapping: str = "MAPPING"  # its path, for the command that sends repaired rows

    def cells(self, rejected: Rejected) -> tuple[str, ...]:
        """The cells below `ADDED`, each on one line."""
        outcome = rejected.result.outcome
        columns = ", ".join(dict.fromkeys(problem.column for problem in rejected.problems if problem.column))
        told = (
            self.run, row_mark(outcome.id), outcome.status.value, columns, reason(rejected), self._advice(rejected)
        )  # fmt: skip
        return tuple(" ".join(cell.split()) for cell in told)

    def _advice(self, rejected: Rejected) -> str:
        outcome = rejected.result.outcome
        if outcome.status is Status.SUPERSEDED:
            return SUPERSEDED_ADVICE
        said = " ".join(dict.fromkeys(problem.advice for problem in rejected.problems))
        return said or advice(outcome, self.codes)


def reason(rejected: Rejected) -> str:
    """What happened to the row; where nobody knows whether it was applied, also what is needed to find out."""
    outcome = rejected.result.outcome
    said = message(outcome)
    if outcome.code and not rejected.problems:
        said = f"{outcome.code}: {said}" if said else outcome.code
    if outcome.status is Status.UNKNOWN:
        return f"{said.rstrip('.')}. {trace(rejected.result)}"
    return said


def trace(result: RowResult) -> str:
    """Whom the request was about, when it left, and what Capillary's support can find it by."""
    outcome: Outcome = result.outcome
    parts = [f"Sent about {result.identifier_name} {result.identifier_value}".rstrip()]
    if outcome.sent_at:
        parts.append(f"at {outcome.sent_at}")
    facts = [
        f"HTTP {outcome.http_status}" if outcome.http_status else "",
        f"{outcome.attempts} attempts" if outcome.attempts > 1 else "",
        f"request id {outcome.request_id}" if outcome.request_id else "",
        "adds" if result.adds else "only sets",
    ]
    return " ".join(parts) + "; " + ", ".join(filter(None, facts)) + "."
