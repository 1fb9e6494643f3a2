"""A worksheet of an xls file: texts through python-calamine, everything else from the file's records.

That library hands on values without their number formats, gives error values as blank cells, and says nothing of what is
hidden. Where the records cannot be followed (files older than Excel 5, damaged ones) its values are taken as they are, and
the plan says so and proposes to save as .xlsx, where every cell is looked at.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from importer.errors import SheetError
from importer.sheets.workbook.cells import Cell, elapsed, plain_number
from importer.sheets.workbook.choice import choose_worksheet
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.rows import Finds, Row
from importer.sheets.workbook.xls_records import Witness, XlsRecords

if TYPE_CHECKING:
    from pathlib import Path

    from importer.records import SheetOptions
    from importer.sheets.source import Source

LARGEST_FILE = 200 * 1024**2  # bytes; the whole worksheet is held in memory, some ten times the file
MOST_CELLS = 20_000_000  # of the area that is used, blank ones too: 160 MB before anything is in them
CAVEAT = (
    "Of this file, numbers are read without their formats (leading zeros that a format shows are missing), "
    "error values and formulas without a result as blank, and hidden rows and columns like the others; save it as .xlsx "
    "to have every cell looked at."
)
DAY_S = 86_400
PANIC = "PanicException"


class XlsSheet(GridSheet):
    """Holds the worksheet in memory: grows with it by about 2 kB for a row of 15 columns; there are 65,536 at most."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._name = source.name
        size = source.file.stat().st_size
        if size > (options.max_bytes or LARGEST_FILE):
            raise SheetError(
                f"{source.name} has {size:,} bytes; files of this kind are read up to {LARGEST_FILE:,}.",
                advice="Save it as .xlsx, which is streamed, or raise the limit: --max-bytes N.",
            )
        try:
            book = _opened(source)
            self.worksheet = self._choose(book, options.name)
            self._cells = self._cells_of(book.get_sheet_by_name(self.worksheet))
            self._witness = _witness(source.file, book, self.worksheet)
        except PasswordError:
            raise SheetError(
                f"{source.name} is protected by a password.", advice="Save it without one and try again."
            ) from None
        except (CalamineError, OSError, ValueError) as error:
            raise self._damaged(str(error)) from error
        except BaseException as error:  # a panic of the library, whose class has no name that can be imported
            if type(error).__name__ != PANIC:
                raise
            raise self._damaged("its reader gave up on it") from error
        self._finds = self._witness.finds if self._witness else Finds()
        self._finds.last_row = len(self._cells)
        self.label = f"{source.name}[{self.worksheet}]"
        if self._witness is None:
            self.note(CAVEAT)
        elif self._witness.recalculates:
            self.note(
                f"Results of formulas ({self._finds.results:,}) are read as they are stored, but the file asks to be"
                " calculated anew: a program may have written them without calculating. Open and save it to be sure."
            )
        self.prepare(options)

    @property
    def finds(self) -> Finds:
        """What the worksheet says beside its cells."""
        return self._finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells."""
        known = self._witness.cells if self._witness else {}
        hidden = self._witness.hidden_rows if self._witness else set()
        for number in range(1, max(len(self._cells), *known, 0) + 1):
            texts: dict[int, str] = {}
            damage: dict[int, Cell] = {}
            values = self._cells[number - 1] if number <= len(self._cells) else []
            cells = {column: text_of(value) for column, value in enumerate(values) if value != ""}
            for column, cell in (cells | known.get(number, {})).items():
                texts[column] = cell.text
                if cell.slug:
                    damage[column] = cell
            if texts:
                yield Row(number, texts, damage, hidden=number in hidden)

    def _cells_of(self, sheet: CalamineSheet) -> list[list[Any]]:
        """All cells from A1 on. Raises SheetError where they would fill the memory."""
        rows, columns = sheet.end or (0, 0)
        area = (rows + 1) * (columns + 1)
        if area > MOST_CELLS:
            raise self._damaged(f"its worksheet spans {area:,} cells; {MOST_CELLS:,} are held at most")
        return sheet.to_python(skip_empty_area=False)

    def _damaged(self, why: str) -> SheetError:
        return SheetError(
            f"{self._name} is no workbook that can be read: {why}.",
            advice="Open it in a spreadsheet program and save it as .xlsx.",
        )

    def _choose(self, book: CalamineWorkbook, name: str | None) -> str:
        """The name of the worksheet to read. Raises SheetError."""
        tabs = [
            Tab(sheet.name, sheet.visible is SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet
        ]
        return choose_worksheet(
            tabs,
            name,
            book=self._name,
            filled=lambda one: bool(book.get_sheet_by_name(one.name).height),
            note=self.note,
        ).name


class Tab(NamedTuple):
    """A worksheet, by what its tab tells."""

    name: str
    visible: bool


def _witness(file: Path, book: CalamineWorkbook, name: str) -> Witness | None:
    """What the records say of a worksheet; None where they cannot be followed."""
    try:
        records = XlsRecords(file.read_bytes())
        names = [sheet.name for sheet in book.sheets_metadata]
        return records.witness(names.index(name)) if len(names) == len(records.starts) else None
    except (ValueError, IndexError, struct.error):
        return None


def text_of(value: Any) -> Cell:
    """The text of a value as calamine gives it."""
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return plain_number(Decimal(repr(value)))
    if isinstance(value, dt.timedelta):
        return Cell(elapsed(value.total_seconds() / DAY_S))
    if isinstance(value, dt.datetime | dt.time):
        return Cell(value.isoformat(timespec="milliseconds" if value.microsecond else "seconds"))
    return Cell(value.isoformat() if isinstance(value, dt.date) else str(value))


def _opened(source: Source) -> CalamineWorkbook:
    """The workbook. By its path first, which alone tells a password from damage; else by what is in it."""
    try:
        return CalamineWorkbook.from_path(str(source.file))
    except PasswordError:
        raise
    except CalamineError:
        if source.file.suffix.lower() == source.kind:
            raise
        with source.file.open("rb") as stream:
            return CalamineWorkbook.from_filelike(stream)
