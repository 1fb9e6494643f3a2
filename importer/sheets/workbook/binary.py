"""A worksheet of an xls, xlsb or ods file, through python-calamine.

That reader hands on values without their number formats, and gives error values and formulas without a result as blank
cells; both cannot be told here, so the plan says it and proposes to save as .xlsx, where every cell is looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

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
from importer.sheets.workbook.grid import GridSheet
from importer.sheets.workbook.stream import Finds, Row

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.source import Source

LARGEST_FILE = 200 * 1024**2  # bytes; the whole worksheet is held in memory, some ten times the file
MOST_CELLS = 20_000_000  # of the area that is used, blank ones too: 160 MB before anything is in them
CAVEAT = (
    "Of this kind of file, numbers are read without their formats (leading zeros that a format shows are missing), "
    "error values and formulas without a result as blank, and hidden rows and columns like the others; save it as .xlsx "
    "to have every cell looked at."
)
DAY_S = 86_400
PANIC = "PanicException"


class BinarySheet(GridSheet):
    """Holds the worksheet in memory: grows with it by about 1.5 kB for a row of 15 columns."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self._source = source
        self._name = source.name
        self._finds = Finds()
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
            self._finds.last_row = len(self._cells)
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
        self.label = f"{source.name}[{self.worksheet}]"
        self.note(CAVEAT)
        self.prepare(options)

    @property
    def finds(self) -> Finds:
        """Nothing is known beside the cells but how many rows there are."""
        return self._finds

    def rows(self) -> Iterator[Row]:
        """Rows with cells."""
        for number, values in enumerate(self._cells, start=1):
            texts: dict[int, str] = {}
            damage: dict[int, Cell] = {}
            for column, value in enumerate(values):
                if value == "":
                    continue
                cell = text_of(value)
                texts[column] = cell.text
                if cell.slug:
                    damage[column] = cell
            if texts:
                yield Row(number, texts, damage, hidden=False)

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
        """The stated worksheet, or the only visible one with data. Raises SheetError listing what there is."""
        every = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        names = [sheet.name for sheet in every]
        if name is not None:
            if name in names:
                return name
            raise SheetError(
                f"{self._name} has no worksheet {name!r}.", advice=f"It has: {', '.join(map(repr, names))}."
            )
        shown = [sheet.name for sheet in every if sheet.visible is SheetVisibleEnum.Visible]
        filled = [one for one in shown if book.get_sheet_by_name(one).height]
        if len(filled) == 1:
            return filled[0]
        if not filled:
            raise SheetError(f"{self._name} has no visible worksheet with data.", advice="There is nothing to import.")
        raise SheetError(
            f"{self._name} has {len(filled)} worksheets with data: {', '.join(map(repr, filled))}.",
            advice=f"Say which one: `sheet: {{name: {filled[0]}}}` in the mapping.",
        )


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
