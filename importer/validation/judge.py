"""Judges mapped rows: cells by the mapping's checks, values by the catalog, both through pandera."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.problems import Problem
from importer.validation.element_facts import element_facts, elements
from importer.validation.own_schema import OwnSchema
from importer.validation.schemas import Judged
from importer.validation.sheet_facts import column_facts, rule_facts, trimmed
from importer.validation.target_facts import slot_facts
from importer.validation.unique import Unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from importer.endpoint import Slot
    from importer.records import ColumnCheck, Mapped, RowRule


class Judge:
    """Finds every problem of every row; made once for a run, so that `unique` sees all of its sheets.

    `user_schema`: a pandera DataFrameSchema or DataFrameModel of the user's own, the path of its YAML file, or None.
    Raises WrongUse where that is something else, or raises itself.
    """

    def __init__(
        self,
        slots: Sequence[Slot],
        checks: Sequence[ColumnCheck],
        rules: Sequence[RowRule],
        user_schema: object | None = None,
    ) -> None:
        self._slots = {slot.address: slot for slot in slots}
        self._cells = [
            *dict.fromkeys([*(one.column for one in checks), *(name for one in rules for name in one.require)])
        ]
        self._of_sheet = Judged(
            "sheet",
            [fact for check in checks for fact in column_facts(check)]
            + [fact for rule in rules for fact in rule_facts(rule)],
        )
        self._of_targets = Judged(
            "targets",
            [fact for slot in slots for fact in slot_facts(slot)]
            + [fact for element in elements(slots) for fact in element_facts(element)],
        )
        self._own = None if user_schema is None else OwnSchema(user_schema)
        self._unique = {check: Unique(check.column) for check in checks if check.unique}

    def judge(self, mapped: Mapped) -> tuple[Problem, ...]:
        """All problems of the chunk's rows, earlier ones included, sorted by row; none for skipped rows.

        A row whose cells have shifted (more or fewer than the header's) is not looked at further: what stands
        in which of its columns is unknown.
        """
        problems = [problem for problem in mapped.problems if problem.row not in mapped.skipped]
        shifted = {problem.row for problem in mapped.chunk.problems if not problem.column}
        cells, values = mapped.chunk.cells, mapped.values  # noqa: PD011 - our record's frame
        left_out = shifted.union(mapped.skipped)
        if left_out:
            judged = ~cells.index.isin(list(left_out))
            cells, values = cells[judged], values[judged]
        clean = trimmed(cells, self._cells)
        problems += self._sheet_problems(clean)
        problems += self._target_problems(values, cells, problems)
        if self._own is not None:
            problems += self._own.problems(mapped.chunk.sheet, cells)
        self._remember(mapped.chunk.sheet, clean)
        return tuple(sorted(problems, key=lambda problem: problem.row))

    def close(self) -> Iterator[tuple[int, Problem]]:
        """(sheet number, problem): what only the whole run shows, in file order within each column."""
        for one in self._unique.values():
            yield from one.problems()
        if self._own is not None:
            yield from self._own.close()

    def _sheet_problems(self, clean: pd.DataFrame) -> Iterator[Problem]:
        """What `check:` and `rules:` find."""
        rows: list[int] = clean.index.tolist()
        for fact, positions in self._of_sheet.failing(clean):
            cells = clean[fact.column].tolist()
            for at in positions:
                yield Problem(rows[at], fact.slug, fact.column, cells[at], detail=fact.detail(cells[at]))

    def _target_problems(
        self, values: pd.DataFrame, cells: pd.DataFrame, known: Sequence[Problem]
    ) -> Iterator[Problem]:
        """What the catalog and `declare:` find."""
        rows: list[int] = values.index.tolist()
        unread = {(problem.row, _element(problem.target)) for problem in known if problem.target}
        for fact, failing in self._of_targets.failing(values):
            positions = failing
            slot = self._slots[fact.column]
            found = values[fact.column].tolist()
            column, texts = _source(slot, cells)
            if fact.slug == "element-incomplete":  # what is missing may have failed conversion, and has its problem
                element = _element(slot.address)
                positions = [at for at in positions if (rows[at], element) not in unread]
            for at in positions:
                text = _shown(found[at]) if texts is None else texts[at]
                yield Problem(rows[at], fact.slug, column, text, slot.address, fact.detail(found[at]))

    def _remember(self, sheet: int, clean: pd.DataFrame) -> None:
        """Keep the values that must be unique."""
        for check, unique in self._unique.items():
            filled = clean[check.column][~clean[check.column].isin(check.blanks)]
            unique.take(sheet, filled.index.tolist(), filled.tolist())


def _source(slot: Slot, cells: pd.DataFrame) -> tuple[str, list[str] | None]:
    """The slot's column, and its cells where exactly one column of the sheet feeds it."""
    if len(slot.columns) == 1 and slot.columns[0] in cells.columns:
        return slot.columns[0], cells[slot.columns[0]].tolist()
    return " + ".join(slot.columns), None


def _shown(value: Any) -> str:
    """A value as a person would write it."""
    if type(value) is list:
        return "; ".join(map(_shown, value))
    return str(value).lower() if type(value) is bool else str(value)


def _element(address: str) -> str:
    """The address up to the list element, so that the parts of one element can be told to belong together."""
    return address.rpartition("].")[0]
