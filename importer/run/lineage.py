"""What one run knows of earlier ones: a retry's rows by their numbers, repaired rejects by the columns added to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from importer.endpoint import Prepared
from importer.errors import WrongUse
from importer.journal import Family, Journal, find_run
from importer.planning import Choice, overtaken, repaired, retried
from importer.records import Chunk, Earlier, Outcome, RowId, Status
from importer.rejects import ADDED, read_mark
from importer.run.order import Desk, Order

RUN, ROW, *_ = ADDED
ROWS_LOOKED_AT = 100


class Past(Protocol):
    """What became of rows before."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the new run's journal is told of it."""

    @property
    def runs(self) -> Collection[str]:
        """The ids of the runs of the family: none of them is at work."""

    def settled(self, chunk: Chunk) -> dict[int, Outcome]:
        """How rows of the chunk end for it, by row number; the others go on. Raises RunError."""

    def overtaken(self, chunk: Chunk, prepared: Sequence[Prepared]) -> dict[int, Outcome]:
        """How prepared rows end because a later row of their customer was accepted since."""

    def remember(self, journal: Journal, chunk: Chunk, going: Iterable[int]) -> None:
        """Write down where the chunk's rows came up first, and which of those that go may have been applied already."""

    def join(self, journal: Journal) -> None:
        """The plan is complete: from now on the new run answers for its rows."""


class _Known:
    """What is common to both: rows of the present chunk that were looked up."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._earlier: dict[int, Earlier] = {}  # of the present chunk
        self._family: Family | None = None

    @property
    def runs(self) -> Collection[str]:
        """The ids of the runs of the family: none of them is at work."""
        return [member.name for member in self._family.members] if self._family else []

    def _overtaken(
        self, chunk: Chunk, prepared: Sequence[Prepared], *, by_name: bool, source: str
    ) -> dict[int, Outcome]:
        family = self._family
        known = [(one, self._earlier[one.row]) for one in prepared if one.row in self._earlier]
        if family is None or self._choice.older_too or not known:
            return {}
        asked = [(before, one.lookup.identifier_name, one.lookup.identifier_value) for one, before in known]
        found = family.overtaken(asked, by_name=by_name)
        return {
            known[place][0].row: overtaken(
                RowId(chunk.sheet, known[place][0].row), by, family.said_by(by), here=by.run == source
            )
            for place, by in found.items()
        }

    def _remember(self, journal: Journal, chunk: Chunk, going: Iterable[int], *, origins: bool) -> None:
        there = {row: one.origin for row, one in self._earlier.items()} if origins else {}
        doubtful = [
            row for row in going if row in self._earlier and self._earlier[row].status is Status.UNKNOWN
        ]  # fmt: skip
        if there or doubtful:
            journal.add_past(chunk.sheet, there, doubtful)

    def join(self, journal: Journal) -> None:
        """The plan is complete: from now on the new run answers for its rows."""
        if self._family is not None:
            self._family.join(journal.facts["run"])


class Retry(_Known):
    """The rows of a run that has ended, by their numbers in the same sheets."""

    def __init__(self, family: Family, run: str, choice: Choice, *, other_mapping: bool) -> None:
        super().__init__(choice)
        self._family: Family = family
        self._run = run
        self._source = family.members[family.members[family.number(run)].source].name
        self._other_mapping = other_mapping

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the new run's journal is told of it."""
        awarding = {"awarding": True} if self._family.awarding else {}
        return {"retry_of": self._run, "root": self._family.members[0].name, **awarding}

    def settled(self, chunk: Chunk) -> dict[int, Outcome]:
        """Rows that are not retried."""
        rows = [RowId(chunk.sheet, row) for row in chunk.cells.index.tolist()]
        found = self._family.earlier(self._run, rows)
        self._earlier = {row.row: one for row, one in found.items()}
        ends = ((row.row, retried(row, one, self._choice)) for row, one in found.items())
        return {row: end for row, end in ends if end is not None}

    def overtaken(self, chunk: Chunk, prepared: Sequence[Prepared]) -> dict[int, Outcome]:
        """By lane; where the mapping has changed since, by identifier too, for the lanes were the old one's."""
        return self._overtaken(chunk, prepared, by_name=self._other_mapping, source=self._source)

    def remember(self, journal: Journal, chunk: Chunk, going: Iterable[int]) -> None:
        """Rows keep their numbers, so only doubt is written down."""
        self._remember(journal, chunk, going, origins=False)


