"""The XML of an OpenDocument worksheet as rows of cells: nothing is held but the row at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from importer.sheets.header import column_letter
from importer.sheets.workbook.cells import Cell, number_cell, shown_shortened
from importer.sheets.workbook.formats import NumberFormat, Shape
from importer.sheets.workbook.moments import duration_cell, iso_moment
from importer.sheets.workbook.open_document_styles import URN, Styles
from importer.sheets.workbook.rows import MOST_COLUMNS, MOST_ROWS, Finds, Row
from importer.sheets.workbook.strings import LONGEST_TEXT, refuse_entities

OFFICE, TABLE, TEXT = (f"{URN}{name}:1.0}}" for name in ("office", "table", "text"))
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
MOST_REPEATED = 20_000_000  # filled cells that repetition makes of one
ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:[0-9]+")
BLANKS = re.compile("[ \t\r\n]+")
HARD_SPACE = "\0"  # stands for <text:s/> until blanks have been drawn together; XML cannot hold it
UNSEEN = frozenset({f"{OFFICE}annotation", f"{TEXT}ruby-text", f"{TEXT}note", f"{TABLE}table", f"{TABLE}shapes"})
PARAGRAPHS = frozenset({f"{TEXT}p", f"{TEXT}h"})
PERCENT = NumberFormat(Shape.PERCENT)


class TableReading:
    """Reads the table at one place; None: only the names of all. Raises ValueError and expat's error."""

    def __init__(self, styles: Styles, place: int | None) -> None:
        self._styles, self._wanted = styles, place
        self.tables: list[tuple[str, str]] = []  # name and style of each
        self.finds = Finds()
        self.over = False
        self._ready: list[Iterator[Row]] = []
        self._row, self._column, self._next_column = 0, 0, 0
        self._rows_repeat, self._row_style, self._row_hidden = 1, "", False
        self._columns: list[tuple[int, str]] = []  # the last 0-based column of each run, and its style
        self._groups_hidden = 0
        self._texts: dict[int, str] = {}
        self._damage: dict[int, Cell] = {}
        self._cell: dict[str, str] | None = None
        self._covered = False
        self._parts: list[str] = []
        self._paragraphs: list[str] = []
        self._in_paragraph = False
        self._unseen = 0  # elements that lie within one whose text is not the cell's
        self._made = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        refuse_entities(self._parser)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters

    def parse(self, piece: bytes) -> None:
        """The next piece; a blank one is the end."""
        self._parser.Parse(piece, not piece)

    def take(self) -> Iterator[Row]:
        """The rows that are ready."""
        for rows in self._ready:
            yield from rows
        self._ready.clear()

    @property
    def _here(self) -> bool:
        return self._wanted is not None and len(self.tables) - 1 == self._wanted and not self.over

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._unseen or (name in UNSEEN and self._cell is not None):
            self._unseen += 1
        elif name == f"{TABLE}table":
            self.tables.append((attributes.get(f"{TABLE}name", ""), attributes.get(f"{TABLE}style-name", "")))
        elif not self._here:
            return
        elif self._cell is not None:
            self._start_in_cell(name, attributes)
        elif name in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            self._cell, self._covered = attributes, name.endswith("covered-table-cell")
            self._column, self._next_column = self._next_column, self._next_column + _repeat(attributes, "columns")
            self._paragraphs.clear()
        elif name == f"{TABLE}table-row":
            self._row, self._rows_repeat = self._row + 1, _repeat(attributes, "rows")
            self._next_column = 0
            self._row_style = attributes.get(f"{TABLE}default-cell-style-name", "")
            self._row_hidden = self._groups_hidden > 0 or _collapsed(attributes)
            self._texts, self._damage = {}, {}
        elif name == f"{TABLE}table-column":
            self._start_column(attributes)
        elif name.endswith(("row-group", "column-group")):
            self._groups_hidden += attributes.get(f"{TABLE}display") == "false"

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = self._columns[-1][0] + 1 if self._columns else 0
        last = first + _repeat(attributes, "columns") - 1
        self._columns.append((last, attributes.get(f"{TABLE}default-cell-style-name", "")))
        if _collapsed(attributes) or self._groups_hidden:
            self.finds.hide(first, last)

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name in PARAGRAPHS:
            self._in_paragraph = True
            self._parts.clear()
        elif name == f"{TEXT}s":
            count = attributes.get(f"{TEXT}c", "1")
            self._parts.append(HARD_SPACE * (min(int(count), LONGEST_TEXT) if count.isdecimal() else 1))
        elif name == f"{TEXT}tab":
            self._parts.append("\1")
        elif name == f"{TEXT}line-break":
            self._parts.append("\2")
        elif not name.startswith(TEXT):  # a drawing or a form in the cell
            self._unseen += 1

    def _finish(self, name: str) -> None:
        if self._unseen:
            self._unseen -= 1
        elif not self._here:
            return
        elif name in PARAGRAPHS and self._cell is not None:
            self._in_paragraph = False
            self._paragraphs.append(_drawn_together("".join(self._parts)))
        elif name in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"} and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == f"{TABLE}table-row":
            self._end_row()
        elif name.endswith(("row-group", "column-group")):
            self._groups_hidden = max(0, self._groups_hidden - 1)
        elif name == f"{TABLE}table":
            self.over = True

    def _characters(self, text: str) -> None:
        if self._in_paragraph and not self._unseen:
            self._parts.append(text)

    def _end_cell(self, attributes: dict[str, str]) -> None:
        columns, rows = (_spanned(attributes, what) for what in ("columns", "rows"))
        if columns > 1 or rows > 1:
            last = f"{column_letter(self._column + columns - 1)}{self._row + rows - 1}"
            self.finds.merge(f"{column_letter(self._column)}{self._row}:{last}")
        cell = self._cell_of(attributes)
        if not cell.text and not cell.slug:
            return
        self.finds.covered += self._covered
        if len(cell.text) > LONGEST_TEXT:
            raise ValueError(f"a cell holds {len(cell.text):,} characters; {LONGEST_TEXT:,} are read at most")
        if self._next_column > MOST_COLUMNS:
            raise ValueError(f"row {self._row} has a cell beyond column XFD")
        for column in range(self._column, self._next_column):
            self._texts[column] = cell.text
            if cell.slug:
                self._damage[column] = cell

    def _cell_of(self, attributes: dict[str, str]) -> Cell:
        """What a cell shows, or the name of its damage."""
        kind = attributes.get(f"{OFFICE}value-type", "")
        shown = "\n".join(self._paragraphs)
        formula = f"{TABLE}formula" in attributes
        self.finds.results += formula and bool(kind)
        if attributes.get(f"{CALCEXT}value-type") == "error" or (formula and ERROR.fullmatch(shown)):
            return Cell(shown or "#N/A", "excel-error")
        if not kind:
            return Cell("", "formula-without-result") if formula and not shown else Cell(shown)
        if kind == "string":
            stated = attributes.get(f"{OFFICE}string-value")
            return Cell(shown if stated is None or self._paragraphs else stated)
        if kind == "boolean":
            return Cell("TRUE" if attributes.get(f"{OFFICE}boolean-value") == "true" else "FALSE")
        if kind == "date":
            return iso_moment(attributes.get(f"{OFFICE}date-value", ""))
        if kind == "time":
            return duration_cell(attributes.get(f"{OFFICE}time-value", ""))
        if kind not in {"float", "percentage", "currency"}:
            raise ValueError(f"row {self._row} has a cell of the unknown type {kind!r}")
        return self._number(attributes, kind)

    def _number(self, attributes: dict[str, str], kind: str) -> Cell:
        form = self._styles.form_of(attributes.get(f"{TABLE}style-name") or self._default_style())
        if kind == "percentage":
            form = PERCENT
        cell = number_cell(attributes.get(f"{OFFICE}value", ""), form, epoch_1904=False)
        if shown_shortened(cell, form):
            self.finds.shortened = self.finds.shortened or self._row
        return cell

    def _default_style(self) -> str:
        """The style of a cell that has none of its own: its row's, or its column's."""
        return self._row_style or next((style for last, style in self._columns if self._column <= last), "")

    def _end_row(self) -> None:
        first, texts = self._row, self._texts
        self._row += self._rows_repeat - 1
        if not texts:
            return
        if self._row > MOST_ROWS:
            raise ValueError(f"row {self._row} lies beyond the last, {MOST_ROWS:,}")
        self._made += len(texts) * self._rows_repeat
        if self._rows_repeat > 1 and self._made > MOST_REPEATED:
            raise ValueError(f"it repeats cells more than {MOST_REPEATED:,} times")
        self.finds.last_row = self._row
        damage, hidden = self._damage, self._row_hidden
        self._ready.append(Row(number, texts, damage, hidden) for number in range(first, self._row + 1))


def _drawn_together(text: str) -> str:
    """A paragraph with runs of blanks as one, save for those that are written one by one."""
    if "\n" in text or "\t" in text or "  " in text:
        text = BLANKS.sub(" ", text.strip("\t\r\n"))
    return text.replace(HARD_SPACE, " ").replace("\1", "\t").replace("\2", "\n")


def _repeat(attributes: dict[str, str], what: str) -> int:
    """How many columns or rows an element stands for."""
    return max(1, int(attributes.get(f"{TABLE}number-{what}-repeated", "1")))


def _spanned(attributes: dict[str, str], what: str) -> int:
    """Over how many columns or rows a cell is merged."""
    return max(1, int(attributes.get(f"{TABLE}number-{what}-spanned", "1")))


def _collapsed(attributes: dict[str, str]) -> bool:
    """Whether a row or column is hidden, or filtered out."""
    return attributes.get(f"{TABLE}visibility") in {"collapse", "filter"}
