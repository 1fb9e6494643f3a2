"""What columns are called, by rules that hold for every kind of file."""

from __future__ import annotations

import openpyxl
import pytest

from importer.errors import SheetError
from importer.sheets import open_sheet
from importer.sheets.header import column_letter, read_header


@pytest.mark.parametrize(
    ("cells", "filled", "names", "note"),
    [
        (["Code", "Name"], (), ("Code", "Name"), ""),
        (
            ["  Code ", "First\nName", "Last\u00a0 Name"],
            (),
            ("Code", "First Name", "Last Name"),
            "White space",
        ),
        (["\ufeffCode", "Name"], (), ("Code", "Name"), "White space"),  # a second byte-order mark
        (
            ["Name", "x", "Name"],
            (),
            ("Name (column A)", "x", "Name (column C)"),
            "2 columns are called 'Name'",
        ),
        (["Name", " Name"], (), ("Name (column A)", "Name (column B)"), "told apart"),  # alike once trimmed
        (["Name", "NAME"], (), ("Name", "NAME"), "upper and lower case"),
        (["Code", "", "Name"], {1}, ("Code", "column B", "Name"), "called by their position"),
        (["Code", "", "Name"], (), ("Code", "Name"), "left out: B"),
        (["Code", "Name", "", ""], (), ("Code", "Name"), "left out: C, D"),
        (["Code"], {3}, ("Code", "column D"), "called by their position"),  # cells beyond the header
    ],
)
def test_names_follow_the_stated_rules(cells, filled, names, note):
    header = read_header(cells, filled, where="s.csv")
    assert header.names == names
    assert note in "\n".join(header.notes)
    assert bool(header.notes) == bool(note)


def test_positions_say_where_each_column_stands():
    header = read_header(["a", "", "b", ""], (), where="s.csv")
    assert header.positions == (0, 2)
    assert header.width == 3
    assert not header.gapless


def test_a_header_without_names_is_refused():
    with pytest.raises(SheetError, match="blank"):
        read_header(["", " "], {0, 1}, where="s.csv")


def test_a_name_that_another_column_would_be_given_is_refused():
    with pytest.raises(SheetError, match="column B"):
        read_header(["column B", ""], {1}, where="s.csv")


@pytest.mark.parametrize(("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters_as_in_spreadsheet_programs(position, letter):
    assert column_letter(position) == letter


def test_a_nameless_column_is_kept_where_any_row_fills_it(read):
    content = "Code,,\n" + "1,,\n" * 12_000 + "2,x,\n"
    sheet = read(content)
    assert sheet.header == ("Code", "column B")
    assert sheet.rows[12_002] == ["2", "x"]
    assert not sheet.problems


def test_columns_without_header_and_cells_do_not_make_rows_too_short(read):
    sheet = read("Code,Name,,\n1,Ann,,\n2,Bob\n")
    assert sheet.header == ("Code", "Name")
    assert not sheet.problems


def test_a_dropped_column_in_the_middle_shifts_nothing(read):
    sheet = read("Code,,Name\n1,,Ann\n2,,Bob\n")
    assert sheet.rows == {2: ["1", "Ann"], 3: ["2", "Bob"]}


def test_a_title_above_the_header_of_a_worksheet_is_told(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Customers 2024"], [], ["Code", "Name", "City"], ["01", "Ann", "Pune"]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(tmp_path / "s.xlsx")
    with open_sheet(str(tmp_path / "s.xlsx")) as sheet:
        assert sheet.header == ("Code", "Name", "City")
        assert sheet.header_row == 3
        assert "The header is row 3" in "\n".join(sheet.notes)
        assert [chunk.cells.index.tolist() for chunk in sheet.chunks()] == [[4]]


@pytest.mark.parametrize(
    ("content", "again"),
    [
        ("Id,Name\n1,a\nId,Name\n2,b\n", {3}),  # two files, one after the other
        ("Id,,Name\n1,,a\nId,,Name\n", {3}),  # with a column that is left out
        ("Id,Name\n1,Name\nid,name\nId,\n", set()),  # much alike, and not the header
        ("Name\nName\n", set()),  # one name proves nothing
        ("0,0\n0,0\n", set()),  # nor does one that stands there twice
    ],
)
def test_a_row_that_is_the_header_again_is_a_problem_and_no_customer(read, content, again):
    sheet = read(content)
    assert {row for row, slug in sheet.slugs if slug == "header-again"} == again
    assert len(sheet.rows) == content.count("\n") - 1


def test_the_header_of_a_worksheet_is_found_again_too(read, tmp_path):
    book = openpyxl.Workbook()
    for row in (["Id", None, "Name"], ["1", None, "a"], ["Id", None, "Name"], ["2", None, "b"]):
        book.active.append(row)
    book.active.column_dimensions["C"].hidden = True
    book.active.append(["Id", "x", "Name"])
    book.save(tmp_path / "s.xlsx")
    content = (tmp_path / "s.xlsx").read_bytes()
    assert read(content, "s.xlsx").slugs == {(3, "header-again")}
    assert read(content, "s.xlsx", hidden="skip").header == ("Id", "column B")
