"""What every kind of sheet is to the rooms that follow: named columns of text in numbered rows, by chunks."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from importer.problems import Problem
from importer.records import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from importer.rejects import Layout, StoredRow
    from importer.sheets.delimited.dialect import Dialect
    from importer.sheets.header import Header
    from importer.sheets.source import Source

ROWS_A_CHUNK = 10_000
PROVES_A_HEADER = 2  # different names
BROKEN = re.compile("[\ud800-\udfff]")  # half of a surrogate pair


class Sheet(ABC):
    """One incoming table. Reading it again gives the same; a `with` block clears away what was unpacked.

    `chunks()` may raise SheetError where only reading on shows that the file cannot be read without loss.
    """

    def __init__(self, path: str, *, number: int, digest: str, worksheet: str = "") -> None:
        self.path = path
        self.number = number  # 0-based, within the run
        self.digest = digest  # SHA-256, hex, of the file's bytes as they lie on disk
        self.worksheet = worksheet  # "" for delimited text
        name = PurePath(path).name or path
        self.label = f"{name}[{worksheet}]" if worksheet else name
        self._cleanup = ExitStack()  # what close() undoes: open files, spools
        self._origin: Source | None = None
        self._notes: dict[str, None] = {}  # sentences in the order in which they came up, each once

    @property
    @abstractmethod
    def columns(self) -> Header:
        """The columns that are read, and where they stand in the file."""

    @property
    @abstractmethod
    def header_row(self) -> int:
        """Row number of the header; 0 where the file names its columns otherwise (Parquet, JSON Lines)."""

    @abstractmethod
    def chunks(self, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        """All rows below the header, at most `rows` a chunk; blank rows too, but none at the end."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns: unique, not blank."""
        return self.columns.names

    @property
    def dialect(self) -> Dialect | None:
        """How delimited text is written; None for every other kind of file."""
        return None

    @property
    def layout(self) -> Layout | None:
        """How a worksheet looks; None for every other kind of file."""
        return None

    def stored(self, rows: Iterable[int]) -> Iterator[StoredRow]:
        """These rows of a workbook as they are stored; asked only where there is a layout."""
        raise NotImplementedError

    @property
    def notes(self) -> tuple[str, ...]:
        """What was detected, hidden or dropped, in sentences; complete once all chunks were read."""
        return tuple(self._notes)

    def check_same(self) -> None:
        """Compare the file with what it was when it was opened; its digest decides. Raises SheetError."""
        if self._origin is not None:
            self._origin.check_same()

    def comes_from(self, origin: Source) -> None:
        """Remember where the bytes lie."""
        self._origin = origin

    def note(self, sentence: str) -> None:
        """Remember what the plan should tell; saying it again changes nothing."""
        self._notes[sentence] = None

    def close(self) -> None:
        """Close and clear away what reading needed; harmless when done twice."""
        self._cleanup.close()

    def close_also(self, cleanup: ExitStack) -> None:
        """Let `close()` clear this away too, after what the sheet itself holds open."""
        own, self._cleanup = self._cleanup, ExitStack()
        self._cleanup.push(cleanup)
        self._cleanup.push(own)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def build_chunk(
    sheet: int,
    header: Header,
    rows: Sequence[Sequence[str]],
    *,
    numbers: Sequence[int],
    lines: Sequence[int] | None = None,
    problems: Sequence[Problem] = (),
) -> Chunk:
    """Some rows as a chunk.

    Args:
        sheet: 0-based number of the sheet within the run.
        header: the columns to read.
        rows: each with exactly `header.width` cells, a blank one being "" (see `fit_row`).
        numbers: the row number of each, ascending.
        lines: the physical line on which each begins; None: the row numbers.
        problems: what is wrong with these rows already in the file.
    """
    index = pd.Index(np.asarray(numbers, dtype=np.int64), name="row")
    problems = [*problems, *_repeated(rows, header, numbers)]
    kept = rows if header.gapless else [[cells[place] for place in header.positions] for cells in rows]
    names = pd.Index(header.names, dtype="str")
    try:
        cells = pd.DataFrame(kept, columns=names, index=index, dtype="str")
    except UnicodeEncodeError:  # where frames are arrow's; plain ones hold anything, and validation finds it
        kept, broken = _without_halves(kept, header, numbers)
        problems = [*problems, *broken]
        cells = pd.DataFrame(kept, columns=names, index=index, dtype="str")
    starts = np.asarray(numbers if lines is None else lines, dtype=np.int64)
    return Chunk(sheet=sheet, cells=cells, lines=pd.Series(starts, index=index, name="line"), problems=tuple(problems))


def _repeated(rows: Sequence[Sequence[str]], header: Header, numbers: Sequence[int]) -> list[Problem]:
    """A problem for each row that is the header again, as where sheets were put together; one name alone proves none."""
    written = list(header.written[: header.width])
    if len({*written} - {""}) < PROVES_A_HEADER or written not in rows:
        return []
    return [Problem(number, "header-again") for number, row in zip(numbers, rows, strict=True) if row == written]


def _without_halves(
    rows: Sequence[Sequence[str]], header: Header, numbers: Sequence[int]
) -> tuple[list[list[str]], list[Problem]]:
    """The rows with U+FFFD for each half of a surrogate pair, which no frame and no JSON can hold, and its problem."""
    problems = [
        Problem(number, "broken-character", name, BROKEN.sub("\ufffd", cell))
        for number, row in zip(numbers, rows, strict=True)
        for name, cell in zip(header.names, row, strict=True)
        if BROKEN.search(cell)
    ]
    return [[BROKEN.sub("\ufffd", cell) for cell in row] for row in rows], problems


def fit_row(cells: list[str], width: int, row: int) -> tuple[list[str], Problem | None]:
    """The row with exactly `width` cells, and what is wrong where it had fewer, or more that are not blank.

    A row without a single filled cell is blank, not short.
    """
    if len(cells) == width:
        return cells, None
    if len(cells) < width:
        full = [*cells, *[""] * (width - len(cells))]
        if not any(cells):
            return full, None
        return full, Problem(row, "row-too-short", detail=f"{_cells(len(cells))} where {width} are expected")
    extra = cells[width:]
    if not any(extra):
        return cells[:width], None
    filled = next(cell for cell in extra if cell)
    detail = f"{_cells(len(cells))} where {width} are expected"
    return cells[:width], Problem(row, "row-too-long", value=filled, detail=detail)


def _cells(count: int) -> str:
    """A number of cells in words."""
    return "1 cell" if count == 1 else f"{count} cells"
