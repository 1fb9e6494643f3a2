"""The two passes over a run's sheets, and the preview: the same steps in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from importer.apis import capillary
from importer.endpoint import Addresser, Prepared, identifying_columns
from importer.errors import SumMismatch
from importer.journal import Journal, PreparedWriter, RowEntry, Sendable, SheetEntry, Waiting
from importer.payload import Assembler
from importer.planning import Merger, Plan, Planner, Selection, late_invalid
from importer.records import Mapped, Request, RowId, Status
from importer.report import masked_cell
from importer.run.lineage import RUN, Past
from importer.run.order import Desk
from importer.run.remembering import Remembering
from importer.validation import Judge, gather

ROWS_A_CHUNK_WHEN_PLANNING = 10_000
ROWS_A_CHUNK_OF_A_PREVIEW = 1_000  # small: few rows are wanted


def unheard(rows: int) -> None:
    """Nobody wants to know how many rows were read."""
    del rows


def judge_for(desk: Desk) -> Judge:
    """Validation as the mapping asks for it; one for the whole run, since some checks look at all rows."""
    fitted = desk.fitted
    return Judge(fitted.slots, fitted.checks, fitted.rules, fitted.user_schema)


def first_pass(
    desk: Desk,
    journal: Journal,
    selection: Selection,
    rate: float | None,
    past: Past,
    memory: Remembering,
    keep: PreparedWriter | None = None,
    reading: Callable[[int], None] = unheard,
) -> Plan:
    """Read, convert and judge every row; journal the rows and the outcomes of those that will not be sent.

    `past`: what became of rows before. `memory`: what the target system accepted before. `keep`: takes what was
    prepared of the others, where it will be sent. `reading`: told how many rows were read so far.
    """
    addresser = capillary.endpoint().addresser
    judge, assembler = judge_for(desk), Assembler(desk.fitted.slots)
    planner = Planner(desk.fitted.slots, selection, desk.mapping.same_customer)
    read = 0
    for sheet, fitted in desk.sheets:
        journal.add_sheet(
            SheetEntry(sheet.number, sheet.label, sheet.path, sheet.digest, sheet.worksheet, tuple(sheet.header))
        )
        for chunk in sheet.chunks(ROWS_A_CHUNK_WHEN_PLANNING):
            settled = past.settled(chunk)
            mapped = planner.select(fitted.apply(chunk), settled)
            problems = judge.judge(mapped)
            prepared = assembler.assemble(mapped, planner.sound(mapped, problems))
            if blank := memory.without_credit(chunk, prepared):
                problems = (*problems, *blank)
                prepared = [one for one in prepared if one.row not in {problem.row for problem in blank}]
            settled |= past.overtaken(chunk, prepared)
            same = memory.take(chunk, [one for one in prepared if one.body is not None and one.row not in settled])
            outcomes = planner.take(mapped, problems, prepared, settled, same)
            journal.add_chunk(sheet.number, entries(mapped, prepared), problems, outcomes)
            past.remember(journal, chunk, {one.row for one in prepared}.difference(settled))
            if keep:
                keep.add(sheet.number, list(sendable(prepared, addresser)))
            read += len(chunk.cells)
            reading(read)
    unsound = tuple(judge.close())
    late = (*unsound, *planner.late_problems(unsound))
    journal.add_late(late, (*late_invalid(late), *planner.superseded()))
    if desk.mapping.same_customer == "merge":
        journal.hand_on_adding()
    journal.set_lanes(planner.lanes.lanes())
    memory.settle(selection.limit)
    counts = journal.counts(waiting=Status.PLANNED)
    prove(read, counts, journal)
    identifying = identifying_columns(desk.fitted.slots)
    causes = gather(
        journal.problems(), desk.fitted.slots,
        lambda problem: masked_cell(problem.value, identifies=problem.column in identifying),
    )  # fmt: skip
    journal.note(causes=[cause.facts() for cause in causes], identifying=sorted(identifying))  # for every report
    plan = Plan(
        read=read,
        counts=counts,
        causes=causes,
        targets=planner.tally.targets(),
        lanes=planner.lanes.largest(5),
        shared=planner.lanes.shared(5),
        notes=[*(note for sheet, _ in desk.sheets for note in sheet.notes), *memory.notes, *doubts(desk)],
        rate_per_s=rate,
        adds=desk.mapping.adds,
        clears=planner.clearing_rows,
    )
    journal.note(plan=plan.facts())
    return plan


def second_pass(desk: Desk, journal: Journal, only: frozenset[RowId] | None = None) -> Iterator[Sequence[Request]]:
    """What the first pass prepared of the rows that still wait, in file order, a frame at a time.

    `only`: of these rows alone.
    """
    if not journal.left():
        return
    merger = Merger(desk.fitted.slots)
    merging = desk.mapping.same_customer == "merge"
    waiting: dict[int, Waiting] = {}
    overtaken: dict[int, RowId] = {}

    def wanted(sheet: int, first: int, last: int) -> bool:
        nonlocal waiting, overtaken
        waiting = journal.waiting(sheet, first, last)
        overtaken = journal.overtaken(sheet, first, last) if merging else {}
        if only is not None:
            waiting = {row: state for row, state in waiting.items() if (sheet, row) in only}
            overtaken = {row: successor for row, successor in overtaken.items() if successor in only}
        return bool(waiting or overtaken)

    for sheet, rows in journal.prepared.frames(wanted):
        requests = []
        for row, address, body in rows:
            if row in overtaken:
                merger.hold(overtaken[row], body)
            elif (state := waiting.get(row)) is not None:
                at = RowId(sheet, row)
                requests.append(
                    Request(
                        at, address, merger.merged(at, body), state.adds, state.lane, state.attempts, state.in_doubt
                    )
                )
        yield requests


def doubts(desk: Desk) -> list[str]:
    """The mapping's warnings, each once: fields that are not declared, columns that nothing reads."""
    warnings = dict.fromkeys(one for _, fitted in desk.sheets for one in fitted.warnings)
    return [f"{desk.mapping.path}{f':{one.line}:{one.column}' if one.line else ''}: {one.message}" for one in warnings]


