"""A mapping on a sheet: columns become targets, chunk by chunk."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from importer.endpoint import Slot
from importer.errors import Finding
from importer.mapping.conditions import Mask
from importer.mapping.fill import Cells, Filler
from importer.problems import Problem
from importer.records import Chunk, ColumnCheck, Mapped, RowRule

SPECIAL = "\0"  # in front of $file, $sheet and $row, so that no header can be taken for them
SEPARATOR = "\x1f"  # between the cells of a credit's id: no text of a sheet holds it
BLANK_ROW = "blank row"
SKIP_WHEN = "skip_when holds"
IDENTIFIER_NAME = "lookup.identifierName"
IDENTIFIER_VALUE = "lookup.identifierValue"
CANDIDATES = "lookup.identifiers["
ENROLLED = "loyaltyProgramEnrollments["


@dataclass(frozen=True, slots=True)
class ElementMask:
    """A list element: its slots, the one without which it does not exist, and its condition."""

    slots: tuple[str, ...]
    key: str
    when: Mask | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What turns a chunk of this sheet into targets."""

    slots: tuple[Slot, ...]
    checks: tuple[ColumnCheck, ...]
    rules: tuple[RowRule, ...]
    warnings: tuple[Finding, ...]
    user_schema: object | None
    fillers: tuple[Filler, ...]
    elements: tuple[ElementMask, ...]
    skip_when: Mask | None
    credit_id: tuple[str, ...]  # columns
    blanks: frozenset[str]
    used: frozenset[str]
    constants: MappingType[str, str]

    def apply(self, chunk: Chunk) -> Mapped:
        """The chunk's targets. `values` as described in `records.Mapped`, with the two derived lookup columns last."""
        skipped = self._skipped(chunk)
        frame = self.with_specials(chunk.cells)
        live = frame if not skipped else frame.loc[~frame.index.isin(list(skipped))]
        cells = Cells(live, self.blanks)
        columns: dict[str, np.ndarray[Any, Any]] = {}
        problems: list[Problem] = [
            one for one in chunk.problems if one.row not in skipped and (not one.column or one.column in self.used)
        ]
        for filler in self.fillers:
            columns[filler.slot.address], found = filler.fill(cells)
            problems += found
        problems = self._without_absent_elements(columns, problems, cells)
        problems += self._programs_twice(columns, cells)
        problems += self._identify(columns, cells, {one.row for one in problems if one.target.startswith(CANDIDATES)})
        values = pd.DataFrame(columns, index=live.index, dtype=object)
        if skipped:
            values = values.reindex(chunk.cells.index, fill_value=None).astype(object)
            values = values.where(values.notna(), None)
        return Mapped(chunk, values, skipped, tuple(_known_damage(problems)))

    def credit_ids(self, chunk: Chunk) -> dict[int, str]:
        """What identifies the credit of each row, by row number: its trimmed cells; "" where all of them are blank."""
        frame = self.with_specials(chunk.cells)
        columns = [[cell.strip() for cell in frame[name].tolist()] for name in self.credit_id]
        return {
            row: SEPARATOR.join(cells) if any(cell not in self.blanks for cell in cells) else ""
            for row, *cells in zip(frame.index.tolist(), *columns, strict=True)
        }

    def _skipped(self, chunk: Chunk) -> dict[int, str]:
        """Rows that are blank or that `skip_when` takes out."""
        frame = chunk.cells
        blank = np.ones(len(frame), dtype=bool)
        for name in frame.columns:
            at = np.flatnonzero(blank)
            if not len(at):
                break
            texts = frame[name].to_numpy(dtype=object)
            blank[at] = [not text or text.isspace() for text in texts[at]]
        rows = frame.index.to_numpy()
        skipped = {int(row): BLANK_ROW for row in rows[blank]}
        if self.skip_when is not None:
            holds = self.skip_when(self.with_specials(frame)).to_numpy() & ~blank
            skipped |= {int(row): SKIP_WHEN for row in rows[holds]}
        return dict(sorted(skipped.items()))

    def with_specials(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with `$file`, `$sheet` and `$row`, where the mapping asks for them."""
        specials: dict[str, Any] = {SPECIAL + name: text for name, text in self.constants.items()}
        if SPECIAL + "$row" in self.used:
            specials[SPECIAL + "$row"] = frame.index.astype(str)
        return frame.assign(**specials) if specials else frame

    def _without_absent_elements(
        self, columns: dict[str, np.ndarray[Any, Any]], problems: Sequence[Problem], cells: Cells
    ) -> list[Problem]:
        """Elements whose condition fails or whose key is blank are left out whole, their problems too."""
        kept = list(problems)
        for element in self.elements:
            absent = np.zeros(len(cells.index), dtype=bool)
            if element.when is not None:
                absent |= ~element.when(cells.frame).to_numpy()
            rows = cells.index.to_numpy()
            if element.key:
                failed = {one.row for one in kept if one.target == element.key}
                blank = np.fromiter((value is None for value in columns[element.key]), dtype=bool, count=len(rows))
                absent |= blank & ~np.isin(rows, list(failed))
            gone = set(rows[absent].tolist())
            if not gone:
                continue
            for address in element.slots:
                columns[address][absent] = None
            kept = [one for one in kept if not (one.target in element.slots and one.row in gone)]
        return kept

    def _programs_twice(self, columns: dict[str, np.ndarray[Any, Any]], cells: Cells) -> list[Problem]:
        """A row that would enrol in one program twice."""
        programs = [name for name in columns if name.startswith(ENROLLED) and name.endswith(".programId")]
        found = []
        if len(programs) > 1:
            for row, *given in zip(cells.index.tolist(), *(columns[name] for name in programs), strict=True):
                there = [program for program in given if program is not None]
                twice = {program for program in there if there.count(program) > 1}
                found += [Problem(row, "program-twice", value=str(program)) for program in sorted(twice, key=str)]
        return found

    def _identify(self, columns: dict[str, np.ndarray[Any, Any]], cells: Cells, failed: set[int]) -> list[Problem]:
        """The first candidate that is not blank names the customer. One that failed conversion is not passed over."""
        count = len(cells.index)
        names, values = np.full(count, None, dtype=object), np.full(count, None, dtype=object)
        candidates = [slot for slot in self.slots if slot.address.startswith(CANDIDATES)]
        for slot in reversed(candidates):
            filled = np.fromiter((value is not None for value in columns[slot.address]), dtype=bool, count=count)
            names[filled] = slot.address.rpartition(".")[2]
            values[filled] = columns[slot.address][filled]
        columns[IDENTIFIER_NAME], columns[IDENTIFIER_VALUE] = names, values
        asked = ", ".join(dict.fromkeys(name for slot in candidates for name in slot.columns))
        first = candidates[0].columns[0] if candidates and candidates[0].columns else ""
        return [
            Problem(row, "lookup-blank", first, target="lookup.identifiers", detail=asked)
            for row, name in zip(cells.index.tolist(), names, strict=True)
            if name is None and row not in failed
        ]


def _known_damage(problems: Sequence[Problem]) -> list[Problem]:
    """One problem a cell and kind; a cell that the file itself has damaged is not also said to be unreadable."""
    damaged = {(one.row, one.column) for one in problems if one.column and not one.target}
    seen: set[tuple[int, str, str, str]] = set()
    kept = []
    for one in problems:
        mark = (one.row, one.slug, one.column, one.value)
        if mark in seen or (one.target and (one.row, one.column) in damaged):
            continue
        seen.add(mark)
        kept.append(one)
    return sorted(kept, key=lambda one: one.row)
