"""Writes cells of a workbook as they were stored, with XlsxWriter, a row at a time.

What the library would change in silence is kept from it: digits beyond the sixteenth, texts that look like its own
markup, texts longer than a spreadsheet program holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from importer.rejects import Stored, StoredCell

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 1_000_000  # characters, as room 1 reads them; spreadsheet programs hold 32,767
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
GENERAL = "General"
AS_TEXT = 49  # the built-in number format of text
MARKED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}


class Digits(float):
    """A number that is written with the digits with which it was stored."""

    def __new__(cls, digits: str) -> Self:
        """Of these digits, which float() must understand."""
        number = super().__new__(cls, digits)
        number.digits = digits
        return number

    digits: str

    def __format__(self, _: str) -> str:
        return self.digits


class Pen:
    """Writes into one worksheet; formats are made once each."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats: dict[tuple[int | str, bool, bool], Format] = {}
        sheet.xls_strmax = LONGEST_TEXT

    def format(self, form: int | str, *, marked: bool = False, bold: bool = False) -> Format:
        """The dress of a cell with this number format."""
        key = (form, marked, bold)
        if key not in self._formats:
            properties: dict[str, Any] = {"num_format": form or GENERAL, "bold": bold}
            self._formats[key] = self._book.add_format(properties | (MARKED if marked else {}))
        return self._formats[key]

    def write(self, row: int, column: int, cell: StoredCell, *, marked: bool = False, bold: bool = False) -> None:
        """A cell; row and column 0-based. `marked`: filled, so that it is found.

        A marked cell without a format that is no number becomes one of text: what is typed there keeps its zeros.
        """
        typed = marked and not cell.form and cell.kind in {Stored.TEXT, Stored.NOTHING}
        dress = self.format(AS_TEXT if typed else cell.form, marked=marked, bold=bold)
        if cell.kind is Stored.TEXT:
            self.text(row, column, cell.value, dress)
        elif cell.kind is Stored.NUMBER:
            self._sheet.write_number(row, column, Digits(cell.value), dress)
        elif cell.kind is Stored.TRUTH:
            self._sheet.write_boolean(row, column, cell.value == "1", dress)
        elif cell.kind is Stored.ERROR:  # the library has no other way to write one than as a constant formula
            error = cell.value if cell.value in ERRORS else "#N/A"
            self._sheet.write_formula(row, column, f"={error}", dress, error)
        else:
            self._sheet.write_blank(row, column, None, dress)

    def text(self, row: int, column: int, text: str, dress: Format) -> None:
        """A text, whatever it looks like: `=1+1` is no formula, `00042` no number."""
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a character is none
        if text.startswith("<r>") and text.endswith("</r>"):  # would be taken for markup: in two pieces it is none
            self._sheet.write_rich_string(row, column, text[0], dress, text[1:], dress)
        elif text:
            self._sheet.write_string(row, column, text, dress)
        else:
            self._sheet.write_blank(row, column, None, dress)
