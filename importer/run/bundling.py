"""A support bundle of a run: what somebody who helps needs to see the fault, and nothing of the customers."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from importer.errors import SettingsError
from importer.journal import Journal
from importer.records import RowResult, Status
from importer.rejects import Form, RawRow, Stored, StoredCell, StoredRow
from importer.report import masked_text, raw_row
from importer.report.bundle import BundleRow, StandIns, pack, workbook
from importer.run.page import versions
from importer.run.rejects import form_of
from importer.run.reporting import still_there
from importer.sheets import DelimitedSheet, Sheet

ROWS_THAT_ENDED_WELL = 500  # the first ones; so many show what is ordinary
ROWS_THAT_DID_NOT = 2_000
FACTS = ("run", "command", "importer", "started_at", "target", "sending", "accept", "reading", "canary", "ended")


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was written. `rows`: of the synthetic sheet; `left_out`: for which no stand-in was found."""

    path: Path
    rows: int
    left_out: int
    sheet_gone: bool


def support_bundle(folder: Path, output: Path | None = None, log: Path | None = None) -> Bundled:
    """Write the bundle of a run. Raises RunError, SettingsError."""
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(folder, read_only=True))
        facts = journal.facts
        path = output or Path(f"{facts['run']}-support.zip")
        sheets = still_there(journal, facts, stack)
        results = chosen(journal, sheets)
        number = results[0].outcome.id.sheet if results else 0
        sheet = sheets.get(number)
        content = synthetic(sheet, [one.outcome.id.row for one in results]) if sheet else nothing(journal, number)
        kept = [one for one in results if one.outcome.id.row in content.rows]
        pack(
            path, (content.name, content.content), lines(journal, kept, content.first), told(journal, facts, sheet),
            _read(log),
        )  # fmt: skip
        return Bundled(path, len(kept), len(results) - len(kept) if sheet else 0, sheet is None)


def chosen(journal: Journal, sheets: Mapping[int, Sheet]) -> list[RowResult]:
    """Rows of one sheet, in file order: some that did not end well, and the first of the others."""
    waiting = Status.PLANNED if journal.facts["command"] == "plan" else Status.NOT_SENT
    bad: list[RowResult] = []
    for one in journal.unwell(waiting=waiting):
        if (one.outcome.id.sheet in sheets or not sheets) and len(bad) < ROWS_THAT_DID_NOT:
            if bad and one.outcome.id.sheet != bad[0].outcome.id.sheet:
                break
            bad.append(one)
    number = bad[0].outcome.id.sheet if bad else min(sheets, default=0)
    seen = {one.outcome.id for one in bad}
    good: list[RowResult] = []
    for one in journal.results(waiting=waiting):
        if one.outcome.id.sheet == number and one.outcome.id not in seen:
            good.append(one)
            if len(good) == ROWS_THAT_ENDED_WELL:
                break
    return sorted([*bad, *good], key=lambda one: one.outcome.id)


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A synthetic sheet. `rows`: of the original, those that have a stand-in; `first`: the row number of the first one."""

    name: str
    content: bytes
    rows: frozenset[int]
    first: int


def nothing(journal: Journal, number: int) -> Synthetic:
    """The sheet is gone: its header is all that is known."""
    header = next((entry.header for entry in journal.sheets() if entry.number == number), ())
    return Synthetic("sheet.csv", (raw_row(1, header, Form()).text + "\n").encode(), frozenset(), 2)


def synthetic(sheet: Sheet, rows: Sequence[int]) -> Synthetic:
    """Stand-ins for these rows of a sheet, below its header."""
    head = range(1, sheet.header_row + 1)
    if layout := sheet.layout:
        *titles, header = stored = list(sheet.stored(chain(head, rows)))
        titles, header, stored = stored[: len(head) - 1], stored[len(head) - 1], stored[len(head) :]
        make = StandIns(cell.value for row in [*titles, *stored] for cell in row.cells.values())
        made = [row for row in (_stored(row, make) for row in stored) if row]
        above = [row for row in (_stored(row, make) for row in titles) if row]
        content = workbook(layout, [*above, header, *made])
        return Synthetic("sheet.xlsx", content, frozenset(row.row for row in made), len(above) + 2)
    form = form_of(sheet.dialect) if isinstance(sheet, DelimitedSheet) and sheet.dialect else Form()
    raw = list(sheet.raw(chain(head, rows))) if isinstance(sheet, DelimitedSheet) else list(_from_chunks(sheet, rows))
    titles_, header_, data = raw[: len(head) - 1], raw[len(head) - 1], raw[len(head) :]
    make = StandIns((cell for row in [*titles_, *data] for cell in row.cells), fits=_fitting(form))
    above_ = [row for row in (_raw(row, make, form) for row in titles_) if row]
    below = [row for row in (_raw(row, make, form) for row in data) if row]
    text = "".join(row.text + (row.line_end or form.line_end) for row in [*above_, header_, *below])
    mark = "\ufeff" if form.mark else ""
    content = (mark + text).encode(form.encoding, "replace")
    return Synthetic("sheet.csv", content, frozenset(row.row for row in below), len(above_) + 2)


def _stored(row: StoredRow, make: StandIns) -> StoredRow | None:
    """A stand-in for a row of a workbook."""
    made = {}
    for column, cell in row.cells.items():
        value: str | None = cell.value
        if cell.kind is Stored.TEXT:
            value = make.cell(cell.value)
        elif cell.kind is Stored.NUMBER:  # the E of 1E+20 is structure
            value = make.text(cell.value, lambda text: [text], kept="Ee")
        if value is None:
            return None
        made[column] = StoredCell(cell.kind, value, cell.form)
    return StoredRow(row.row, made)


def _raw(row: RawRow, make: StandIns, form: Form) -> RawRow | None:
    """A stand-in for a row of delimited text."""

    def cells(text: str) -> list[str]:
        return [
            cell
            for record in csv.reader(
                text.splitlines(keepends=True), delimiter=form.delimiter, quotechar=form.quote, escapechar=form.escape,
                skipinitialspace=form.spaced,
            )
            for cell in record
        ]  # fmt: skip

    made = make.text(row.text, cells, kept=form.delimiter + form.quote + (form.escape or ""))
    return row._replace(text=made) if made is not None else None


def _fitting(form: Form) -> Any:
    """Whether a character can be written in the form's encoding, and is none of its structure."""

    def fits(character: str) -> bool:
        try:
            return bool(character.encode(form.encoding)) and character not in {form.delimiter, form.quote, form.escape}
        except UnicodeEncodeError:
            return False

    return fits


