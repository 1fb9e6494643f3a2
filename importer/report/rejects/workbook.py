"""Writes rejects of a workbook: cells as they were stored, those at fault filled and commented; rows are streamed.

What a row holds beyond the header's last column is not read, and does not come back. Comments are held in memory until
the end, about 1 kB each, so only the first ones are written; every cell at fault is filled, and the last columns say
of every row what is wrong.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from importer.problems import Problem
from importer.records import Status
from importer.rejects import ADDED, GUIDE, Layout, Stored, StoredCell, StoredRow
from importer.report.files import replacing_bytes
from importer.report.rejects.guide import write_guide
from importer.report.rejects.pen import Pen
from importer.report.rejects.reasons import Reasons, Rejected

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COMMENTS_AT_MOST = 10_000
LONGEST_COMMENT = 1_000  # characters
COMMENT_SHAPE = {"width": 260, "height": 110, "author": "importer"}  # pixels
ADDED_WIDTHS = (26, 13, 15, 18, 60, 60)  # characters, in the order of ADDED
MOST_COLUMNS = 16_384
PADDING = 5 / 7  # characters that a file counts beside those that fit into a column
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31  # characters of a worksheet's name


class Columns:
    """Where the original's columns stand in the rejects: the same places, but for added ones of an earlier run."""

    def __init__(self, header: StoredRow, names: Mapping[int, str]) -> None:
        told = {place: cell.value.strip() for place, cell in header.cells.items()}
        old = {place for place, name in told.items() if name in ADDED} if ADDED[0] in told.values() else set[int]()
        width = max(set(names) - old, default=0) + 1
        self.places = {place: at for at, place in enumerate(place for place in range(width) if place not in old)}
        self.first = min((self.places[place] for place in names if place in self.places), default=0)
        self.added = len(self.places)
        self._by_name = {name: self.places[place] for place, name in names.items() if place in self.places}

    def at_fault(self, problems: Sequence[Problem]) -> dict[int, list[Problem]]:
        """The problems by the column of the rejects that shows them; those of no column by that of the reason."""
        found = defaultdict(list)
        for problem in problems:
            found[self._by_name.get(problem.column, self.added + ADDED.index("importer_reason"))].append(problem)
        return found


def write_workbook(
    path: Path,
    layout: Layout,
    head: Sequence[StoredRow],
    rows: Iterable[tuple[StoredRow, Rejected]],
    *,
    names: Mapping[int, str],
    original: str,
    reasons: Reasons,
) -> int:
    """Write the file, streaming; returns the number of rows.

    Args:
        path: where to.
        layout: how the original worksheet looks.
        head: its rows down to the header, which is the last.
        rows: each as it is stored in the original, and how it ended.
        names: what columns are called, by 0-based position.
        original: what to call the file it came from.
        reasons: fills the added columns.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - many a run writes no workbook
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - as above

    columns = Columns(head[-1], names)
    name = sheet_name(layout.worksheet)
    with (
        replacing_bytes(path) as file,
        tempfile.TemporaryDirectory(prefix=".rejects-", dir=path.parent) as folder,
    ):
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder, "date_1904": layout.epoch_1904})
        book.use_zip64()
        book.calc_on_load = False  # there is nothing to calculate
        try:
            guide = book.add_worksheet(GUIDE) if name.casefold() != GUIDE.casefold() else None
            sheet = book.add_worksheet(name)
            writer = _Writer(Pen(book, sheet), sheet, columns, reasons)
            writer.head(head, names)
            for stored, rejected in rows:
                writer.row(stored, rejected)
            writer.dress(layout)
            if guide:
                command = f"importer run {path.name} -m {shlex.quote(reasons.mapping)}"
                told = {"original": original, "worksheet": name, "run": reasons.run, "command": command}
                write_guide(book, guide, counts=writer.counts, **told)
            book.close()
        except FileCreateError as error:
            raise (error.__context__ if isinstance(error.__context__, OSError) else OSError(str(error))) from error
        finally:
            for one in book.worksheets():
                one.row_data_fh.close()
    return writer.counts.total()


class _Writer:
    """Writes the worksheet of rejected rows, from top to bottom."""

    def __init__(self, pen: Pen, sheet: Worksheet, columns: Columns, reasons: Reasons) -> None:
        self._pen, self._sheet, self._columns, self._reasons = pen, sheet, columns, reasons
        self._header = self._at = 0  # 0-based rows: the header's, the last that was written
        self._comments = 0
        self._shown: set[int] = set()  # columns with a cell at fault, which must not be hidden
        self.counts: Counter[Status] = Counter()

    def head(self, head: Sequence[StoredRow], names: Mapping[int, str]) -> None:
        """What stands above the data, and the header with the added names; a column without one gets its own."""
        *titles, header = head
        for title in titles:
            for place, cell in sorted(title.cells.items()):
                self._pen.write(title.row - 1, place, cell)
        self._header = self._at = header.row - 1
        for place, column in self._columns.places.items():
            cell = header.cells.get(place) or StoredCell(Stored.NOTHING, "")
            if cell.kind is Stored.NOTHING and place in names:
                cell = StoredCell(Stored.TEXT, names[place], cell.form)
            self._pen.write(self._at, column, cell, bold=True)
        for column, name in enumerate(ADDED, start=self._columns.added):
            self._pen.write(self._at, column, StoredCell(Stored.TEXT, name), bold=True)

    def row(self, stored: StoredRow, rejected: Rejected) -> None:
        """A rejected row."""
        self._at += 1
        columns = self._columns
        faults = columns.at_fault(rejected.problems)
        for place, column in columns.places.items():
            cell = stored.cells.get(place)
            if cell is not None or column in faults:
                self._pen.write(self._at, column, cell or StoredCell(Stored.NOTHING, ""), marked=column in faults)
        for column, text in enumerate(self._reasons.cells(rejected), start=columns.added):
            self._pen.write(self._at, column, StoredCell(Stored.TEXT, text), marked=column in faults)
        for column, problems in faults.items():
            self._shown.add(column)
            if column < columns.added and self._comments < COMMENTS_AT_MOST:
                self._sheet.write_comment(self._at, column, comment(problems), COMMENT_SHAPE)
                self._comments += 1
        self.counts[rejected.result.outcome.status] += 1

    def dress(self, layout: Layout) -> None:
        """Widths, hidden columns and formats of blank cells; the header stays in sight and filters."""
        places = self._columns.places
        for one in layout.columns:
            width = None if one.width is None else max(one.width - PADDING, 0)
            for place in range(one.first, min(one.last, max(places)) + 1):
                if (at := places.get(place)) is not None:
                    hidden = one.hidden and at not in self._shown
                    self._sheet.set_column(at, at, width, self._pen.format(one.form), {"hidden": hidden})
        for at, added_width in enumerate(ADDED_WIDTHS, start=self._columns.added):
            self._sheet.set_column(at, at, added_width)
        self._sheet.freeze_panes(self._header + 1, 0)
        last_column = self._columns.added + len(ADDED) - 1
        self._sheet.autofilter(self._header, self._columns.first, max(self._at, self._header), last_column)


def comment(problems: Sequence[Problem]) -> str:
    """What is wrong with a cell, and what to do."""
    text = "\n".join(dict.fromkeys(f"{problem.message.rstrip()}. {problem.advice}" for problem in problems))
    return text if len(text) <= LONGEST_COMMENT else text[: LONGEST_COMMENT - 1] + "…"


def sheet_name(name: str) -> str:
    """The original's name; where a program would not open it, the nearest that it would."""
    return NOT_IN_NAMES.sub("_", name)[:LONGEST_NAME].strip("'") or "Sheet"
