"""A worksheet's XML as rows of cells, streamed: nothing is held but the row at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple
from xml.parsers import expat

from importer.sheets.workbook.cells import Cell, iso_cell, number_cell
from importer.sheets.workbook.formats import NumberFormat
from importer.sheets.workbook.strings import SharedStrings, local, refuse_entities, unescaped

READ_BYTES = 1 << 16
MOST_COLUMNS = 16_384  # XFD, as in spreadsheet programs
MOST_ROWS = 1_048_576
NUMBERS_KEPT = 50_000  # texts of numbers kept ready: statuses, dates and prices repeat
TRUE = frozenset({"1", "true"})
TEXTS = frozenset({"s", "inlineStr", "str"})  # kinds of cells that hold text
BLANK = Cell("")


class Row(NamedTuple):
    """A row that holds cells: its number, texts by 0-based column, damage by column, whether it is hidden."""

    number: int
    texts: dict[int, str]
    damage: dict[int, Cell]
    hidden: bool


@dataclass(slots=True)
class Finds:
    """What the XML says beside its cells."""

    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # 0-based, first and last
    merged: list[str] = field(default_factory=list)
    last_row: int = 0  # the last that is named, blank or not
    results: int = 0  # formulas with a stored result


class SheetStream:
    """Reads one worksheet. Raises ValueError and expat's error for XML that is none."""

    def __init__(self, strings: SharedStrings, formats: Sequence[NumberFormat], *, epoch_1904: bool) -> None:
        self._strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904
        self._numbers: dict[tuple[str, int], Cell] = {}
        self.finds = Finds()

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        """Rows with at least one cell, in file order; row numbers ascend."""
        self.finds = Finds()
        reading = _Reading(self)
        while piece := stream.read(READ_BYTES):
            reading.parser.Parse(piece, False)
            yield from reading.ready
            reading.ready.clear()
        reading.parser.Parse(b"", True)
        yield from reading.ready

    def text_of(self, kind: str, raw: str) -> str:
        """The text of a cell of a TEXTS kind. Raises ValueError, IndexError."""
        if kind == "s":
            return self._strings.get(int(raw)) if raw.strip() else ""
        return unescaped(raw)

    def cell_of(self, kind: str, raw: str, style: int, *, formula: bool, row: int) -> Cell:
        """What the stored value of a cell of any other kind shows. Raises ValueError."""
        if kind in {"n", ""}:
            if raw := raw.strip():
                return self._number(raw, style)
            return Cell("", "formula-without-result") if formula else BLANK
        if kind == "b":
            return Cell("TRUE" if raw.strip() in TRUE else "FALSE")
        if kind == "e":
            return Cell(raw, "excel-error")
        if kind == "d":
            return iso_cell(raw.strip(), self._form(style).shape)
        raise ValueError(f"row {row} has a cell of the unknown type {kind!r}")

    def _number(self, raw: str, style: int) -> Cell:
        key = (raw, style)
        found = self._numbers.get(key)
        if found is None:
            if len(self._numbers) > NUMBERS_KEPT:
                self._numbers.clear()
            found = self._numbers[key] = number_cell(raw, self._form(style), epoch_1904=self._epoch_1904)
        return found

    def _form(self, style: int) -> NumberFormat:
        return self._formats[style] if style < len(self._formats) else self._formats[0]


class _Reading:
    """One reading of a worksheet: where the parser stands, and the rows that are ready."""

    def __init__(self, stream: SheetStream) -> None:
        self._stream = stream
        self.ready: list[Row] = []
        self._row, self._column = 0, -1
        self._row_text = "0"
        self._rows_are_here = False  # between the tags of sheetData: controls name rows too
        self._hidden = False
        self._texts: dict[int, str] = {}
        self._damage: dict[int, Cell] = {}
        self._kind, self._style, self._formula = "n", 0, False
        self._value: list[str] | None = None
        self._keep = False
        self._phonetic = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        refuse_entities(self.parser)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._finish
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s") or 0)
            self._formula, self._value = False, None
            reference = attributes.get("r")
            self._column = column_of(reference, self._row_text) if reference else self._column + 1
        elif tag in {"v", "t"}:
            self._keep = not self._phonetic
            if self._value is None:
                self._value = []
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            if self._rows_are_here:
                self._begin_row(attributes)
        else:
            self._start_beside(tag, attributes)

    def _start_beside(self, tag: str, attributes: dict[str, str]) -> None:
        """Elements that are neither rows nor cells."""
        if tag == "sheetData":
            self._rows_are_here = True
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "col" and attributes.get("hidden") in TRUE:
            self._stream.finds.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
        elif tag == "mergeCell":
            self._stream.finds.merged.append(attributes.get("ref", ""))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r") or self._row + 1)
        if number <= self._row or number > MOST_ROWS:
            raise ValueError(f"row {number} follows row {self._row}")
        self._row, self._column, self._row_text = number, -1, str(number)
        self._stream.finds.last_row = number
        self._hidden = attributes.get("hidden") in TRUE
        self._texts, self._damage = {}, {}

    def _finish(self, name: str) -> None:
        tag = local(name)
        if tag == "c":
            self._end_cell()
        elif tag in {"v", "t"}:
            self._keep = False
        elif tag == "row":
            if self._texts and self._rows_are_here:
                self.ready.append(Row(self._row, self._texts, self._damage, self._hidden))
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "sheetData":
            self._rows_are_here = False

    def _end_cell(self) -> None:
        if self._value is None:
            if not self._formula:
                return
            text, slug, _ = cell = Cell("", "formula-without-result")
        else:
            raw = "".join(self._value)
            self._stream.finds.results += self._formula
            if self._kind in TEXTS:
                text, slug = self._stream.text_of(self._kind, raw), ""
            else:
                cell = self._stream.cell_of(self._kind, raw, self._style, formula=self._formula, row=self._row)
                text, slug, _ = cell
            if not text and not slug:
                return
        if self._column >= MOST_COLUMNS:
            raise ValueError(f"row {self._row} has a cell beyond column XFD")
        if self._column in self._texts:
            raise ValueError(f"row {self._row} holds a cell twice")
        self._texts[self._column] = text
        if slug:
            self._damage[self._column] = cell

    def _characters(self, text: str) -> None:
        if self._keep and self._value is not None:
            self._value.append(text)


_COLUMNS: dict[str, int] = {}


def column_of(reference: str, row: str) -> int:
    """The 0-based column of a reference such as AB12 in row 12. Raises ValueError where it is none of that row."""
    letters = reference.removesuffix(row)
    found = _COLUMNS.get(letters)
    if found is None:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):  # noqa: PLR2004 - XFD
            raise ValueError(f"{reference!r} is no cell of row {row}")
        found = 0
        for letter in letters.upper():
            found = found * 26 + ord(letter) - 64
        _COLUMNS[letters] = found = found - 1
    return found
