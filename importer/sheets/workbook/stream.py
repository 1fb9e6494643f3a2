"""A worksheet's XML as rows of cells, streamed: nothing is held but the row at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO
from xml.parsers import expat

from importer.sheets.header import column_index
from importer.sheets.workbook.cells import (
    SHOWN_SHORTENED,
    SIGNIFICANT_DIGITS,
    Cell,
    iso_cell,
    number_cell,
    shown_shortened,
)
from importer.sheets.workbook.formats import NumberFormat, Shape
from importer.sheets.workbook.rows import MOST_COLUMNS, MOST_ROWS, Finds, Row
from importer.sheets.workbook.strings import SharedStrings, local, refuse_entities, unescaped
from importer.sheets.workbook.usual_rows import UsualRows

READ_BYTES = 1 << 16
NUMBERS_KEPT = 50_000  # texts of numbers kept ready: statuses, dates and prices repeat
TRUE = frozenset({"1", "true"})
TEXTS = frozenset({"s", "inlineStr", "str"})  # kinds of cells that hold text
BLANK = Cell("")


class SheetStream:
    """Reads one worksheet. Raises ValueError and expat's error for XML that is none."""

    def __init__(self, strings: SharedStrings, formats: Sequence[NumberFormat], *, epoch_1904: bool) -> None:
        self.strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904
        plain = [str(at) for at, form in enumerate(formats) if form.shape is Shape.PLAIN]
        self.plain_styles = frozenset([*plain, *([""] if "0" in plain else [])])  # a cell without a style has the first
        self._numbers: dict[tuple[str, str], Cell] = {}
        self.shortened = 0
        self.finds = Finds()

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        """Rows with at least one cell, in file order; row numbers ascend."""
        self.finds = Finds()
        reading = Reading(self)
        usual = UsualRows(reading)
        while piece := stream.read(READ_BYTES):
            usual.feed(piece)
            yield from reading.ready
            reading.ready.clear()
        usual.close()
        yield from reading.ready
        self.finds.shortened = self.shortened

    def cell_of(self, kind: str, raw: str, style: str, *, formula: bool, row: int) -> Cell:
        """What the stored value of a cell of a kind beside TEXTS shows. Raises ValueError."""
        if kind in {"n", ""}:
            if raw := raw.strip():
                return self.number_of(raw, style, row)
            return Cell("", "formula-without-result") if formula else BLANK
        if kind == "b":
            return Cell("TRUE" if raw.strip() in TRUE else "FALSE")
        if kind == "e":
            return Cell(raw, "excel-error")
        if kind == "d":
            return iso_cell(raw.strip(), self._form(style).shape)
        raise ValueError(f"row {row} has a cell of the unknown type {kind!r}")

    def number_of(self, raw: str, style: str, row: int) -> Cell:
        """What a stored number shows under a style."""
        key = (raw, style)
        found = self._numbers.get(key)
        if found is None:
            if len(self._numbers) > NUMBERS_KEPT:
                self._numbers.clear()
            if not raw.strip():
                return BLANK
            form = self._form(style)
            found = self._numbers[key] = number_cell(raw.strip(), form, epoch_1904=self._epoch_1904)
            if shown_shortened(found, form):
                self.shortened = min(row, self.shortened or row)
        return found

    def _form(self, style: str) -> NumberFormat:
        number = int(style or 0)
        return self._formats[number] if 0 <= number < len(self._formats) else self._formats[0]


class Reading:
    """One reading of a worksheet: where the parser stands, and the rows that are ready."""

    def __init__(self, stream: SheetStream) -> None:
        self._stream = stream
        self.ready: list[Row] = []
        self._row, self._column = 0, -1
        self._row_text = "0"
        self.within_rows = False  # between the tags of sheetData: controls name rows too
        self._hidden = False
        self._texts: dict[int, str] = {}
        self._damage: dict[int, Cell] = {}
        self._kind, self._formula = "n", False
        self._style = ""
        self._value: list[str] = []
        self._valued = False  # whether the cell has a value, though it may be blank
        self._keep = False
        self._phonetic = 0
        self.column_of = _COLUMNS.get
        self.shared = stream.strings.get
        self.ready_strings = stream.strings.ready
        self.number_of = stream.number_of
        self.plain_styles = stream.plain_styles
        self.parser = expat.ParserCreate()  # without namespaces, which cost a sixth of the time
        self.parser.buffer_text = True
        if hasattr(self.parser, "SetReparseDeferralEnabled"):
            self.parser.SetReparseDeferralEnabled(False)  # rows must come in order, between those that it never sees
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
                found = self.column_of(reference.removesuffix(self._row_text))
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
            if self.within_rows:
                self._begin_row(attributes)
        else:
            self._start_beside(tag, attributes)

    def _start_beside(self, tag: str, attributes: dict[str, str]) -> None:
        """Elements that are neither rows nor cells."""
        if tag == "sheetData":
            self.within_rows = True
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "col" and (attributes.get("hidden") in TRUE or _is_nothing(attributes.get("width"))):
            self._stream.finds.hide(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
        elif tag == "mergeCell":
            self._stream.finds.merge(attributes.get("ref", ""))

    @property
    def sure_digits(self) -> int:
        """Of a whole number that is exact; once a long one was found, there is nothing more to tell of such."""
        return SIGNIFICANT_DIGITS if self._stream.shortened else SHOWN_SHORTENED - 1

    def value_of(self, kind: str, raw: str, style: str, row: int) -> Cell:
        """What a cell of a rare kind shows. Raises ValueError."""
        return self._stream.cell_of(kind, raw, style, formula=False, row=row)

    def add(self, number: int, texts: dict[int, str], damage: dict[int, Cell], results: int) -> None:
        """A row that was read without the parser. Raises ValueError where it does not follow the one before."""
        self._follow(number)
        self._stream.finds.results += results
        if texts:
            self.ready.append(Row(number, texts, damage, hidden=False))

    def _follow(self, number: int) -> None:
        """Go on to a row."""
        if number <= self._row or number > MOST_ROWS:
            raise ValueError(f"row {number} follows row {self._row}")
        self._row = number
        self._stream.finds.last_row = number

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._follow(int(attributes.get("r") or self._row + 1))
        self._column, self._row_text = -1, str(self._row)
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
            if self._texts and self.within_rows:
                self.ready.append(Row(self._row, self._texts, self._damage, self._hidden))
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "sheetData":
            self.within_rows = False

    def _end_cell(self) -> None:
        kind, value = self._kind, self._value
        raw = value[0] if len(value) == 1 else "".join(value)
        if self._formula:
            self._stream.finds.results += bool(raw)
        if kind in TEXTS and self._valued:
            text = self.shared(raw) if kind == "s" else unescaped(raw)
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
