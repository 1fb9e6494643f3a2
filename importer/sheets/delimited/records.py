"""Cuts text into records, each with its row number and the physical line on which it begins.

One reader for everything: Python's `csv` module in its strict mode, line by line, so that a record is never
skipped, joined or shifted in silence.

- A quote that is never closed, or closed so late that text follows it on another line, is a refusal: where
  the next record begins cannot be known.
- Text after a closing quote on the *same* line is a problem of that row alone: the next line is a new record.
"""

from __future__ import annotations

import csv
import gc
import io
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, Self

from importer.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from importer.sheets.delimited.dialect import Dialect
    from importer.sheets.source import Source

LONGEST_CELL = 1_000_000  # characters; more is a quote that was never closed
CHARACTERS_A_BATCH = 16_000_000  # bounds memory where cells are huge
ROWS_A_STEP, ROWS_A_FIRST_STEP = 1_000, 10  # after which characters are counted
CHARACTERS_A_STEP = 4_000_000
BUFFER_BYTES = 1 << 16
END_MARK = "\x1a"


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows of the file: `cells[i]` is row `first + i` and begins on physical line `lines[i]`."""

    first: int  # row number, counted from the file's first record, 1-based
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)  # [] is a blank line
    stray: dict[int, str] = field(default_factory=dict)  # row number -> why it cannot be trusted
    inside: list[int] = field(default_factory=list)  # row numbers of those that go over several physical lines
    pieces: list[str] = field(default_factory=list)  # the physical lines, with their line ends

    def text(self, place: int) -> str:
        """The record `cells[place]` as it stands in the file, with its line end."""
        start = self.lines[place] - self.lines[0]
        end = self.lines[place + 1] - self.lines[0] if place + 1 < len(self.lines) else None
        return "".join(self.pieces[start:end])


def csv_options(dialect: Dialect) -> dict[str, Any]:
    """A dialect as the `csv` module takes it."""
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "escapechar": dialect.escape,
        "doublequote": True,
        "skipinitialspace": dialect.space_after_delimiter,
        "strict": True,
    }


class RecordReader:
    """One pass over the records of a file; a context manager, for it holds the file open."""

    def __init__(self, source: Source, dialect: Dialect, bom_bytes: int) -> None:
        self._source = source
        self._dialect = dialect
        self._cleanup = ExitStack()
        stream = self._cleanup.enter_context(open_text(source, dialect.encoding, bom_bytes))
        self._pieces: list[str] = []  # physical lines of the batch that is being read
        self._line = 0  # physical lines in all batches before
        self._row = 0  # records read so far
        self._step = 1 if dialect.escape else ROWS_A_FIRST_STEP  # an escaped line end is in no cell: count singly
        csv.field_size_limit(LONGEST_CELL)  # of the process; nothing else in it reads CSV with longer cells
        lines = self._lines(stream)
        if dialect.sep_line and next(lines, ""):
            self._pieces.clear()
            self._line = 1
        self._reader = csv.reader(lines, **csv_options(dialect))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def take(self, rows: int, characters: int = CHARACTERS_A_BATCH) -> Batch:
        """The next rows: at most `rows`, or fewer once they hold `characters`; none at the end of the file.

        Raises:
            SheetError: from here on it cannot be told where records begin.
        """
        batch = Batch(self._row + 1)
        cells, pieces = batch.cells, self._pieces
        held = counted = 0  # characters, physical lines
        with collection_paused():
            while len(cells) < rows and held <= characters:
                done, before = len(cells), counted
                try:
                    cells.extend(islice(self._reader, min(self._step, rows - done)))
                except UnicodeDecodeError as error:  # the whole file was sound when it was opened
                    changed = f"{self._source.name} changed while it was read."
                    raise SheetError(changed, advice="Begin again.") from error
                except csv.Error as error:  # what was read before it is in `cells`
                    counted = self._number(batch, done, counted, None)
                    cells.append(self._salvaged(error, counted))
                    batch.stray[batch.first + len(cells) - 1] = f"text after a closing {self._dialect.quote}"
                    batch.lines.append(self._line + counted + 1)
                    counted += 1
                else:
                    if len(cells) == done:
                        break
                    counted = self._number(batch, done, counted, len(pieces))
                fresh = sum(map(len, pieces[before:]))
                held += fresh
                if not self._dialect.escape:
                    rows_read = len(cells) - done
                    self._step = max(1, min(ROWS_A_STEP, CHARACTERS_A_STEP * rows_read // max(1, fresh)))
        batch.pieces.extend(pieces)
        pieces.clear()
        self._line += counted
        self._row += len(cells)
        return batch

    def take_until(self, row: int) -> list[str] | None:
        """The cells of this row, reading on to it; None where the file ends before."""
        cells = None
        while self._row < row:
            batch = self.take(min(ROWS_A_STEP, row - self._row))
            if not batch.cells:
                return None
            cells = batch.cells[-1]
        return cells

    def _number(self, batch: Batch, done: int, counted: int, read: int | None) -> int:
        """Physical lines of the rows from place `done` on; how many lines that makes in all.

        `read` is how many must come out; a row has one more line than its cells hold line ends.
        """
        fresh = batch.cells[done:]
        first = self._line + counted + 1
        if read == counted + len(fresh):
            batch.lines.extend(range(first, first + len(fresh)))
            return read
        spans = [read - counted] if read and len(fresh) == 1 else [1 + line_ends(row) for row in fresh]
        for row, span in enumerate(spans, start=batch.first + done):
            batch.lines.append(self._line + counted + 1)
            counted += span
            if span > 1:
                batch.inside.append(row)
        assert read in (None, counted), "a line end was lost between the file and its cells"
        return counted

    def _lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        """Physical lines, remembered."""
        keep = self._pieces.append
        escape = _backslashes(self._dialect) if self._dialect.escape else None
        for line in _without_end_mark(stream) if self._dialect.end_mark else stream:
            keep(line)
            yield escape(line) if escape else line

    def _salvaged(self, error: csv.Error, counted: int) -> list[str]:
        """What can be known of a record that breaks the rules of quoting; refuses where its end cannot be."""
        reason = str(error)
        pieces = self._pieces[counted:]
        quote, start = self._dialect.quote, self._line + counted + 1
        where = f"{self._source.name}, line {start}"
        opened = self._opened("".join(pieces), start)
        if "field limit" in reason:
            raise SheetError(
                f"{where}: a cell has more than {LONGEST_CELL:,} characters.{opened}",
                advice=f"Look for a {quote} without its partner from there on.",
            ) from error
        if "unexpected end of data" in reason:
            raise SheetError(
                f"{where}: a quote is opened and never closed.{opened}",
                advice=f"Close it or take it out; a quote inside a quoted cell is written {quote}{quote}.",
            ) from error
        if len(pieces) > 1:
            raise SheetError(
                f"{where}: a quoted cell is closed on line {start + len(pieces) - 1},"
                f" and text follows its closing quote.{opened}",
                advice=f"Look for a {quote} without its partner in line {start}.",
            ) from error
        lenient = csv.reader(pieces, **{**csv_options(self._dialect), "strict": False})
        return next(lenient, [])

    def _opened(self, text: str, start: int) -> str:
        """On which line the last quote of an unfinished record was opened, where that is not its first."""
        quote, delimiter = re.escape(self._dialect.quote), re.escape(self._dialect.delimiter)
        begins = [match.start() for match in re.finditer(f"(?:^|{delimiter}){quote}", text)]
        line = start + line_ends([text[: begins[-1]]]) if begins else start
        return f" It is opened on line {line}." if line != start else ""


def _without_end_mark(lines: Iterator[str]) -> Iterator[str]:
    """Lines save for one at the end that is DOS's end-of-file mark alone; elsewhere such a line stays."""
    marks = 0  # such lines, held back
    for line in lines:
        if line == END_MARK:
            marks += 1
            continue
        yield from repeat(END_MARK, marks)
        marks = 0
        yield line


def line_ends(cells: list[str]) -> int:
    """How many line ends cells hold, CR LF being one."""
    text = ",".join(cells)
    return text.count("\n") + text.count("\r") - text.count("\r\n")


@contextmanager
def open_text(source: Source, encoding: str, bom_bytes: int) -> Iterator[io.TextIOWrapper]:
    """The file's text after its byte-order mark, strictly decoded, line ends as they are."""
    with source.file.open("rb", buffering=BUFFER_BYTES) as stream:
        stream.seek(bom_bytes)
        with io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="") as text:
            yield text


@contextmanager
def collection_paused() -> Iterator[None]:
    """Without the cycle collector, which would look at each of 10,000 fresh lists: rows make no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _backslashes(dialect: Dialect) -> Callable[[str], str]:
    """Keeps an escape that escapes nothing, as in a Windows path: `csv` would drop it."""
    escape = re.escape(str(dialect.escape))
    special = re.escape(dialect.quote) + re.escape(dialect.delimiter) + escape + "\r\n"
    lone = re.compile(f"{escape}([{special}])|{escape}")
    doubled = str(dialect.escape) * 2
    return lambda line: lone.sub(lambda match: match.group(0) if match.group(1) else doubled, line)
