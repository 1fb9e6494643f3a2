"""A worksheet's rows once more, as they are stored: kinds of cells and number formats, for rejects in the same form.

What cells show is another reader's (`stream.py`); here a number stays a number with the digits that are in the file,
and a blank cell counts where it has a format, since what somebody types there will take it on. A formula is the result
that was seen; without one it is `#N/A`, so that nobody sends it unrepaired.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from importer.rejects import ColumnLayout, Stored, StoredCell, StoredRow
from importer.sheets.workbook.cells import EPOCH_1900, EPOCH_1904, LONGEST_NUMBER
from importer.sheets.workbook.stream import READ_BYTES, TEXTS, TRUE, column_of
from importer.sheets.workbook.strings import local, refuse_entities, unescaped

FIRST_OWN_FORMAT = 164  # below it number formats are built in, and known by their number (ECMA-376 part 1, 18.8.30)
MISSING = "#N/A"
NO_NUMBER = "#NUM!"
DAY_S = 86_400


def read_forms(styles: bytes | None) -> list[int | str]:
    """The number format of each cell style: its number where it is built in, else its code."""
    try:
        root = ElementTree.fromstring(styles) if styles else None
    except (ParseError, DefusedXmlException, LookupError):  # damaged dress: the reader of cells has told of it
        root = None
    if root is None:
        return [0]
    codes = {one.get("numFmtId", ""): one.get("formatCode", "General") for one in _all(root, "numFmt")}
    crosses = next(_all(root, "cellXfs"), None)
    numbers = [style.get("numFmtId") or "0" for style in crosses] if crosses is not None else []
    return [_form(number, codes) for number in numbers] or [0]


def _form(number: str, codes: dict[str, str]) -> int | str:
    if number in codes:
        return codes[number]
    return int(number) if number.isascii() and number.isdigit() and int(number) < FIRST_OWN_FORMAT else 0


def _all(root: Element, tag: str) -> Iterator[Element]:
    return (one for one in root.iter() if isinstance(one.tag, str) and local(one.tag) == tag)


class Originals:
    """Reads the XML of one worksheet. Raises ValueError and expat's error for XML that is none."""

    def __init__(self, string: Callable[[str], str], forms: Sequence[int | str], *, epoch_1904: bool) -> None:
        self._string = string
        self._forms = forms
        self._epoch = EPOCH_1904 if epoch_1904 else EPOCH_1900
        self.columns: list[ColumnLayout] = []
        self._begun = False  # whether rows have begun
        self._ready: list[StoredRow] = []
        self._row, self._cells, self._column = 0, dict[int, StoredCell](), -1
        self._kind, self._style, self._formula = "", "", False
        self._value: list[str] | None = None  # None: the cell has none
        self._keep, self._phonetic = False, 0

    def rows(self, stream: IO[bytes]) -> Iterator[StoredRow]:
        """Rows with cells, in file order."""
        parser = self._parser()
        while piece := stream.read(READ_BYTES):
            parser.Parse(piece, False)
            yield from self._ready
            self._ready.clear()
        parser.Parse(b"", True)
        yield from self._ready

    def read_columns(self, stream: IO[bytes]) -> tuple[ColumnLayout, ...]:
        """What stands above the rows."""
        parser = self._parser()
        while not self._begun and (piece := stream.read(READ_BYTES)):
            parser.Parse(piece, False)
        return tuple(self.columns)

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        refuse_entities(parser)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._characters
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            reference = attributes.get("r")
            self._column = column_of(reference, str(self._row)) if reference else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula, self._value = False, None
        elif tag in {"v", "t"}:
            self._keep = not self._phonetic
            self._value = [] if self._value is None else self._value
        elif tag == "f":
            self._formula = True
        elif tag == "row" and self._begun:
            self._row, self._column = int(attributes.get("r") or self._row + 1), -1
            self._cells = {}
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "sheetData":
            self._begun = True
        elif tag == "col" and not self._begun:
            self._add_columns(attributes)

    def _add_columns(self, attributes: dict[str, str]) -> None:
        width = attributes.get("width")
        self.columns.append(
            ColumnLayout(
                int(attributes["min"]) - 1,
                int(attributes["max"]) - 1,
                float(width) if width else None,
                attributes.get("hidden") in TRUE,
                self._form(attributes.get("style", "")),
            )
        )

    def _finish(self, name: str) -> None:
        tag = local(name)
        if tag in {"v", "t"}:
            self._keep = False
        elif tag == "c":
            if self._value is not None or self._formula or self._style:
                self._cells[self._column] = self._cell()
        elif tag == "row" and self._cells:
            self._ready.append(StoredRow(self._row, self._cells))
            self._cells = {}
        elif tag == "rPh":
            self._phonetic -= 1

    def _characters(self, text: str) -> None:
        if self._keep and self._value is not None:
            self._value.append(text)

    def _form(self, style: str) -> int | str:
        number = int(style or 0)
        return self._forms[number] if 0 <= number < len(self._forms) else self._forms[0]

    def _cell(self) -> StoredCell:
        form = self._form(self._style)
        raw = "".join(self._value or ())
        if self._kind in TEXTS and self._value is not None:
            text = self._string(raw) if self._kind == "s" else unescaped(raw)
            return StoredCell(Stored.TEXT, text, form) if text else StoredCell(Stored.NOTHING, "", form)
        raw = raw.strip()
        if not raw:
            return StoredCell(Stored.ERROR, MISSING, form) if self._formula else StoredCell(Stored.NOTHING, "", form)
        if self._kind == "b":
            return StoredCell(Stored.TRUTH, "1" if raw in TRUE else "0", form)
        if self._kind == "e":
            return StoredCell(Stored.ERROR, raw, form)
        if self._kind == "d":
            return StoredCell(*self._moment(raw), form)
        return StoredCell(Stored.NUMBER, raw, form) if is_number(raw) else StoredCell(Stored.ERROR, NO_NUMBER, form)

    def _moment(self, raw: str) -> tuple[Stored, str]:
        """A date in ISO form as the number that stands for it; as text where none does."""
        try:
            moment = dt.datetime.fromisoformat(raw)
            since = (moment - self._epoch).total_seconds() / DAY_S
        except (ValueError, TypeError):  # no date and time, or one with a zone
            return Stored.TEXT, raw
        return (Stored.NUMBER, repr(since)) if moment.year > EPOCH_1904.year else (Stored.TEXT, raw)


def is_number(raw: str) -> bool:
    """Whether a workbook can store this as a number."""
    try:
        return len(raw) <= LONGEST_NUMBER and raw.isascii() and "_" not in raw and math.isfinite(float(raw))
    except ValueError:
        return False
