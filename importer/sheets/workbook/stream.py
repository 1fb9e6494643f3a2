"""A worksheet's XML as rows of cells, streamed: nothing is held but the row at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple
from xml.parsers import expat

from importer.sheets.header import column_index
from importer.sheets.workbook.cells import Cell, iso_cell, number_cell, shown_shortened
from importer.sheets.workbook.formats import NumberFormat
from importer.sheets.workbook.strings import SharedStrings, local, refuse_entities, unescaped

READ_BYTES = 1 << 16
MOST_COLUMNS = 16_384  # XFD, as in spreadsheet programs
MOST_ROWS = 1_048_576
MERGES_SHOWN = 5
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
    merged: list[str] = field(default_factory=list)  # the first of them
    merges: int = 0  # how many there are
    covered: int = 0  # filled cells that lie hidden below merged ones, where that is known
    last_row: int = 0  # the last that is named, blank or not
    results: int = 0  # formulas with a stored result
    shortened: int = 0  # first row with a number that programs show in e-notation, though every digit is there

    def merge(self, area: str) -> None:
        """Count a merged range, and remember the first ones."""
        self.merges += 1
        if self.merges <= MERGES_SHOWN:
            self.merged.append(area)


class SheetStream:
    """Reads one worksheet. Raises ValueError and expat's error for XML that is none."""

    def __init__(self, strings: SharedStrings, formats: Sequence[NumberFormat], *, epoch_1904: bool) -> None:
        self.strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904
        self._numbers: dict[tuple[str, str], Cell] = {}
        self._shortened = 0
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
        self.finds.shortened = self._shortened

    def cell_of(self, kind: str, raw: str, style: str, *, formula: bool, row: int) -> Cell:
        """What the stored value of a cell of a kind beside TEXTS shows. Raises ValueError."""
        if kind in {"n", ""}:
            if raw := raw.strip():
                return self._number(raw, style, row)
            return Cell("", "formula-without-result") if formula else BLANK
        if kind == "b":
            return Cell("TRUE" if raw.strip() in TRUE else "FALSE")
        if kind == "e":
            return Cell(raw, "excel-error")
        if kind == "d":
            return iso_cell(raw.strip(), self._form(style).shape)
        raise ValueError(f"row {row} has a cell of the unknown type {kind!r}")

    def _number(self, raw: str, style: str, row: int) -> Cell:
        key = (raw, style)
        found = self._numbers.get(key)
        if found is None:
            if len(self._numbers) > NUMBERS_KEPT:
                self._numbers.clear()
            form = self._form(style)
            found = self._numbers[key] = number_cell(raw, form, epoch_1904=self._epoch_1904)
            if shown_shortened(found, form):
                self._shortened = min(row, self._shortened or row)
        return found

    def _form(self, style: str) -> NumberFormat:
        number = int(style or 0)
        return self._formats[number] if 0 <= number < len(self._formats) else self._formats[0]


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
        self._kind, self._formula = "n", False
        self._style = ""
        self._value: list[str] = []
        self._valued = False  # whether the cell has a value, though it may be blank
        self._keep = False
        self._phonetic = 0
        self._column_of = _COLUMNS.get
        self._shared = stream.strings.get
        self.parser = expat.ParserCreate()  # without namespaces, which cost a sixth of the time
        self.parser.buffer_text = True
        refuse_entities(self.parser)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._finish
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name) if ":" in name else name
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = self._valued = False
            self._value.clear()
            if reference := attributes.get("r"):
                found = self._column_of(reference.removesuffix(self._row_text))
                self._column = column_of(reference, self._row_text) if found is None else found
            else:
                self._column += 1
                if self._column >= MOST_COLUMNS:
                    raise ValueError(f"row {self._row} has a cell beyond column XFD")
        elif tag == "v" or tag == "t":  # noqa: PLR1714 - three times a cell: a set would have to hash the tag
            self._keep = not self._phonetic
            self._valued = True
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
        elif tag == "col" and (attributes.get("hidden") in TRUE or _is_nothing(attributes.get("width"))):
            self._stream.finds.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
        elif tag == "mergeCell":
            self._stream.finds.merge(attributes.get("ref", ""))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r") or self._row + 1)
        if number <= self._row or number > MOST_ROWS:
            raise ValueError(f"row {number} follows row {self._row}")
        self._row, self._column, self._row_text = number, -1, str(number)
        self._stream.finds.last_row = number
        self._hidden = attributes.get("hidden") in TRUE or _is_nothing(attributes.get("ht"))
        self._texts, self._damage = {}, {}

    def _finish(self, name: str) -> None:
        tag = local(name) if ":" in name else name
        if tag == "v" or tag == "t":  # noqa: PLR1714 - as above
            self._keep = False
        elif tag == "c":
            if self._valued or self._formula:
                self._end_cell()
        elif tag == "row":
            if self._texts and self._rows_are_here:
                self.ready.append(Row(self._row, self._texts, self._damage, self._hidden))
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "sheetData":
            self._rows_are_here = False

    def _end_cell(self) -> None:
        kind, value = self._kind, self._value
        raw = value[0] if len(value) == 1 else "".join(value)
        if self._formula:
            self._stream.finds.results += self._valued
        if kind in TEXTS and self._valued:
            text = self._shared(raw) if kind == "s" else unescaped(raw)
            if not text:
                return
        else:
            kind = kind if self._valued else "n"
            cell = self._stream.cell_of(kind, raw, self._style, formula=self._formula, row=self._row)
            text = cell.text
            if cell.slug:
                self._damage[self._column] = cell
            elif not text:
                return
        if self._column in self._texts:
            raise ValueError(f"row {self._row} holds a cell twice")
        self._texts[self._column] = text

    def _characters(self, text: str) -> None:
        if self._keep:
            self._value.append(text)


def _is_nothing(size: str | None) -> bool:
    """Whether a width or height is zero, which hides as well."""
    return size is not None and not size.strip("0.")


_COLUMNS: dict[str, int] = {}


def column_of(reference: str, row: str) -> int:
    """The 0-based column of a reference such as AB12 in row 12. Raises ValueError where it is none of that row."""
    letters = reference.removesuffix(row)
    found = _COLUMNS.get(letters)
    if found is None:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):  # noqa: PLR2004 - XFD
            raise ValueError(f"{reference!r} is no cell of row {row}")
        found = column_index(letters.upper())
        if found >= MOST_COLUMNS:
            raise ValueError(f"row {row} has a cell beyond column XFD")
        _COLUMNS[letters] = found
    return found
