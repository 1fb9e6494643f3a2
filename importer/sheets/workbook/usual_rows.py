"""Rows of a worksheet as programs usually write them, read by a pattern: three times as fast as element by element.

A pattern must never read otherwise than a parser would. So it counts only where it covers a row to the last character, and
gives up wherever anything unusual stands: comments, sections of CDATA, entities beside the five of XML, control characters,
attributes in another order, rich text, prefixes, hidden rows. Such a row goes to the parser, as everything does that stands
outside the rows; of usual rows the parser sees nothing. Both lead to the same cells, which a test compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importer.sheets.delimited.records import collection_paused
from importer.sheets.workbook.cells import Cell
from importer.sheets.workbook.strings import LONGEST_TEXT, unescaped

if TYPE_CHECKING:
    from importer.sheets.workbook.stream import Reading

BEGIN, END, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
MOST_HELD = 1 << 22  # bytes before the first row, or of a row; more goes to the parser
ROW = re.compile(r"\s*<row( [^<>]*[^/<>])>")
NUMBER = re.compile(r' r="([1-9][0-9]{0,6})"')
UNUSUAL_ROW = re.compile(r' (?:hidden="(?!0"|false")|ht="0)')  # hidden
CELL = re.compile(
    r'(\s*<c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    r"(?:/>|>(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r'(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>))'
)
BLANKS = frozenset({"", "n", "s", "str", "inlineStr"})  # kinds of cells that are blank without a value
NUMBERS = frozenset({"", "n"})
CONTROLS = bytes([*range(9), 11, 12, *range(13, 32)])  # with CR, which XML makes a line feed
DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)
OTHER_ENTITY = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}  # the last must be the last


class UsualRows:
    """Cuts the XML of a worksheet into rows that the pattern covers, and all the rest for the parser."""

    def __init__(self, rows: Reading) -> None:
        self._rows = rows
        self._usual, self._begun = True, False
        self._held = b""

    def feed(self, piece: bytes) -> None:
        """The next bytes. Raises ValueError and the parser's error."""
        if not self._usual:
            self._rows.parser.Parse(piece, False)
            return
        held = self._held + piece
        if not self._begun and not (held := self._begin(held)):
            return
        if b"<!" in held or b"<?" in held or len(held.translate(None, CONTROLS)) != len(held):
            self._give_up(held)
            return
        end = held.find(END)
        cut = end if end >= 0 else held.rfind(ROW_END) + len(ROW_END) if ROW_END in held else 0
        self._read(held[:cut].decode("utf-8"))
        self._held = held[cut:]
        if end >= 0 or len(self._held) > MOST_HELD:
            self._give_up(self._held)

    def close(self) -> None:
        """There are no more bytes. Raises ValueError and the parser's error."""
        self._rows.parser.Parse(self._held, True)

    def _begin(self, held: bytes) -> bytes:
        """What follows the beginning of the rows; blank until that is there."""
        before, found, after = held.partition(BEGIN)
        if not found:
            self._held = held
            if len(held) > MOST_HELD:
                self._give_up(held)
            return b""
        self._rows.parser.Parse(before + found, False)
        self._begun, self._held = True, b""
        if DECLARED.search(before) or not self._rows.within_rows:
            self._give_up(after)
            return b""
        return after

    def _give_up(self, held: bytes) -> None:
        """Leave these bytes and all that follow to the parser."""
        self._usual, self._held = False, b""
        self._rows.parser.Parse(held, False)

    def _read(self, text: str) -> None:
        """Whole rows, and what stands between them."""
        with collection_paused():
            *rows, rest = text.split("</row>")
            for row in rows:
                begun = ROW.match(row)
                if not begun or not self._take(begun[1], row[begun.end() :]):
                    self._rows.parser.Parse(f"{row}</row>".encode(), False)
        if rest.strip():
            self._rows.parser.Parse(rest.encode(), False)

    def _take(self, attributes: str, content: str) -> bool:
        """Read a row by the pattern; False where the parser must."""
        number = NUMBER.search(attributes)
        if number is None or UNUSUAL_ROW.search(attributes) or ("&" in content and OTHER_ENTITY.search(content)):
            return False
        cells = CELL.findall(content)
        if sum(len(one[0]) for one in cells) != len(content):
            return False
        return self._take_cells(number[1], cells, escaped="&" in content)

    def _take_cells(self, row_text: str, cells: list[tuple[str, ...]], *, escaped: bool) -> bool:  # noqa: C901, PLR0912 - once a cell, where each call counts
        """Read the cells of a row; False where one of them is unusual."""
        rows, row = self._rows, int(row_text)
        column_of, ready, plain, sure = rows.column_of, rows.ready_strings, rows.plain_styles, rows.sure_digits
        texts: dict[int, str] = {}
        damage: dict[int, Cell] = {}
        results = 0
        for _, letters, digits, style, kind, formula, value, inline in cells:
            if not value and not inline:
                if formula or kind not in BLANKS:
                    return False
                continue
            column = column_of(letters)
            if column is None or digits != row_text or column in texts or (formula and kind == "s"):
                return False
            if kind == "s":
                text = ready(value)
                if text is None:
                    text = rows.shared(value)
            elif not kind and len(value) <= sure and style in plain and _is_whole(value):
                text = value
            elif kind == "inlineStr" or kind == "str":  # noqa: PLR1714 - a set would have to hash the kind
                text = value or inline
                if escaped or "_x" in text or len(text) > LONGEST_TEXT:
                    text = unescaped(_plain(text))
            elif escaped and "&" in value:
                return False
            else:
                cell = rows.number_of(value, style, row) if kind in NUMBERS else rows.value_of(kind, value, style, row)
                text = cell.text
                if cell.slug:
                    damage[column] = cell
                elif not text:
                    return False
            results += bool(formula)
            if text:
                texts[column] = text
        rows.add(row, texts, damage, results)
        return True


def _is_whole(value: str) -> bool:
    """Whether this is a whole number as it would be shown."""
    return value.isdecimal() and value[0] != "0" and value.isascii()


def _plain(text: str) -> str:
    """A text with its entities resolved."""
    if "&" in text:
        for entity, character in ENTITIES.items():
            text = text.replace(entity, character)
    return text