class Repairs(_Known):
    """Rows that come back in a file of rejects; nothing, where a sheet is none. The first one names the run."""

    def __init__(self, order: Order, stack: ExitStack, choice: Choice, *, joining: bool) -> None:
        super().__init__(choice)
        self._order = order
        self._stack = stack
        self._joining = joining
        self._paths: dict[int, Path] = {}

    @classmethod
    def of(cls, order: Order, desk: Desk, stack: ExitStack, *, joining: bool) -> Repairs:
        """For the sheets on the desk."""
        made = cls(order, stack, order.choice, joining=joining)
        for sheet, _ in desk.sheets:
            made._paths[sheet.number] = Path(sheet.path)
            if RUN in sheet.header and (first := next(sheet.chunks(ROWS_LOOKED_AT), None)):
                made.settled(first)  # a journal that is not there is told before there is a new run
        return made

    @property
    def facts(self) -> Mapping[str, Any]:
        """Nothing yet: which run the rows come from shows while they are read (`join`)."""
        return {}

    def settled(self, chunk: Chunk) -> dict[int, Outcome]:
        """Rows that were accepted since, and adding ones that were perhaps applied. Raises RunError, WrongUse."""
        self._earlier = {}
        if RUN not in chunk.cells.columns or ROW not in chunk.cells.columns:
            return {}
        ends: dict[int, Outcome] = {}
        by_run: dict[str, dict[int, RowId]] = {}
        runs, marks = chunk.cells[RUN].str.strip(), chunk.cells[ROW]
        for row, run, mark in zip(chunk.cells.index.tolist(), runs.tolist(), marks.tolist(), strict=True):
            if run or mark.strip():
                by_run.setdefault(run, {})[row] = self._named(chunk, row, run, mark)
        for run, wanted in by_run.items():
            family = self._found(run, self._paths[chunk.sheet])
            found = family.earlier(run, wanted.values())
            for row, first in wanted.items():
                if first not in found:
                    raise self._unreadable(chunk, row, f"the run {run} never had such a row")
                self._earlier[row] = found[first]
                if end := repaired(RowId(chunk.sheet, row), found[first], self._choice):
                    ends[row] = end
        return ends

    def overtaken(self, chunk: Chunk, prepared: Sequence[Prepared]) -> dict[int, Outcome]:
        """By lane and by identifier: a repaired row may have got another one, and an invalid one had no lane."""
        return self._overtaken(chunk, prepared, by_name=True, source="")

    def remember(self, journal: Journal, chunk: Chunk, going: Iterable[int]) -> None:
        """Where the rows came up first, and which may have been applied already."""
        self._remember(journal, chunk, going, origins=True)

    def join(self, journal: Journal) -> None:
        """Link the run to the one whose rejects it imports."""
        if self._family is not None:
            awarding = {"awarding": True} if self._family.awarding else {}
            journal.note(repairs=self._repairs, root=self._family.members[0].name, **awarding)
            super().join(journal)

    def _found(self, run: str, sheet: Path) -> Family:
        """The family that all rows must belong to. Raises RunError where the journal is not there."""
        if self._family is None:
            places = [self._order.runs, sheet.absolute().parent.parent, sheet.absolute().parent]
            folder = find_run(run, places)
            self._family = self._stack.enter_context(Family.of(folder, joining=self._joining))
            self._repairs = run
        elif self._family.number(run) > self._family.number(self._repairs):
            self._repairs = run  # the youngest
        self._family.number(run)
        return self._family

    def _named(self, chunk: Chunk, row: int, run: str, mark: str) -> RowId:
        found = read_mark(mark)
        if not run or found is None:
            raise self._unreadable(chunk, row, f"{RUN} says {run!r} and {ROW} says {mark!r}")
        return found

    def _unreadable(self, chunk: Chunk, row: int, why: str) -> WrongUse:
        return WrongUse(
            f"{self._paths[chunk.sheet]}, row {row}: {why}, so nobody can tell what became of it.",
            advice=f"Leave the columns {RUN} and {ROW} as they were; a row that was never in that run has both blank.",
        )
