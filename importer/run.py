"""The corridor: the only module that knows the order of the rooms.

A run passes its sheets twice. The first pass judges every row and journals what will not be sent; a plan ends there.
The second pass prepares what the journal still waits for, and sends it while it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from importer.apis import capillary
from importer.errors import SumMismatch
from importer.journal import Journal, RowEntry, SheetEntry
from importer.mapping import Fitted, Mapping, load
from importer.payload import Assembler
from importer.planning import Plan, Planner, Selection, check_cleared, check_invalid, late_invalid
from importer.records import Chunk, Guards, Mapped, Request, RowId, Status
from importer.sheets import Sheet, open_sheet
from importer.validation import Judge, gather

if TYPE_CHECKING:
    from importer.endpoint import Prepared

ROWS_A_CHUNK_WHEN_PLANNING = 10_000
ROWS_A_CHUNK_WHEN_SENDING = 1_000  # small, so that the first request leaves soon


@dataclass(frozen=True, slots=True)
class Desk:
    """What both passes work on: the mapping, and each sheet with the mapping fitted to its header."""

    mapping: Mapping
    sheets: Sequence[tuple[Sheet, Fitted]]

    @property
    def fitted(self) -> Fitted:
        """The first sheet's fit; slots, checks and rules are the mapping's own, the same for every sheet."""
        return self.sheets[0][1]


def lay_out(paths: Sequence[str], mapping: Path, stack: ExitStack) -> Desk:
    """Open every sheet and fit the mapping to each. Raises SheetError, MappingError."""
    loaded = load(mapping, capillary.endpoint().catalog)
    opened = [
        stack.enter_context(open_sheet(path, loaded.sheet_options, number=number)) for number, path in enumerate(paths)
    ]
    return Desk(loaded, [(one, loaded.fit(one.header, path=one.path, worksheet=one.worksheet)) for one in opened])


def first_pass(desk: Desk, journal: Journal, selection: Selection, guards: Guards, rate: float | None) -> Plan:
    """Read, convert and judge every row; journal the rows and what will not be sent. Raises GuardTripped."""
    fitted = desk.fitted
    judge = Judge(fitted.slots, fitted.checks, fitted.rules, fitted.user_schema)
    assembler = Assembler(fitted.slots)
    planner = Planner(fitted.slots, selection)
    for sheet, fit in desk.sheets:
        journal.add_sheet(
            SheetEntry(sheet.number, sheet.label, sheet.path, sheet.digest, sheet.worksheet, tuple(sheet.header))
        )
        for chunk in sheet.chunks(ROWS_A_CHUNK_WHEN_PLANNING):
            mapped = planner.select(fit.apply(chunk))
            problems = judge.judge(mapped)
            prepared = assembler.assemble(mapped, planner.sound(mapped, problems))
            outcomes = planner.take(mapped, problems, prepared)
            journal.add_chunk(sheet.number, entries(mapped, prepared), problems, outcomes)
    late = tuple(judge.close())
    journal.add_late(late, late_invalid(late))
    journal.set_lanes(planner.lanes.lanes())
    plan = Plan(
        read=journal.rows_read(),
        counts=journal.counts(waiting=Status.PLANNED),
        causes=gather(journal.problems()),
        targets=planner.tally.targets(),
        lanes=planner.lanes.largest(5),
        shared=planner.lanes.shared(5),
        notes=[note for sheet, _ in desk.sheets for note in sheet.notes],
        rate_per_s=rate,
        adds=desk.mapping.adds,
        clears=planner.clearing_rows,
    )
    prove(plan.read, plan.counts)
    check_invalid(guards, plan.counts.get(Status.INVALID, 0), plan.read)
    check_cleared(guards, planner.clearing_rows, plan.requests)
    return plan


def second_pass(desk: Desk, journal: Journal) -> Iterator[Sequence[Request]]:
    """Read again and prepare the rows that wait, in file order, a chunk at a time."""
    endpoint = capillary.endpoint()
    assembler = Assembler(desk.fitted.slots)
    for sheet, fit in desk.sheets:
        for chunk in sheet.chunks(ROWS_A_CHUNK_WHEN_SENDING):
            waiting = journal.waiting(sheet.number, int(chunk.cells.index[0]), int(chunk.cells.index[-1]))
            if waiting:
                mapped = fit.apply(part(chunk, list(waiting)))
                yield [
                    Request(
                        RowId(sheet.number, one.row),
                        endpoint.addresser(one.lookup),
                        one.body,
                        one.adds,
                        waiting[one.row].lane,
                        waiting[one.row].attempts,
                    )
                    for one in assembler.assemble(mapped, list(waiting))
                    if one.body is not None
                ]


def preview(desk: Desk, rows: int) -> Iterator[Prepared]:
    """The first sound rows, prepared exactly as they would be sent."""

    def prepared() -> Iterator[Prepared]:
        fitted = desk.fitted
        judge, assembler = Judge(fitted.slots, fitted.checks, fitted.rules, fitted.user_schema), Assembler(fitted.slots)
        for sheet, fit in desk.sheets:
            planner = Planner(fitted.slots, Selection())
            for chunk in sheet.chunks(ROWS_A_CHUNK_WHEN_SENDING):
                mapped = fit.apply(chunk)
                yield from assembler.assemble(mapped, planner.sound(mapped, judge.judge(mapped)))

    return islice((one for one in prepared() if one.body is not None), rows)
