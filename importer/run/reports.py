"""Closing a run: its files, its proof, its exit code."""

from __future__ import annotations

from datetime import UTC, datetime

from importer import __version__
from importer.apis import capillary
from importer.delivery import Delivered
from importer.errors import ExitCode, Stopped
from importer.journal import Journal
from importer.problems import Cause
from importer.records import Status
from importer.report import Summary, write_results, write_summary
from importer.run import page
from importer.run.order import Desk
from importer.run.passes import prove
from importer.run.rejects import NOT_WELL, write_all_rejects


def close(
    desk: Desk, journal: Journal, *, waiting: Status, delivered: Delivered | None = None, stopped: Stopped | None = None,
    exit_code: int | None = None,
) -> Summary:  # fmt: skip
    """Write results, rejects, summary and page. Raises SumMismatch where the sum does not close."""
    codes = capillary.endpoint().codes
    facts = journal.facts
    counts = journal.counts(waiting=waiting)
    read = journal.rows_read()
    prove(read, counts, journal)
    folder = journal.folder
    lines = write_results(folder / "results.csv", journal.results(waiting=waiting), codes)
    files = [str(folder / "results.csv")]
    rejects = write_all_rejects({sheet.number: sheet for sheet, _ in desk.sheets}, journal, waiting)
    files += rejects.files
    bad = sum(count for status, count in counts.items() if status in NOT_WELL) + journal.superseded_badly(waiting)
    if exit_code is None:
        exit_code = stopped.exit_code if stopped else ExitCode.SOME_ROWS_DID_NOT if bad else ExitCode.WELL
    files += [str(folder / page.FILE), str(folder / "summary.json")]
    summary = Summary(
        run=facts["run"],
        command=facts["command"],
        folder=str(folder),
        importer=__version__,
        started_at=facts["started_at"],
        ended_at=now(),
        exit_code=int(exit_code),
        target=facts.get("target", ""),
        mapping=facts["mapping"],
        sheets=tuple({"label": one.label, "path": one.path, "digest": one.digest} for one in journal.sheets()),
        rows_read=read,
        counts=counts,
        problems=journal.problem_counts(),
        causes=tuple(Cause.of(one) for one in facts.get("causes", ())),
        codes=journal.code_counts(),
        requests=delivered.requests if delivered else 0,
        refusals=delivered.refusals if delivered else 0,
        seconds=round(delivered.seconds, 3) if delivered else 0.0,
        rate=round(delivered.requests / delivered.seconds, 1) if delivered and delivered.seconds else None,
        rate_found=finite(delivered.rate_found) if delivered else None,
        stopped=str(stopped) if stopped else "",
        advice=stopped.advice.replace("RUN", str(folder)) if stopped else "",
        notes=rejects.notes,
        files=tuple(files),
    )
    assert lines == read, "results.csv has another number of lines than rows were read"
    write_summary(folder / "summary.json", summary)
    page.write(journal, summary, waiting)  # last: whatever befalls it, everything else is there
    return summary


def finite(rate: float | None) -> float | None:
    """A rate that JSON can hold."""
    return None if rate is None or rate == float("inf") else round(rate, 3)


def now() -> str:
    """The time as every file of ours tells it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
