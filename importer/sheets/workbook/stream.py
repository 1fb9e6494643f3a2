"""A worksheet's XML as rows of cells, streamed: nothing is held but the row at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple
from xml.parsers import expat

from importer.sheets.workbook.cells import Cell, number_cell
from importer.sheets.workbook.formats import NumberFormat
from importer.sheets.workbook.strings import SharedStrings, local, refuse_entities, unescaped

READ_BYTES = 1 << 16
MOST_COLUMNS = 16_384  # XFD, as in spreadsheet programs
MOST_ROWS = 1_048_576


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


@dataclass(slots=True)
class _At:
    """Where the parser stands."""

    row: int = 0
    column: int = -1
    hidden: bool = False
    type: str = "n"
    style: int = 0
    formula: bool = False
    value: list[str] | None = None
    keep: bool = False
    phonetic: int = 0


class SheetStream:
    """Reads one worksheet. Raises ValueError and expat's error for XML that is none."""

    def __init__(self, strings: SharedStrings, formats: list[NumberFormat], *, epoch_1904: bool) -> None:
        self._strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904
        self._numbers: dict[tuple[str, int], Cell] = {}
        self.finds = Finds()

    def rows(self, stream: IO[bytes]) -> Iterator[Row]:
        """Rows with at least one cell, in file order; row numbers ascend."""
        self.finds = Finds()
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        refuse_entities(parser)
        ready: list[Row] = []
        at = _At()
        texts: dict[int, str] = {}
        damage: dict[int, Cell] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal texts, damage
            tag = local(name)
            if tag == "c":
                at.type = attributes.get("t", "n")
                at.style = int(attributes.get("s") or 0)
                at.formula, at.value = False, None
                reference = attributes.get("r")
                at.column = column_of(reference) if reference else at.column + 1
            elif tag in {"v", "t"}:
                at.keep = not at.phonetic
                if at.value is None:
                    at.value = []
            elif tag == "f":
                at.formula = True
            elif tag == "row":
                number = int(attributes.get("r") or at.row + 1)
                if number <= at.row or number > MOST_ROWS:
                    raise ValueError(f"row {number} follows row {at.row}")
                at.row, at.column = number, -1
                at.hidden = attributes.get("hidden") in {"1", "true"}
                texts, damage = {}, {}
            elif tag == "rPh":
                at.phonetic += 1
            elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
                self.finds.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            elif tag == "mergeCell":
                self.finds.merged.append(attributes.get("ref", ""))

        def finish(name: str) -> None:
            tag = local(name)
            if tag == "c":
                cell = self._cell(at)
                if cell.text or cell.slug:
                    if at.column >= MOST_COLUMNS:
                        raise ValueError(f"row {at.row} has a cell beyond column XFD")
                    if at.column in texts:
                        raise ValueError(f"row {at.row} holds a cell twice")
                    texts[at.column] = cell.text
                    if cell.slug:
                        damage[at.column] = cell
            elif tag in {"v", "t"}:
                at.keep = False
            elif tag == "row":
                if texts:
                    ready.append(Row(at.row, texts, damage, at.hidden))
            elif tag == "rPh":
                at.phonetic -= 1

        def characters(text: str) -> None:
            if at.keep and at.value is not None:
                at.value.append(text)

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, finish, characters
        while piece := stream.read(READ_BYTES):
            parser.Parse(piece, False)
            yield from ready
            ready.clear()
        parser.Parse(b"", True)
        yield from ready

    def _cell(self, at: _At) -> Cell:
        """The text of the cell that has just ended."""
        if at.value is None:
            return Cell("", "formula-without-result") if at.formula else Cell("")
        raw = "".join(at.value)
        if at.type == "s":
            return Cell(self._strings.get(int(raw))) if raw.strip() else Cell("")
        if at.type in {"n", ""}:
            return self._number(raw.strip(), at.style) if raw.strip() else Cell("", "formula-without-result" if at.formula else "")
        if at.type in {"inlineStr", "str"}:
            return Cell(unescaped(raw))
        if at.type == "b":
            return Cell("TRUE" if raw.strip() in {"1", "true"} else "FALSE")
        if at.type == "e":
            return Cell(raw, "excel-error")
        if at.type == "d":
            return Cell(raw.strip())
        raise ValueError(f"row {at.row} has a cell of the unknown type {at.type!r}")

    def _number(self, raw: str, style: int) -> Cell:
        """Numbers repeat: statuses, dates, prices."""
        key = (raw, style)
        found = self._numbers.get(key)
        if found is None:
            if len(self._numbers) > 50_000:  # noqa: PLR2004 - bounded, whatever the sheet holds
                self._numbers.clear()
            form = self._formats[style] if style < len(self._formats) else self._formats[0]
            found = self._numbers[key] = number_cell(raw, form, epoch_1904=self._epoch_1904)
        return found


_COLUMNS: dict[str, int] = {}


def column_of(reference: str) -> int:
    """The 0-based column of a reference such as AB12."""
    letters = reference.rstrip("0123456789")
    found = _COLUMNS.get(letters)
    if found is None:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):  # noqa: PLR2004 - XFD
            raise ValueError(f"{reference!r} is no cell")
        found = 0
        for letter in letters.upper():
            found = found * 26 + ord(letter) - 64
        _COLUMNS[letters] = found = found - 1
    return found
