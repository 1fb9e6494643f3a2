"""Gives each row that will not be sent its outcome, chunk by chunk, and hands the rest on."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from importer.planning.lanes import LaneFinder
from importer.planning.plan import Tally
from importer.planning.policies import CustomerFinder
from importer.records import Mapped, Outcome, RowId, Status

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from importer.endpoint import Prepared, Slot
    from importer.planning.selection import Selection
    from importer.problems import Problem

SETTLED = "settled by what became of it before"
NOT_SELECTED = "not selected by --only-rows or --limit"
SETS_NOTHING = "every target of this row is blank: it would set nothing"
NOTHING: Mapping[int, Outcome] = {}


class Planner:
    """One pass over a run's sheets, in file order."""

    def __init__(self, slots: Sequence[Slot], selection: Selection, same_customer: str = "in-order") -> None:
        self._customers = CustomerFinder() if same_customer in {"last-wins", "merge", "reject"} else None
        self._same_customer = same_customer
        self.lanes = LaneFinder()
        self.tally = Tally()
        self.clearing_rows = 0
        self._slots = slots
        self._selection = selection
        self._unsound: set[RowId] = set()
        self._left = selection.limit  # rows that may still be sent; None: any number

    def select(self, mapped: Mapped, settled: Container[int] = frozenset()) -> Mapped:
        """The chunk with every row marked as skipped that `--only-rows` leaves out, or whose end is settled already."""
        if self._selection.covers_all and not settled:
            return mapped
        rows = mapped.values.index.tolist()
        left_out = {row: SETTLED for row in rows if row in settled}
        left_out |= {row: NOT_SELECTED for row in rows if row not in self._selection}
        return replace(mapped, skipped={**left_out, **mapped.skipped})

    def sound(self, mapped: Mapped, problems: Iterable[Problem]) -> list[int]:
        """Row numbers that are neither skipped nor invalid, in order."""
        out = {problem.row for problem in problems} | set(mapped.skipped)
        return [row for row in mapped.values.index.tolist() if row not in out]

    def take(
        self, mapped: Mapped, problems: Sequence[Problem], prepared: Sequence[Prepared],
        settled: Mapping[int, Outcome] = NOTHING, same: Container[int] = frozenset(),
    ) -> list[Outcome]:  # fmt: skip
        """Outcomes of the chunk's rows that will not be sent; the others join their lanes and the tally.

        `settled`: how rows end, by row number, for what became of them before. `same`: rows whose content was accepted
        before; they join lanes, and whether they are sent is decided there.
        """
        sheet = mapped.chunk.sheet
        outcomes = [
            settled[row] if reason is SETTLED else skipped(RowId(sheet, row), reason)
            for row, reason in mapped.skipped.items()
        ]
        outcomes += invalid(sheet, problems)
        sent: list[Prepared] = []
        count = 0
        for one in prepared:
            if one.row in settled:
                outcomes.append(settled[one.row])
            elif one.body is None:
                outcomes.append(skipped(RowId(sheet, one.row), SETS_NOTHING))
            elif self._left is not None and count >= self._left and one.row not in same:
                outcomes.append(skipped(RowId(sheet, one.row), NOT_SELECTED))
            else:
                sent.append(one)
                count += one.row not in same
        if self._left is not None:
            self._left -= count
        self.lanes.take(sheet, sent)
        if self._customers is not None:
            self._customers.take(sheet, sent)
        sent = [one for one in sent if one.row not in same]
        self.tally.take(mapped.values.loc[[one.row for one in sent]], self._slots)
        self.clearing_rows += sum(one.clears > 0 for one in sent)
        return outcomes

    def late_problems(self, found: Iterable[tuple[int, Problem]] = ()) -> Iterator[tuple[int, Problem]]:
        """(sheet, problem) of rows of one customer, where the mapping rejects those.

        `found`: what else only the whole run showed; those rows are invalid already and stand in for nobody.
        """
        self._unsound.update(RowId(sheet, problem.row) for sheet, problem in found)
        if self._customers is not None and self._same_customer == "reject":
            yield from self._customers.duplicates(self._unsound)

    def superseded(self) -> Iterator[Outcome]:
        """Outcomes of rows that a later row of the same customer stands in for."""
        if self._customers is not None and self._same_customer != "reject":
            for row, successor in self._customers.superseded(self._unsound):
                yield Outcome(row, Status.SUPERSEDED, successor=successor)


def skipped_beyond(row: RowId) -> Outcome:
    """The outcome of a row beyond `--limit`."""
    return skipped(row, NOT_SELECTED)


def skipped(row: RowId, reason: str) -> Outcome:
    """The outcome of a row left out on purpose."""
    return Outcome(row, Status.SKIPPED, message=reason)


def invalid(sheet: int, problems: Iterable[Problem]) -> Iterator[Outcome]:
    """One outcome a row: the code is its first problem's slug, the message says all of them."""
    ordered = sorted(problems, key=lambda problem: problem.row)
    for row, group in groupby(ordered, key=lambda problem: problem.row):
        found = list(group)
        message = "; ".join(f"{one.column}: {one.message}" if one.column else one.message for one in found)
        yield Outcome(RowId(sheet, row), Status.INVALID, code=found[0].slug, message=message)


def late_invalid(found: Iterable[tuple[int, Problem]]) -> list[Outcome]:
    """Outcomes for what only the whole run shows, such as a value that must be unique."""
    by_sheet: dict[int, list[Problem]] = {}
    for sheet, problem in found:
        by_sheet.setdefault(sheet, []).append(problem)
    return [one for sheet, problems in by_sheet.items() for one in invalid(sheet, problems)]
