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
from typing import TYPE_CHECKING, Any, Self

from importer.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from importer.sheets.delimited.dialect import Dialect
    from importer.sheets.source import Source

LONGEST_CELL = 1_000_000  # characters; more is a quote that was never closed
CHARACTERS_A_BATCH = 16_000_000  # bounds memory where cells are huge
BUFFER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows of the file: `cells[i]` is row `first + i` and begins on physical line `lines[i]`."""

    first: int  # row number, counted from the file's first record, 1-based
    lines: list[int]
    cells: list[list[str]]  # [] is a blank line
    stray: dict[int, str]  # row number -> why it cannot be trusted
    inside: list[int] = field(default_factory=list)  # rows that go over several physical lines


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
        self._pieces: list[str] = []  # physical lines of the record that is being read
        self._line = 0  # physical lines read so far
        self._row = 0  # records read so far
        csv.field_size_limit(LONGEST_CELL)  # of the process; nothing else in it reads CSV with longer cells
        lines = self._lines(stream)
        if dialect.sep_line:
            next(lines, "")
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
        batch = Batch(self._row + 1, [], [], {})
        add_cells, add_line, pieces = batch.cells.append, batch.lines.append, self._pieces
        held = 0
        with collection_paused():
            for _ in range(rows):
                pieces.clear()
                start = self._line + 1
                try:
                    cells = next(self._reader)
                except StopIteration:
                    break
                except UnicodeDecodeError as error:  # the whole file was sound when it was opened
                    raise SheetError(
                        f"{self._source.name} changed while it was read.", advice="Begin again."
                    ) from error
                except csv.Error as error:
                    cells, batch.stray[self._row + 1] = self._salvaged(error, start)
                self._row += 1
                add_cells(cells)
                add_line(start)
                held += len(pieces[0])
                if self._line > start:
                    held += sum(map(len, pieces))
                    batch.inside.append(self._row)
                if held > characters:
                    break
        return batch

    @property
    def text(self) -> str:
        """The record that was read last, as it stands in the file, with its line end."""
        return "".join(self._pieces)

    def _lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        """Physical lines, counted and remembered."""
        keep = self._pieces.append
        escape = _backslashes(self._dialect) if self._dialect.escape else None
        for line in stream:
            self._line += 1
            keep(line)
            yield escape(line) if escape else line

    def _salvaged(self, error: csv.Error, start: int) -> tuple[list[str], str]:
        """What can be known of a record that breaks the rules of quoting; refuses where its end cannot be."""
        reason = str(error)
        name, quote = self._source.name, self._dialect.quote
        where = f"{name}, line {start}"
        if "field limit" in reason:
            raise SheetError(
                f"{where}: a cell has more than {LONGEST_CELL:,} characters.{self._opened(start)}",
                advice=f"Look for a {quote} without its partner from there on.",
            ) from error
        if "unexpected end of data" in reason:
            raise SheetError(
                f"{where}: a quote is opened and never closed.{self._opened(start)}",
                advice=f"Close it or take it out; a quote inside a quoted cell is written {quote}{quote}.",
            ) from error
        if self._line > start:
            raise SheetError(
                f"{where}: a quoted cell is closed on line {self._line}, and text follows its closing quote."
                f"{self._opened(start)}",
                advice=f"Look for a {quote} without its partner in line {start}.",
            ) from error
        lenient = csv.reader([self.text], **{**csv_options(self._dialect), "strict": False})
        return next(lenient, []), f"text after a closing {quote}"

    def _opened(self, start: int) -> str:
        """On which line the last quote of an unfinished record was opened, where that is not its first."""
        quote = re.escape(self._dialect.quote)
        begins = [
            match.start()
            for match in re.finditer(f"(?:^|{re.escape(self._dialect.delimiter)}){quote}", self.text)
        ]
        line = start + len(re.findall("\r\n|\r|\n", self.text[: begins[-1]])) if begins else start
        return f" It is opened on line {line}." if line != start else ""


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