def whole_run_decides(desk: Desk) -> bool:
    """Whether a row's end may depend on rows far from it: unique cells, rows of one customer, repaired rejects."""
    return (
        any(check.unique for check in desk.fitted.checks)
        or desk.mapping.same_customer != "in-order"
        or any(RUN in sheet.header for sheet, _ in desk.sheets)
    )


def preview(desk: Desk, rows: int) -> list[tuple[str, bytes]]:
    """(address, body) of the first rows that would be sent, exactly as they would be sent."""
    addresser = capillary.endpoint().addresser

    def prepared() -> Iterator[Prepared]:
        judge, assembler = judge_for(desk), Assembler(desk.fitted.slots)
        planner = Planner(desk.fitted.slots, Selection(), "in-order")
        for sheet, fitted in desk.sheets:
            for chunk in sheet.chunks(ROWS_A_CHUNK_OF_A_PREVIEW):
                mapped = fitted.apply(chunk)
                yield from assembler.assemble(mapped, planner.sound(mapped, judge.judge(mapped)))

    filled = ((addresser(one.lookup), one.body) for one in prepared() if one.body is not None)
    return list(islice(filled, rows))


def sendable(prepared: Sequence[Prepared], addresser: Addresser) -> Iterator[Sendable]:
    """What the second pass needs of each row that sets something."""
    for one in prepared:
        if one.body is not None:
            yield Sendable(one.row, addresser(one.lookup), one.body)


def entries(mapped: Mapped, prepared: Sequence[Prepared]) -> Iterator[RowEntry]:
    """What the journal keeps of each row that was read."""
    adds = {one.row for one in prepared if one.adds}
    values = mapped.values
    columns = (
        mapped.chunk.cells.index.tolist(),
        mapped.chunk.lines.tolist(),
        values["lookup.identifierName"].tolist(),
        values["lookup.identifierValue"].tolist(),
    )
    for row, line, name, value in zip(*columns, strict=True):
        yield RowEntry(row, line, name or "", str(value or ""), row in adds)


def prove(read: int, counts: dict[Status, int], journal: Journal) -> None:
    """Rows read = sum of the states, and no outcome without a row. Raises SumMismatch."""
    told, strays = sum(counts.values()), journal.strays()
    if told != read or journal.rows_read() != read or strays:
        raise SumMismatch(
            f"{read:,} rows were read, but the journal tells of {told:,} (and {strays:,} outcomes without a row).",
            advice=f"This is a fault of the importer. Nothing is lost: keep {journal.folder} and report it.",
        )
