"""Closing a run: its files, its proof, its exit code."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from importer import __version__
from importer.apis import capillary
from importer.delivery import Delivered
from importer.errors import ExitCode, Stopped
from importer.journal import Journal
from importer.problems import Cause
from importer.records import Status
from importer.report import Summary, write_results, write_summary
from importer.run import page
from importer.run.ending import Ending, tally
from importer.run.order import Desk
from importer.run.passes import prove
from importer.run.rejects import write_all_rejects
from importer.sheets import Sheet


def close(
    desk: Desk, journal: Journal, *, waiting: Status, delivered: Delivered | None = None, stopped: Stopped | None = None,
    exit_code: int | None = None,
) -> Summary:  # fmt: skip
    """Remember how the run ended, then write its files. Raises SumMismatch where the sum does not close."""
    if exit_code is None:
        well = ExitCode.SOME_ROWS_DID_NOT if tally(journal, waiting)["unwell"] else ExitCode.WELL
        exit_code = stopped.exit_code if stopped else well
    ending = Ending.of(exit_code, delivered, stopped, str(journal.folder))
    ending.note(journal, waiting)
    return write_all({sheet.number: sheet for sheet, _ in desk.sheets}, journal, ending, waiting)


def write_all(
    sheets: Mapping[int, Sheet], journal: Journal, ending: Ending, waiting: Status, reject_only: Collection[Status] = ()
) -> Summary:
    """Write results, rejects, summary and page. Raises SumMismatch where the sum does not close.

    `sheets`: by number within the run; one that is not there any more is missing. `waiting`: the state of rows without
    an outcome. `reject_only`: the states whose rows come back as rejects; none: as the run was told.
    """
    codes = capillary.endpoint().codes
    facts = journal.facts
    counts = journal.counts(waiting=waiting)
    read = journal.rows_read()
    prove(read, counts, journal)
    folder = journal.folder
    lines = write_results(folder / "results.csv", journal.results(waiting=waiting), codes)
    files = [str(folder / "results.csv")]
    rejects = write_all_rejects(sheets, journal, waiting, reject_only)
    files += rejects.files
    files += [str(folder / page.FILE), str(folder / "summary.json")]
    summary = Summary(
        run=facts["run"],
        command=facts["command"],
        folder=str(folder),
        importer=__version__,
        started_at=facts["started_at"],
        ended_at=ending.ended_at,
        exit_code=ending.exit_code,
        target=facts.get("target", ""),
        mapping=facts["mapping"],
        sheets=tuple({"label": one.label, "path": one.path, "digest": one.digest} for one in journal.sheets()),
        rows_read=read,
        counts=counts,
        problems=journal.problem_counts(),
        causes=tuple(Cause.of(one) for one in facts.get("causes", ())),
        codes=journal.code_counts(),
        requests=ending.requests,
        refusals=ending.refusals,
        seconds=ending.seconds,
        rate=ending.rate,
        rate_found=ending.rate_found,
        stopped=ending.stopped,
        advice=ending.advice,
        notes=rejects.notes,
        files=tuple(files),
    )
    assert lines == read, "results.csv has another number of lines than rows were read"
    write_summary(folder / "summary.json", summary)
    page.write(journal, summary, waiting)  # last: whatever befalls it, everything else is there
    return summary
