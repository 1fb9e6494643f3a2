"""The reports of any run, written again: after a crash, after a full disk, or because they were lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from importer.errors import SheetError
from importer.journal import Journal
from importer.records import SheetOptions, Status
from importer.report import Summary
from importer.run.ending import Ending
from importer.run.reports import write_all
from importer.sheets import Sheet, open_sheet


def report(folder: Path, reject_only: Collection[Status] = ()) -> Summary:
    """Write every file of the run again; `reject_only`: rows of these states come back as rejects.

    Changes no outcome in the journal and sends nothing. Raises RunError where the run is missing, at work or damaged.
    """
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(folder))
        facts = journal.facts
        waiting = Status.PLANNED if facts["command"] == "plan" else Status.NOT_SENT
        return write_all(still_there(journal, facts, stack), journal, Ending.remembered(facts), waiting, reject_only)


def still_there(journal: Journal, facts: Mapping[str, Any], stack: ExitStack) -> dict[int, Sheet]:
    """The run's sheets that are what they were, by number. Never asks a network."""
    options = SheetOptions(**facts.get("reading", {}))
    sheets: dict[int, Sheet] = {}
    for entry in journal.sheets():
        if not Path(entry.path).is_file():
            continue
        try:
            sheet = stack.enter_context(open_sheet(entry.path, options, number=entry.number))
        except SheetError:
            continue  # whatever it is now, it is not what was imported
        if (sheet.digest, sheet.worksheet) == (entry.digest, entry.worksheet):
            sheets[entry.number] = sheet
    return sheets
