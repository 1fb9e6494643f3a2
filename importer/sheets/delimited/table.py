"""A sheet of delimited text: CSV, TSV and their relatives."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.problems import Problem
from importer.rejects import ADDED, RawRow, unguard
from importer.sheets.delimited.damage import CONTROL, damage
from importer.sheets.delimited.detection import detect
from importer.sheets.delimited.dialect import LINE_ENDS, Dialect
from importer.sheets.delimited.records import Batch, RecordReader, collection_paused
from importer.sheets.delimited.survey import survey
from importer.sheets.header import Header, read_header, tidy
from importer.sheets.heading import LOOKED_AT_ROWS, find_header
from importer.sheets.sheet import ROWS_A_CHUNK, Sheet, build_chunk, fit_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from importer.records import Chunk, SheetOptions
    from importer.sheets.source import Source

MOST_COLUMNS = 16_384  # as in spreadsheet programs


def open_delimited(source: Source, options: SheetOptions, number: int) -> DelimitedSheet:
    """The sheet in a file of delimited text.

    Raises:
        SheetError: it cannot be read without loss, or holds no rows.
    """
    return DelimitedSheet(source, options, number)


class DelimitedSheet(Sheet):
    """Reads from the file again for each pass; holds one chunk at a time."""

    def __init__(self, source: Source, options: SheetOptions, number: int) -> None:
        super().__init__(source.path, number=number, digest=source.digest)
        self.label = source.name
        self._source = source
        self._survey = survey(source, options.encoding)
        self._dialect, concluded = detect(source, self._survey, options)
        self.note(f"Read as {self._dialect} (encoding {self._survey.evidence}).")
        for sentence in concluded:
            self.note(sentence)
        if len(self._survey.line_ends) > 1:
            kinds = ", ".join(f"{count:,} {LINE_ENDS[end]}" for end, count in self._survey.line_ends.items())
            self.note(f"Line breaks are of several kinds: {kinds}; those in quoted cells stay as they are.")
        if self._survey.end_mark:
            self.note("The last line is an end-of-file mark of DOS; it is no row.")
        if self._survey.twice_encoded:
            self.note(
                f"Text seems to have been encoded twice, first in line {self._survey.twice_encoded}"
                " (such as JosÃ© for José): compare those cells with the source."
            )
        self._header_row = self._find_header(options.header)
        self._columns = self._read_columns()
        for sentence in self._columns.notes:
            self.note(sentence)
        self._guarded = ADDED[0] in self._columns.names
        if self._guarded:
            self.note(
                "This is a file of rejects: what was added to it is not imported, guarded cells are as they were."
            )

    @property
    def columns(self) -> Header:
        """The columns that are read."""
        return self._columns

    @property
    def header_row(self) -> int:
        """Row number of the header."""
        return self._header_row

    @property
    def dialect(self) -> Dialect:
        """How the file is written."""
        return self._dialect

    def chunks(self, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        """All rows below the header, in file order.

        Raises:
            SheetError: a quote makes it impossible to tell where the next row begins, or the file changed.
        """
        blank_lines, first_blank = array("q"), 0  # of blank rows that may turn out to be the last
        spanning = 0
        with self._reader() as reader:
            self._skip_to_data(reader)
            while True:
                with collection_paused():  # until the rows are a frame: they would be looked at once more
                    batch = reader.take(rows)
                    filled = _filled(batch.cells)
                    chunk = self._chunk(batch, filled) if filled else None
                    first, lines, inside = batch.first + filled, batch.lines[filled:], batch.inside
                    if not batch.cells:
                        break
                    del batch
                spanning = spanning or next(iter(inside), 0)
                if chunk is not None:
                    yield from self._blank_chunks(first_blank, blank_lines, rows)
                    del blank_lines[:]
                    yield chunk
                if not blank_lines:
                    first_blank = first
                blank_lines.extend(lines)
        self._source.check_unchanged()
        if blank_lines:
            self.note(f"Blank rows at the end were left out: {len(blank_lines):,}, from row {first_blank} on.")
        if spanning:
            self.note(f"Quoted cells hold line breaks, first in row {spanning}: from there lines are ahead of rows.")

    def raw(self, rows: Iterable[int]) -> Iterator[RawRow]:
        """These rows exactly as they stand in the file; row numbers ascend, and count from the file's first record.

        A row number is taken from `rows` only once those before it were handed out.

        Raises:
            SheetError: the file changed since it was opened.
        """
        wanted = iter(rows)
        row = next(wanted, None)
        with self._reader() as reader:
            while row is not None:
                batch = reader.take(ROWS_A_CHUNK)
                if not batch.cells:
                    raise self._source.changed()
                while row is not None and row < batch.first + len(batch.cells):
                    text = batch.text(row - batch.first)
                    bare = _without_line_end(text)
                    yield RawRow(row, bare, text[len(bare) :], batch.cells[row - batch.first])
                    row = next(wanted, None)
        self._source.check_unchanged()

    def _reader(self) -> RecordReader:
        return RecordReader(self._source, self._dialect, self._survey.bom_bytes)

    def _skip_to_data(self, reader: RecordReader) -> list[str]:
        """Read on to the end of the header row; its cells."""
        return reader.take_until(self._header_row) or []

    def _find_header(self, stated: int | None) -> int:
        """Row number of the header."""
        with self._reader() as reader:
            if stated is None:
                row, sentence = find_header(enumerate(reader.take(LOOKED_AT_ROWS).cells, start=1), name=self.label)
                if sentence:
                    self.note(sentence)
                return row
            if stated < 1 or reader.take_until(stated) is None:
                raise SheetError(
                    f"{self.label} has no row {stated}, where the header should be.",
                    advice="Correct `header:` in the mapping.",
                )
            return stated

    def _read_columns(self) -> Header:
        """The columns, once it is known that rows follow and which nameless columns hold cells."""
        where = f"{self.label}, header in row {self._header_row}"
        with self._reader() as reader:
            heading = self._skip_to_data(reader)
            if len(heading) > MOST_COLUMNS:
                raise SheetError(f"{where}: {len(heading):,} columns; a sheet has {MOST_COLUMNS:,} at most.")
            for cell in heading:
                if CONTROL.search(tidy(cell)):
                    raise SheetError(f"{where}: {cell!r} holds a control character.", advice="Export the file again.")
            wanted = {position for position, cell in enumerate(heading) if not tidy(cell)}
            filled: set[int] = set()
            rows = False
            while (batch := reader.take(ROWS_A_CHUNK)).cells:
                rows = rows or _filled(batch.cells) > 0
                filled.update(p for p in wanted - filled if any(len(cells) > p and cells[p] for cells in batch.cells))
                if rows and filled == wanted:
                    break
        if not rows:
            raise SheetError(
                f"{self.label} has a header in row {self._header_row} but no rows below it.",
                advice="Export it again, or say where the header stands: `sheet: {header: N}`.",
            )
        return read_header(heading, filled, where=where)

    def _chunk(self, batch: Batch, count: int) -> Chunk:
        """The first `count` rows of a batch as a chunk, with what is wrong with them."""
        width = self._columns.width
        cells = batch.cells[:count]
        problems = [Problem(row, "stray-quote", detail=why) for row, why in batch.stray.items()]
        if set(map(len, cells)) != {width}:
            for place, row in enumerate(cells):
                if len(row) != width:
                    cells[place], problem = fit_row(row, width, batch.first + place)
                    problems += [problem] if problem and problem.row not in batch.stray else []
        if self._guarded:
            cells = [[unguard(cell) for cell in row] for row in cells]
        if self._survey.damaged:
            for number, row in enumerate(cells, start=batch.first):
                problems += damage(row, number, self._columns)
        return build_chunk(
            self.number,
            self._columns,
            cells,
            numbers=range(batch.first, batch.first + count),
            lines=batch.lines[:count],
            problems=sorted(problems, key=lambda problem: problem.row),
        )

    def _blank_chunks(self, first: int, lines: array[int], rows: int) -> Iterator[Chunk]:
        """Blank rows that turned out not to be the last."""
        for start in range(0, len(lines), rows):
            part = lines[start : start + rows].tolist()
            yield self._chunk(Batch(first + start, part, [[] for _ in part]), len(part))


def _filled(rows: list[list[str]]) -> int:
    """How many rows there are up to the last that is not blank."""
    count = len(rows)
    while count and not any(rows[count - 1]):
        count -= 1
    return count


def _without_line_end(text: str) -> str:
    """A record without the line end after it; those in its cells stay."""
    return text[:-2] if text.endswith("\r\n") else text[:-1] if text.endswith(("\n", "\r")) else text
