"""How the last session of a run ended: what only the process knew that sent, kept in the journal for later reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from importer.delivery import Delivered
from importer.errors import ExitCode, Stopped
from importer.journal import Journal
from importer.records import Status

NOT_WELL = frozenset(status for status in Status if status.well is False)


@dataclass(frozen=True, slots=True)
class Ending:
    """One session's end. Times: ISO 8601 in UTC, durations in s, rates in requests/s. `Summary` says what each means."""

    exit_code: int
    ended_at: str
    requests: int = 0
    refusals: int = 0
    seconds: float = 0.0
    rate: float | None = None
    rate_found: float | None = None
    stopped: str = ""
    advice: str = ""
    cut_off: bool = False  # nobody closed the run: its process died
    tally: Mapping[str, Any] | None = None  # rows by state, so that a list of runs need not count a million again

    @classmethod
    def of(cls, exit_code: int, delivered: Delivered | None, stopped: Stopped | None, folder: str) -> Ending:
        """What delivery and the reason of a stop tell."""
        seconds = delivered.seconds if delivered else 0.0
        return cls(
            exit_code=int(exit_code),
            ended_at=now(),
            requests=delivered.requests if delivered else 0,
            refusals=delivered.refusals if delivered else 0,
            seconds=round(seconds, 3),
            rate=round(delivered.requests / seconds, 1) if delivered and seconds else None,
            rate_found=finite(delivered.rate_found) if delivered else None,
            stopped=str(stopped) if stopped else "",
            advice=stopped.advice.replace("RUN", folder) if stopped else "",
        )

    @classmethod
    def remembered(cls, facts: Mapping[str, Any]) -> Ending:
        """From the journal's facts; where its process died, a sentence that says so."""
        if ended := facts.get("ended"):
            return cls(**ended)
        if facts["command"] == "plan" or not facts.get("planned"):
            why, advice = "it was cut off before its plan was complete; nothing was sent", "Start it again."
        else:
            why, advice = "it was cut off: its process died", "The rows that wait can still be sent."
        return cls(ExitCode.STOPPED, facts["started_at"], stopped=why, advice=advice, cut_off=True)

    def note(self, journal: Journal, waiting: Status) -> None:
        """Have the journal keep it, with how many rows ended how."""
        journal.note(ended=asdict(replace(self, tally=tally(journal, waiting))))


def tally(journal: Journal, waiting: Status) -> dict[str, Any]:
    """Rows by state (`counts`), those that did not end well (`unwell`), and those without an outcome (`left`)."""
    counts = journal.counts(waiting=waiting)
    unwell = sum(count for status, count in counts.items() if status in NOT_WELL) + journal.superseded_badly(waiting)
    return {
        "counts": {status.value: count for status, count in counts.items()},
        "unwell": unwell,
        "left": journal.left(),
    }


def finite(rate: float | None) -> float | None:
    """A rate that JSON can hold."""
    return None if rate is None or rate == float("inf") else round(rate, 3)


def now() -> str:
    """The time as every file of ours tells it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
