"""Rejects: which rows come back, and their original cells, read again from the sheet.

The journal keeps no cells. They are read from the sheet itself, once more and only where some row comes back; where the
sheet is gone or has changed, the rejects hold what the journal knows of those rows, and say so.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain, groupby
from pathlib import Path
from typing import Self, TypeVar

from importer.apis import capillary
from importer.errors import SheetError
from importer.journal import Journal
from importer.records import RowResult, Status
from importer.rejects import ADDED, Form, RawRow
from importer.report import MOST_COLUMNS, Reasons, Rejected, raw_row, write_rejects, write_workbook
from importer.sheets import DelimitedSheet, Dialect, Quoting, Sheet

LOST = ("identifier_name", "identifier_value", "values_at_fault")  # columns of rejects without original cells

_OURS = re.compile(r"rejects(-[0-9]+)?\.(csv|xlsx)")


@dataclass(frozen=True, slots=True)
class RejectFiles:
    """What was written, and what is to be known of it."""

    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def write_all_rejects(
    sheets: Mapping[int, Sheet], journal: Journal, waiting: Status, only: Collection[Status] = ()
) -> RejectFiles:
    """A file for each sheet of which some row comes back: `rejects.csv`, for the run's second sheet `rejects-2.csv`.

    Of a workbook they are workbooks. Files of an earlier session, which may hold rows that are well by now, are taken
    away. `sheets`: by number within the run; one that is not there any more is missing. `only`: rows of these states
    come back; none: as the run was told, else all rows that did not end well.
    """
    facts = journal.facts
    reasons = Reasons(facts["run"], capillary.endpoint().codes, facts["mapping"]["path"])
    only = only or [Status[name.upper()] for name in facts.get("reject_only", ())]
    before: dict[str, str] = facts.get("rejects", {})
    files, notes, whole = [], [], {}
    for number, group in groupby(coming_back(journal, waiting, only), key=lambda result: result.outcome.id.sheet):
        stem = journal.folder / ("rejects" if number == 0 else f"rejects-{number + 1}")
        seen = Seen(group)
        try:
            path = _with_cells(stem, sheets.get(number), _told(seen, journal), reasons)
            whole[path.name] = seen.fingerprint
        except (SheetError, OSError) as error:
            again = partial(_of_sheet, number, journal, waiting, only)
            if kept := _same_as_before(stem, before, again()):
                path, whole[kept.name] = kept, before[kept.name]
                notes.append(f"{kept.name} stays as it was written before: {error}")
            else:
                path = _without_cells(stem, _told(again(), journal), reasons)
                notes.append(f"{path.name} holds identifiers and reasons but no cells of the sheet: {error}")
        files.append(str(path))
    for old in set(journal.folder.glob("rejects*.*")) - set(map(Path, files)):
        if _OURS.fullmatch(old.name):  # a copy under another name is somebody's own
            old.unlink()
    if whole != before:
        journal.note(rejects=whole)
    return RejectFiles(tuple(files), tuple(notes))


def coming_back(journal: Journal, waiting: Status, only: Collection[Status] = ()) -> Iterator[RowResult]:
    """The rows that did not end well, in file order; `only`: those of these states instead.

    A row that another one stood in for did not end well where that one did not.
    """
    return journal.results(only, waiting=waiting) if only else journal.unwell(waiting=waiting)


class Seen:
    """Rows as they pass, and a fingerprint of which they were and how they ended."""

    def __init__(self, results: Iterable[RowResult]) -> None:
        self._results = iter(results)
        self._digest = blake2b(digest_size=16)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> RowResult:
        result = next(self._results)
        self._digest.update(f"{result.outcome.id.row} {result.outcome.status}\n".encode())
        return result

    @property
    def fingerprint(self) -> str:
        """Of all that have passed."""
        return self._digest.hexdigest()


def _told(results: Iterator[RowResult], journal: Journal) -> Iterator[Rejected]:
    """Each row with what was wrong with it."""
    return (Rejected(result, journal.problems_of(result.outcome.id)) for result in results)


def _with_cells(stem: Path, sheet: Sheet | None, rejects: Iterator[Rejected], reasons: Reasons) -> Path:
    """In the form of the original. Raises SheetError or OSError where that cannot be read any more."""
    if sheet is None:
        raise SheetError("the sheet is gone, or no longer what was imported")
    sheet.check_same()
    names = dict(zip(sheet.columns.positions, sheet.columns.names, strict=True))
    layout = sheet.layout
    if layout and max(names) + len(ADDED) < MOST_COLUMNS:
        path = stem.with_name(f"{stem.name}.xlsx")
        head, rows = _beside(sheet.stored, sheet.header_row, rejects)
        write_workbook(path, layout, head, rows, names=names, original=sheet.label, reasons=reasons)
        return path
    path = stem.with_name(f"{stem.name}.csv")
    if isinstance(sheet, DelimitedSheet):
        form = form_of(sheet.dialect)
        raw_head, raw_rows = _beside(sheet.raw, sheet.header_row, rejects)
        write_rejects(path, raw_head, raw_rows, names=names, reasons=reasons, form=form)
    else:  # files of data teams, which have no form to keep
        form = Form()
        names = dict(enumerate(sheet.header))
        head_row = [raw_row(0, sheet.header, form)]
        write_rejects(path, head_row, _from_chunks(sheet, rejects, form), names=names, reasons=reasons, form=form)
    return path


Original = TypeVar("Original")


def _beside(
    read: Callable[[Iterable[int]], Iterator[Original]], header_row: int, rejects: Iterator[Rejected]
) -> tuple[list[Original], Iterator[tuple[Original, Rejected]]]:
    """The original's rows down to its header, and each reject with its row, read side by side."""
    queue = _Queue(rejects)
    originals = read(chain(range(1, header_row + 1), queue.row_numbers()))
    return [next(originals) for _ in range(header_row)], ((one, queue.take()) for one in originals)


