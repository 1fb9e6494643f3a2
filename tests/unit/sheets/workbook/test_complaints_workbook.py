"""What users of other tools complain about, fed to ours as workbooks: right, or refused by name.

The numbers are those of the list of complaints that the project began with.
"""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet


def saved(*rows, formats: dict[str, str] | None = None, epoch: dt.datetime | None = None) -> bytes:
    """A workbook as openpyxl writes it, with number formats by cell."""
    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)
    for place, code in (formats or {}).items():
        book.active[place].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def first_cell(sheet) -> str:
    """What stands in A2."""
    return sheet.rows[2][0]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0405153828", "General", "0405153828"),  # text
        (405153828, "0000000000", "0405153828"),  # a number whose format shows the zero
        (9876543210, '"0"#', "09876543210"),
    ],
)
def test_01_leading_zeros_are_kept(read, value, code, shown):
    assert first_cell(read(saved(["Mobile", "x"], [value, 1], formats={"A2": code}), "s.xlsx")) == shown


@pytest.mark.parametrize(("value", "shown"), [(1234567891, "1234567891"), ("+1234567891", "+1234567891"), (12.0, "12")])
def test_02_phones_and_ids_do_not_become_floats(read, value, shown):
    sheet = read(saved(["Mobile", "x"], [value, 1], [None, 2]), "s.xlsx")  # the blank makes others choose floats
    assert [row[0] for row in sheet.rows.values()] == [shown, ""]


def test_03_long_ids_keep_their_digits_and_those_that_were_cut_are_named(read):
    sheet = read(saved(["Id", "x"], [919876543210, 1], [123456789012345, 1], [4111111111111110, 1]), "s.xlsx")
    assert [row[0] for row in sheet.rows.values()] == ["919876543210", "123456789012345", "4111111111111110"]
    assert sheet.slugs == {(4, "excel-rounded")}


def test_04_a_date_cell_is_a_date_of_four_figures_and_text_is_none(read):
    sheet = read(saved(["D", "x"], [dt.date(2024, 2, 29), "1-2"], formats={"A2": "dd/mm/yy"}), "s.xlsx")
    assert sheet.rows[2] == ["2024-02-29", "1-2"]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
@pytest.mark.parametrize("day", [dt.date(1904, 1, 2), dt.date(1985, 12, 31), dt.date(2024, 2, 29), dt.date(2100, 3, 1)])
def test_05_dates_keep_their_day_in_both_calendars(read, epoch, day):
    assert first_cell(read(saved(["D"], [day], epoch=epoch), "s.xlsx")) == day.isoformat()


def test_06_a_byte_order_mark_is_no_part_of_the_first_header(read):
    assert read(saved(["\ufeffMobile"], ["1"]), "s.xlsx").header == ("Mobile",)


def test_09_columns_without_a_header_do_not_vanish(read):
    sheet = read(saved(["A", None, "C"], ["1", "2", "3"]), "s.xlsx")
    assert sheet.header == ("A", "column B", "C")
    assert sheet.rows == {2: ["1", "2", "3"]}


def test_09_a_header_of_two_lines_in_one_cell_shifts_nothing(read):
    sheet = read(saved(["First\nName", "B"], ["Asha", "2"]), "s.xlsx")
    assert sheet.header == ("First Name", "B")
    assert sheet.rows == {2: ["Asha", "2"]}


def test_10_hidden_worksheets_are_not_read_and_hidden_rows_as_stated(read):
    book = Workbook()
    book.active.append(["A"])
    book.active.append(["shown"])
    book.active.append(["hidden"])
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("Old").append(["secret"])
    book["Old"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "s.xlsx", hidden="skip").rows == {2: ["shown"]}
    told = read(out.getvalue(), "s.xlsx")
    assert told.rows == {2: ["shown"], 3: ["hidden"]}
    assert "1 hidden row was read like the others" in told.told
    assert "'Old'" in told.told


def test_11_a_formula_without_a_stored_result_is_a_problem_and_no_blank(read):
    sheet = read(saved(["A", "B"], [1, "=A2*2"]), "s.xlsx")  # a library never calculates
    assert sheet.slugs == {(2, "formula-without-result")}


def test_12_blank_rows_at_the_end_are_no_customers_and_a_gap_ends_nothing(read):
    book = saved(["A"], ["1"], [None], [None], ["2"], [None], formats={"A900": "0"})
    sheet = read(book, "s.xlsx")
    assert sheet.rows == {2: ["1"], 3: [""], 4: [""], 5: ["2"]}
    assert "Blank rows at the end were left out: 895, from row 6 on." in sheet.told


def test_13_memory_does_not_grow_with_blank_rows_or_wide_validations(write, books):
    wide = '<dataValidations><dataValidation sqref="A1:XFD1048576"/></dataValidations>'
    blank = "".join(f'<row r="{at}"><c r="A{at}" s="0"/></row>' for at in range(3, 20_000))
    path = write(books.table(f'<row r="2">{books.text("A2", "x")}</row>', blank, after=wide), "s.xlsx")
    tracemalloc.start()
    with open_sheet(path) as sheet:
        assert sum(len(chunk.cells) for chunk in sheet.chunks()) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * 2**20


@pytest.mark.parametrize("value", ["=1+1", "+33123456789", "-5", "@x", "'quoted"])
def test_31_text_that_looks_like_a_formula_is_read_as_it_is(read, books, value):
    assert first_cell(read(books.cell(books.text("A2", value)), "s.xlsx")) == value


def test_32_nothing_is_guessed_from_a_sample(read):
    rows = [[at, "x"] for at in range(1, 301)]
    rows[250] = ["N/A", "x"]
    sheet = read(saved(["A", "B"], *rows), "s.xlsx")
    assert [row[0] for row in sheet.rows.values()][249:252] == ["250", "N/A", "252"]


def test_a_password_is_told_in_a_sentence(write):
    """The container in which spreadsheet programs wrap what they encrypt, cut down to its beginning."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    with pytest.raises(SheetError, match=r"s\.xlsx is no workbook that can be read"):
        open_sheet(write(ole, "s.xlsx"), SheetOptions())
