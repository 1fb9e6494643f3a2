"""What a file of rejects looks like, for those who write it and those who read it back: added columns, guide, guard.

Beside them the records in which a sheet hands its original rows to the report, as they stand in the file.

The guard keeps spreadsheet programs from running a cell: one apostrophe in front, and exactly one taken off again. A
cell that begins with an apostrophe is guarded too, so that taking one off always gives the cell back.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from importer.records import RowId

ADDED = (  # to the right of the original's columns, in this order
    "importer_run",  # the run's id: its presence says that a file is one of rejects
    "importer_row",  # row number in the original (`row_mark`)
    "importer_status",
    "importer_column",  # the columns at fault, separated by comma and blank
    "importer_reason",
    "importer_advice",
)
GUIDE = "How to use this file"  # the worksheet of a workbook of rejects that holds no data
DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "'",
)  # contract section 7; the list that OWASP gives for CSV injection


def guard(cell: str) -> str:
    """The cell as it may be written into a CSV."""
    return "'" + cell if cell.startswith(DANGEROUS) else cell


def unguard(cell: str) -> str:
    """A guarded cell as it was; an apostrophe that guards nothing was typed by somebody, and stays."""
    return cell[1:] if cell.startswith("'") and cell.startswith(DANGEROUS, 1) else cell


@dataclass(frozen=True, slots=True)
class Form:
    """How an original of delimited text is written; the defaults are for originals that are none."""

    encoding: str = "utf-8"  # a codec that writes no byte-order mark
    mark: bool = False  # that encoding's byte-order mark stands at the beginning
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None  # what takes a quote's meaning away, beside another quote
    spaced: bool = False  # blanks after a delimiter belong to no cell: `a, "b"`
    quote_all: bool = False  # every cell in quotes
    line_end: str = "\n"
    sep_line: bool = False  # the first line says `sep=;` and is no row


class RawRow(NamedTuple):
    """A row of delimited text as it stands in the file."""

    row: int
    text: str  # without the line end after it
    line_end: str  # that line end; "" where the file ends without one
    cells: Sequence[str]  # what it reads as; () is a blank line


_MARK = re.compile(r"(\d{1,9})(?: of sheet (\d{1,4}))?", re.ASCII)


def row_mark(row: RowId) -> str:
    """What `importer_row` says: `17`, or `17 of sheet 2` where the run had several. No program takes it for a date."""
    return f"{row.row} of sheet {row.sheet + 1}" if row.sheet else str(row.row)


def read_mark(cell: str) -> RowId | None:
    """The row that `importer_row` names; None where it names none."""
    found = _MARK.fullmatch(cell.strip())
    return RowId(int(found[2]) - 1 if found[2] else 0, int(found[1])) if found else None


class Stored(enum.StrEnum):
    """What a cell of a workbook stores."""

    TEXT = "text"
    NUMBER = "number"  # dates and times too: their format alone says so
    TRUTH = "truth"
    ERROR = "error"  # #N/A and its like
    NOTHING = "nothing"  # a blank cell with a format


class StoredCell(NamedTuple):
    """A cell of a workbook, without its dress. A formula is the value that was seen."""

    kind: Stored
    value: str  # text; the digits of a number as they are stored; "1" or "0"; "#REF!"
    form: int | str = 0  # number format: the number of a built-in one, or its code


class StoredRow(NamedTuple):
    """A row of a workbook: its row number, and cells by 0-based column."""

    row: int
    cells: Mapping[int, StoredCell]


class ColumnLayout(NamedTuple):
    """What a worksheet says of some neighbouring columns; 0-based, both ends included."""

    first: int
    last: int
    width: float | None = None  # in characters, as files of Office Open XML count
    hidden: bool = False
    form: int | str = 0  # number format of cells that have none of their own


@dataclass(frozen=True, slots=True)
class Layout:
    """How a worksheet looks."""

    worksheet: str
    columns: tuple[ColumnLayout, ...] = ()
    epoch_1904: bool = False  # days are counted from 1904-01-01