class _Queue:
    """Rejects whose row numbers were asked for, until their cells come."""

    def __init__(self, rejects: Iterator[Rejected]) -> None:
        self._rejects = rejects
        self._waiting: deque[Rejected] = deque()  # one or two

    def row_numbers(self) -> Iterator[int]:
        """The row number of each."""
        for one in self._rejects:
            self._waiting.append(one)
            yield one.row

    def take(self) -> Rejected:
        """The next, in the same order."""
        return self._waiting.popleft()


def _from_chunks(sheet: Sheet, rejects: Iterator[Rejected], form: Form) -> Iterator[tuple[RawRow, Rejected]]:
    """Each reject with the text of its cells."""
    one = next(rejects, None)
    for chunk in sheet.chunks():
        wanted = []
        while one is not None and one.row <= int(chunk.cells.index[-1]):
            wanted.append(one)
            one = next(rejects, None)
        rows = chunk.cells.loc[[each.row for each in wanted]].itertuples(index=False, name=None)
        for cells, each in zip(rows, wanted, strict=True):
            yield raw_row(each.row, cells, form), each
        if one is None:
            return


def _of_sheet(number: int, journal: Journal, waiting: Status, only: Collection[Status]) -> Iterator[RowResult]:
    """The rows of one sheet that come back."""
    return (one for one in coming_back(journal, waiting, only) if one.outcome.id.sheet == number)


def _same_as_before(stem: Path, before: Mapping[str, str], results: Iterator[RowResult]) -> Path | None:
    """The file that was written with cells when these same rows had ended in the same way."""
    there = [
        path for path in (stem.with_name(f"{stem.name}{ending}") for ending in (".csv", ".xlsx")) if path.is_file()
    ]
    there = [path for path in there if path.name in before]
    if not there:
        return None
    seen = Seen(results)
    deque(seen, maxlen=0)
    return there[0] if before[there[0].name] == seen.fingerprint else None


def _without_cells(stem: Path, rejects: Iterator[Rejected], reasons: Reasons) -> Path:
    """What the journal knows of each row."""
    path = stem.with_name(f"{stem.name}.csv")
    form = Form()

    def row(one: Rejected) -> RawRow:
        values = "; ".join(f"{problem.column}: {problem.value}" for problem in one.problems if problem.value)
        return raw_row(one.row, (one.result.identifier_name, one.result.identifier_value, values), form)

    rows = ((row(one), one) for one in rejects)
    names = dict(enumerate(LOST))
    write_rejects(path, [raw_row(0, LOST, form)], rows, names=names, reasons=reasons, form=form)
    return path


def form_of(dialect: Dialect) -> Form:
    """How the original was written, as the report takes it."""
    return Form(
        encoding=dialect.encoding,
        mark=dialect.bom,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        spaced=dialect.space_after_delimiter,
        quote_all=dialect.quoting is Quoting.ALL,
        line_end=dialect.line_end,
        sep_line=dialect.sep_line,
    )
