"""Credits by what identifies them: each belongs to the run that is about to send it, until it is known what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import orjson

from importer.errors import RunError
from importer.journal.journal import Journal
from importer.journal.lock import RunLock
from importer.journal.memory_file import MemoryFile
from importer.journal.opening import FILE as JOURNAL
from importer.journal.sql import queries
from importer.records import RowId


class KnownCredit(NamedTuple):
    """A waiting row whose credit another row has, or that was perhaps applied before."""

    row: RowId
    state: str  # accepted, perhaps, held (by a run that is at work), same (as another row's of this run), again (goes)
    by: RowId  # the row that has it, in its own run
    same: bool  # the content is the same, too
    run: str  # that run's id


class Credits(MemoryFile):
    """The credits of a target system."""

    def claim(self, resting: Collection[str], *, unknown: bool) -> None:
        """Waiting rows get their credits, each the first that asks: from now on no other run sends them.

        What other runs claimed is first looked up in their journals. `resting`: ids of runs known not to be at work;
        `unknown`: take also what was perhaps applied.
        """
        with self._working():
            others = [run for (run,) in self._select("foreign_claims", self._names)]
        live = [run for run in others if not self._settled(run, resting)]
        values = {**self._names, "live": orjson.dumps(live).decode(), "unknown": unknown}
        with self._working():
            if self._writing:
                with self._transaction():
                    self._run_query("claim", values)
            else:
                self._db.execute("BEGIN IMMEDIATE")  # of a plan nothing stays: closing takes it back
                self._run_query("claim", values)

    def credits(self) -> Iterator[KnownCredit]:
        """Waiting rows that did not get their credit, or that got one which was perhaps applied, in file order."""
        with self._working():
            for sheet, row, state, own, doubtful, same, run, their_sheet, their_row in self._db.execute(
                queries("memory")["credits"], self._names
            ):
                at, by = RowId(sheet, row), RowId(their_sheet, their_row)
                told = state if state != "claimed" else "again" if own and by == at else "same" if own else "held"
                if told != "again" or doubtful:
                    yield KnownCredit(at, told, by, bool(same), run.rpartition("/")[2])

    def _settled(self, run: str, resting: Collection[str]) -> bool:
        """Look up in another run's journal what became of its claims. False where it is at work."""
        folder = self._home / run
        names = {**self._names, "run": run}
        if not (folder / JOURNAL).is_file():
            with self._working(), self._transaction():
                self._run_query("doubt_claims", names)
            return True
        if folder.name not in resting:
            try:
                RunLock(folder).release()
            except RunError:
                return False
        with Journal.open(folder, read_only=True) as journal:
            planned = journal.facts.get("planned")
        with self._working():
            self._db.execute("ATTACH ? AS other", (f"{(folder / JOURNAL).resolve().as_uri()}?mode=ro",))
            with self._transaction():
                if planned:
                    self._settle("other", run)
                else:
                    self._run_query("free_claims", names)
            self._db.execute("DETACH other")
        return True

    def _settle(self, schema: str, run: str) -> None:
        for name in ("settle_accepted", "settle_perhaps", "settle_free", "settle_doubtful"):
            self._db.execute(queries("memory")[name].replace("other.", f"{schema}."), {**self._names, "run": run})
