"""What every workbook sheet has in common: header, columns, blank rows, hidden rows and columns, chunks."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.problems import Problem
from importer.rejects import Layout, Stored, StoredCell, StoredRow
from importer.sheets.delimited.damage import damage, is_damaged
from importer.sheets.header import Header, column_index, column_letter, listed, read_header, tidy
from importer.sheets.heading import LOOKED_AT_ROWS, find_header
from importer.sheets.sheet import ROWS_A_CHUNK, Sheet, build_chunk
from importer.sheets.workbook.cells import Cell
from importer.sheets.workbook.choice import AnyTab, choose_worksheet
from importer.sheets.workbook.rows import Finds, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from importer.records import Chunk, SheetOptions

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
AS_TEXT = 49  # the built-in number format of text
AS_DATE = 14  # that of a day


class GridSheet(Sheet):
    """A worksheet as rows of cells with gaps; subclasses read the rows."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Rows with at least one filled cell, ascending. Raises SheetError."""

    @property
    @abstractmethod
    def finds(self) -> Finds:
        """What was found beside cells; complete once all rows were read."""

    def choose(
        self, worksheets: Sequence[AnyTab], stated: str | None, rows: Callable[[AnyTab], Iterator[Row]], *, book: str
    ) -> AnyTab:
        """The worksheet to read: the sheet is called after it. `rows`: of any of them. Raises SheetError."""
        chosen = choose_worksheet(
            worksheets, stated, book=book, filled=lambda one: any(True for _ in rows(one)), note=self.note
        )
        self.worksheet = chosen.name
        self.label = f"{book}[{chosen.name}]"
        return chosen

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Whatever goes wrong in here, nothing is kept open."""
        try:
            yield
        except BaseException:  # whatever it is; raised again
            self.close()
            raise

    def note_results(self) -> None:
        """The file asks to be calculated when it is opened: stored results are read, and doubted."""
        if results := self.finds.results:
            self.note(
                f"Results of formulas ({results:,}) are read as they are stored, but the file asks to be calculated"
                " anew: a program may have written them without calculating. Open and save it to be sure."
            )

    def prepare(self, options: SheetOptions) -> None:
        """Find the header and the columns. Raises SheetError where there is none, or nothing below it."""
        self._skip_hidden = options.hidden == "skip"
        head = self._find_head(options.header)
        self._header_row = head.number
        cells = self._with_merged(head)
        wanted = {
            column for column, cell in enumerate(cells) if not tidy(cell)
        }  # without a name: do they hold anything?
        filled: set[int] = set()
        below = False
        for row in self.rows():
            if row.number <= head.number:
                continue
            below = True
            filled |= wanted & row.texts.keys()
            if filled == wanted:
                break
        if not below:
            raise SheetError(
                f"{self.label} has a header in row {head.number} and no rows below it.",
                advice="There is nothing to import.",
            )
        self._header = read_header(cells, filled, where=f"{self.label}, header in row {head.number}")
        for note in self._header.notes:
            self.note(note)
        for column, cell in head.damage.items():
            shown = f"shows {cell.text}" if cell.text else "is a formula without a stored result"
            self.note(f"The header's cell {column_letter(column)}{head.number} {shown}: its name is damaged.")
        told = self.finds.hidden_columns  # a damaged file has cells beyond the last column that there can be
        hidden = [column for column in self._header.positions if column < len(told) and told[column]]
        if hidden:
            letters = listed([column_letter(column) for column in hidden])
            what = "left out" if self._skip_hidden else "read like the others"
            self.note(f"Hidden columns were {what}: {letters}.")
        if hidden and self._skip_hidden:
            kept = [at for at, position in enumerate(self._header.positions) if position not in hidden]
            names = tuple(self._header.names[at] for at in kept)
            self._header = replace(
                self._header, names=names, positions=tuple(self._header.positions[at] for at in kept)
            )

    def merges(self) -> list[str]:
        """The merged ranges, known before all rows were read: `A1:B1`. Empty where merging hides no name."""
        return []

    def _with_merged(self, head: Row) -> list[str]:
        """The header's cells; one that is merged with cells above it is called what stands in the first of them."""
        texts = dict(head.texts)
        above = [] if head.number == 1 else [found for found in map(_RANGE.fullmatch, self.merges()) if found]
        wanted = {
            (int(found[2]), column_index(found[1]))
            for found in above
            if int(found[2]) < head.number <= int(found[4]) and column_index(found[1]) not in texts
        }
        if wanted:
            for row in self.rows():
                if row.number >= head.number:
                    break
                texts |= {
                    column: row.texts[column]
                    for number, column in wanted
                    if number == row.number and column in row.texts
                }
        return _up_to_last(head._replace(texts=texts))

    @property
    def layout(self) -> Layout:
        """How the worksheet looks; its name alone where more is not known."""
        return Layout(self.worksheet)

    def stored(self, rows: Iterable[int]) -> Iterator[StoredRow]:
        """These rows as they are stored; row numbers ascend. A row that the file leaves out has no cells.

        A row number is taken from `rows` only once those before it were handed out. Raises SheetError.
        """
        every = self.stored_rows()
        found = next(every, None)
        for row in rows:
            while found is not None and found.row < row:
                found = next(every, None)
            yield found if found is not None and found.row == row else StoredRow(row, {})
        self.check_same()

    def stored_rows(self) -> Iterator[StoredRow]:
        """All rows as they are stored; where the reader knows texts alone, as texts."""
        for row in self.rows():
            yield StoredRow(
                row.number, {column: stored_text(text, row.damage.get(column)) for column, text in row.texts.items()}
            )

    @property
    def columns(self) -> Header:
        """The columns that are read."""
        return self._header

    @property
    def header_row(self) -> int:
        """Row number of the header."""
        return self._header_row

    def chunks(self, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        """All rows below the header; blank rows between others too, those at the end not."""
        self._hidden_rows, self._beyond, self._blank, self._first_blank = 0, "", 0, 0
        batch: list[Row] = []
        for row in self._with_gaps():
            batch.append(row)
            if len(batch) >= rows:
                yield self._chunk(batch)
                batch = []
        if batch:
            yield self._chunk(batch)
        self._tell()

    def _with_gaps(self) -> Iterator[Row]:
        """Rows below the header; those that the file leaves out between others as blank ones."""
        self._last_row, expected = self._header_row, self._header_row + 1
        gaps: list[range] = []  # blank rows, which are rows once another follows them
        for row in self.rows():
            if row.number <= self._header_row:
                continue
            self._hidden_rows += row.hidden
            if expected < row.number:
                gaps.append(range(expected, row.number))
            self._last_row, expected = row.number, row.number + 1
            if row.hidden and self._skip_hidden:
                continue
            for gap in gaps:
                self._blank, self._first_blank = self._blank + len(gap), self._first_blank or gap.start
                for number in gap:
                    yield Row(number, {}, {}, hidden=False)
            gaps.clear()
            yield row

    def _chunk(self, rows: list[Row]) -> Chunk:
        width = self._header.width
        names = dict(zip(self._header.positions, self._header.names, strict=True))
        problems = [
            Problem(row.number, cell.slug, names[column], cell.text, detail=cell.detail)
            for row in rows
            for column, cell in row.damage.items()
            if column in names
        ]
        if not self._beyond:
            for row in rows:
                if row.texts and (last := max(row.texts)) >= width:
                    self._beyond = f"row {row.number}, column {column_letter(last)}"
                    break
        columns, blanks = range(width), [""] * width
        cells = [list(map(row.texts.get, columns, blanks)) for row in rows]
        if is_damaged("".join(map("".join, cells))):
            for row, texts in zip(rows, cells, strict=True):
                problems.extend(damage(texts, row.number, self._header))
        return build_chunk(self.number, self._header, cells, numbers=[row.number for row in rows], problems=problems)

    def _tell(self) -> None:
        if (blank := self.finds.last_row - self._last_row) > 0:
            self.note(f"Blank rows at the end were left out: {blank:,}, from row {self._last_row + 1} on.")
        if self._blank:
            rows = "1 blank row stands" if self._blank == 1 else f"{self._blank:,} blank rows stand"
            self.note(
                f"{rows} between others, first row {self._first_blank}; what follows is read as more of the same table."
            )
        if self._beyond:
            self.note(f"Cells to the right of the last column with a header were left out, first in {self._beyond}.")
        if hidden := self._hidden_rows:
            what = "left out" if self._skip_hidden else "read like the others"
            rows = "1 hidden row was" if hidden == 1 else f"{hidden:,} hidden rows were"
            self.note(f"{rows} {what}; `sheet: {{hidden: skip | read}}` decides.")
        if row := self.finds.shortened:
            self.note(
                "Numbers of 12 digits and more without a format, which programs show as 9.19877E+11, are read with all"
                f" their digits, first in row {row}."
            )
        if merges := self.finds.merges:
            shown = ", ".join(self.finds.merged) + (", …" if merges > len(self.finds.merged) else "")
            ranges = "1 merged range" if merges == 1 else f"{merges:,} merged ranges"
            self.note(f"{ranges} ({shown}): only the first cell of each holds its value.")
        if covered := self.finds.covered:
            cells = "1 cell that lies" if covered == 1 else f"{covered:,} cells that lie"
            self.note(
                f"{cells} hidden below merged ones was read too."
                if covered == 1
                else f"{cells} hidden below merged ones were read too."
            )

    def _find_head(self, stated: int | None) -> Row:
        """The header's row: the stated one, or the first that holds anything."""
        if stated is None:
            first = list(islice(self.rows(), LOOKED_AT_ROWS))
            if not first:
                raise SheetError(f"{self.label} is empty.", advice="Name another worksheet: `sheet: {name: …}`.")
            filled = [(row.number, _up_to_last(row)) for row in first]
            stated, sentence = find_header(filled, name=self.label, sparse=True)
            if sentence:
                self.note(sentence)
        for row in self.rows():
            if row.number == stated:
                return row
            if row.number > stated:
                break
        raise SheetError(
            f"{self.label}: row {stated} is blank, so it holds no header.",
            advice="Correct `header:` in the mapping.",
        )


def _up_to_last(row: Row) -> list[str]:
    """A row's cells up to the last that is filled."""
    return [row.texts.get(column, "") for column in range(max(row.texts) + 1)]


def stored_text(text: str, damage: Cell | None) -> StoredCell:
    """A text as a cell; a damaged one so that it is read as damaged again."""
    if damage is None:
        return StoredCell(Stored.TEXT, text, AS_TEXT)
    if damage.slug in {"excel-error", "formula-without-result"}:
        return StoredCell(Stored.ERROR, text)
    return StoredCell(Stored.NUMBER, text, AS_DATE if damage.slug == "date-impossible" else 0)