def _from_chunks(sheet: Sheet, rows: Iterable[int]) -> Iterator[RawRow]:
    """Header and rows of a file that has no form of its own."""
    wanted = set(rows)
    yield raw_row(sheet.header_row, sheet.header, Form())
    for chunk in sheet.chunks():
        for row in chunk.cells.index.intersection(sorted(wanted)).tolist():
            yield raw_row(row, chunk.cells.loc[row].tolist(), Form())


def lines(journal: Journal, results: Sequence[RowResult], first: int) -> Iterator[BundleRow]:
    """What became of each row."""
    for at, one in enumerate(results, start=first):
        outcome = one.outcome
        slugs = " ".join(dict.fromkeys(problem.slug for problem in journal.problems_of(outcome.id)))
        yield BundleRow(
            at, outcome.id.row, outcome.status.value, outcome.code, outcome.http_status, outcome.attempts,
            outcome.latency_ms, slugs,
        )  # fmt: skip


def told(journal: Journal, facts: Mapping[str, Any], sheet: Sheet | None) -> dict[str, Any]:
    """Facts of the run, without a value of anybody's."""
    shown = {name: facts[name] for name in FACTS if name in facts}
    ended = dict(shown.get("ended") or {})
    for name in ("stopped", "advice"):
        ended[name] = masked_text(str(ended.get(name) or ""))
    waiting = Status.PLANNED if facts["command"] == "plan" else Status.NOT_SENT
    return shown | {
        "ended": ended,
        "sheets": [{"kind": Path(one.path).suffix, "columns": len(one.header)} for one in journal.sheets()],
        "dialect": str(sheet.dialect) if sheet and sheet.dialect else "",
        "rows_read": journal.rows_read(),
        "counts": {status.value: count for status, count in journal.counts(waiting).items()},
        "problems": journal.problem_counts(),
        "codes": journal.code_counts(),
        "versions": facts.get("versions") or versions(),
        "platform": platform.platform(),
    }


def _read(log: Path | None) -> bytes:
    """The log that the user adds. Raises SettingsError."""
    if log is None:
        return b""
    try:
        return log.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{log} cannot be read ({error.strerror}).", advice="Name the file that --log-file wrote."
        ) from error
