"""Which worksheet, which rows and which columns: by stated rules, and told."""

from __future__ import annotations

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.header import column_letter

STRICT = "http://purl.oclc.org/ooxml"


def two_rows(books, value: str) -> str:
    """A header and a row."""
    return f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", value)}</row>'


def test_the_only_visible_worksheet_with_data_is_read_and_hidden_ones_are_told(read, books):
    more = {"Empty": ("visible", ""), "Old": ("hidden", two_rows(books, "old")), "Lists": ("veryHidden", "")}
    sheet = read(books.pack(books.parts(two_rows(books, "x"), more=more)), "s.xlsx")
    assert sheet.label == "s.xlsx[Customers]"
    assert sheet.rows == {2: ["x"]}
    assert "Hidden worksheets were left out: 'Old', 'Lists'" in sheet.told


def test_where_several_have_data_they_are_listed_and_the_line_to_write_is_shown(write, books):
    more = {"Leads": ("visible", two_rows(books, "y"))}
    path = write(books.pack(books.parts(two_rows(books, "x"), more=more)), "s.xlsx")
    with pytest.raises(SheetError) as refused:
        open_sheet(path)
    assert "'Customers', 'Leads'" in refused.value.message
    assert "sheet: {name: Customers}" in refused.value.advice


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_worksheet_that_is_named_is_read_though_it_is_hidden(write, books, state):
    more = {"Leads & more": (state, two_rows(books, "y"))}
    path = write(books.pack(books.parts(two_rows(books, "x"), more=more)), "s.xlsx")
    with open_sheet(path, SheetOptions(name="Leads & more")) as sheet:
        assert [chunk.cells.to_dict() for chunk in sheet.chunks()] == [{"A": {2: "y"}}]


def test_a_worksheet_that_is_not_there_is_told_with_those_that_are(write, books):
    path = write(books.pack(books.parts(two_rows(books, "x"))), "s.xlsx")
    with pytest.raises(SheetError) as refused:
        open_sheet(path, SheetOptions(name="customers"))
    assert "'Customers'" in refused.value.advice


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("", "no visible worksheet with data"),
        ('<row r="1"><c r="A1" s="0"/></row>', "no visible worksheet with data"),  # cells with dress alone
        ("HEADER", "no rows below it"),
    ],
)
def test_a_worksheet_without_rows_is_refused(write, books, rows, says):
    content = books.parts(rows.replace("HEADER", f'<row r="1">{books.text("A1", "A")}</row>'))
    with pytest.raises(SheetError, match=says):
        open_sheet(write(books.pack(content), "s.xlsx"))


def test_charts_and_macro_sheets_are_no_worksheets(read, books):
    parts = books.parts(two_rows(books, "x"), more={"Chart": ("visible", "")})
    relations = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        'worksheet" Target="worksheets/sheet2', 'chartsheet" Target="c'
    )
    assert read(books.pack(parts), "s.xlsx").rows == {2: ["x"]}


def strict(parts):
    """As "Strict Open XML Spreadsheet" is saved: other namespaces."""
    return {
        name: content.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006", f"{STRICT}/officeDocument"
        ).replace("http://schemas.openxmlformats.org/spreadsheetml/2006", f"{STRICT}/spreadsheetml")
        for name, content in parts.items()
    }


def backslashes(parts):
    """As some programs pack under Windows."""
    return {name.replace("/", "\\"): content for name, content in parts.items()}


def shouted(parts):
    """Names of parts are compared without regard to case."""
    return {name.upper(): content for name, content in parts.items()}


def absolute(parts):
    """Targets from the root of the package."""
    return {
        name: content.replace('Target="worksheets', 'Target="/xl/worksheets').replace('Target="xl/', 'Target="/xl/')
        for name, content in parts.items()
    }


def elsewhere(parts):
    """The workbook's parts under other names than the usual ones."""
    return {
        name.replace("xl/workbook", "book/wb").replace("xl/_rels/workbook", "book/_rels/wb").replace("xl/", "book/"): (
            content.replace("xl/workbook.xml", "book/wb.xml")
        )
        for name, content in parts.items()
    }


def prefixed(parts):
    """Every element of the worksheet with a prefix."""
    sheet = parts["xl/worksheets/sheet1.xml"].replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    return {**parts, "xl/worksheets/sheet1.xml": sheet}


def without_styles(parts):
    """A package of the least parts."""
    return {name: content for name, content in parts.items() if "styles" not in name and "shared" not in name}


def without_relations_of_the_package(parts):
    """The workbook stands where it usually does."""
    return {name: content for name, content in parts.items() if name != "_rels/.rels"}


@pytest.mark.parametrize(
    "shape",
    [
        strict,
        backslashes,
        shouted,
        absolute,
        elsewhere,
        prefixed,
        without_styles,
        without_relations_of_the_package,
    ],
)
def test_packages_of_every_shape_are_read(read, books, shape):
    assert read(books.pack(shape(books.parts(two_rows(books, "x")))), "s.xlsx", format="xlsx").rows == {2: ["x"]}


def test_blank_rows_inside_are_rows_and_those_at_the_end_are_told(read, books):
    rows = [f'<row r="{at}">{books.text(f"A{at}", "x")}</row>' for at in (2, 5)]
    sheet = read(books.table(*rows, '<row r="6"><c r="A6"/></row>', '<row r="1048576"/>'), "s.xlsx", chunk=2)
    assert sheet.rows == {2: ["x"], 3: [""], 4: [""], 5: ["x"]}
    assert [list(chunk.cells.index) for chunk in sheet.chunks] == [[2, 3], [4, 5]]
    assert "Blank rows at the end were left out: 1,048,571, from row 6 on." in sheet.told


HIDDEN = [
    '<row r="2">{2}</row>',
    '<row r="4" hidden="1">{4}</row>',
    '<row r="5" hidden="true">{5}</row>',
    '<row r="6">{6}</row>',
    '<row r="8" hidden="1">{8}</row>',
]


@pytest.mark.parametrize(
    ("hidden", "rows", "told"),
    [
        ("read", [2, 3, 4, 5, 6, 7, 8], "3 hidden rows were read like the others"),
        ("skip", [2, 3, 6], "3 hidden rows were left out"),  # and row 7, which is blank and the last
    ],
)
def test_hidden_rows_are_read_or_left_out_as_stated(read, books, hidden, rows, told):
    written = [
        row.replace(f"{{{at}}}", books.text(f"A{at}", "x")) for row, at in zip(HIDDEN, (2, 4, 5, 6, 8), strict=True)
    ]
    sheet = read(books.table(*written), "s.xlsx", hidden=hidden)
    assert list(sheet.rows) == rows
    assert told in sheet.told


@pytest.mark.parametrize(("hidden", "header"), [("read", ("A", "B")), ("skip", ("B",))])
def test_hidden_columns_are_read_or_left_out_as_stated(read, books, hidden, header):
    content = books.cell(books.text("A2", "y"), before='<cols><col min="1" max="1" hidden="1"/></cols>')
    sheet = read(content, "s.xlsx", hidden=hidden)
    assert sheet.header == header
    assert "Hidden columns were" in sheet.told


def test_a_table_away_from_the_corner_keeps_the_numbers_of_its_rows(read, books):
    rows = f'<row r="4">{books.text("C4", "A")}{books.text("D4", "B")}</row><row r="6">{books.text("D6", "x")}</row>'
    sheet = read(books.pack(books.parts(f'<dimension ref="A1"/>{rows}')), "s.xlsx")  # and a dimension that is wrong
    assert (sheet.header, sheet.header_row) == (("A", "B"), 4)
    assert sheet.rows == {5: ["", ""], 6: ["", "x"]}
    assert "Columns without header and without cells were left out: A, B." in sheet.told


def test_a_merged_header_names_its_first_column_the_others_go_by_position(read, books):
    rows = (
        f'<row r="1">{books.text("A1", "Name")}<c r="B1"/>{books.text("C1", "City")}</row>'
        f'<row r="2">{books.text("A2", "Asha")}{books.text("B2", "Rao")}{books.text("C2", "Pune")}</row>'
    )
    content = books.pack(books.parts(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'))
    sheet = read(content, "s.xlsx")
    assert sheet.header == ("Name", "column B", "City")
    assert sheet.rows == {2: ["Asha", "Rao", "Pune"]}
    assert "1 merged range (A1:B1): only the first cell of each holds its value." in sheet.told


def test_cells_beyond_the_header_are_told(read, books):
    content = books.table(f'<row r="2">{books.text("A2", "x")}{books.text("D2", "stray")}</row>')
    sheet = read(content, "s.xlsx", header=1)
    assert sheet.rows == {2: ["x"]}
    assert "Cells to the right of the last column with a header were left out, first in row 2, column D." in sheet.told


def test_rows_that_controls_name_are_no_rows(read, books):
    anchor = "<xdr:col>1</xdr:col><xdr:row>3</xdr:row>"
    controls = f"<controls><control><anchor><from>{anchor}</from></anchor></control></controls>"
    sheet = read(books.table(f'<row r="2">{books.text("A2", "x")}</row>', after=controls), "s.xlsx")
    assert sheet.rows == {2: ["x"]}
    assert sheet.notes == ()


def test_a_sheet_gives_the_same_again(write, books):
    with open_sheet(write(books.pack(books.parts(two_rows(books, "x"))), "s.xlsx")) as sheet:
        first, second = ([chunk.cells.to_dict() for chunk in sheet.chunks()] for _ in range(2))
    assert first == second == [{"A": {2: "x"}}]


@pytest.mark.parametrize("name", ["s.xlsm", "s.xltx", "s.xltm"])
def test_macros_and_templates_are_read_as_what_they_hold(read, books, name):
    parts = {**books.parts(two_rows(books, "x")), "xl/vbaProject.bin": "macro"}
    assert read(books.pack(parts), name).rows == {2: ["x"]}


def test_a_table_below_a_title_and_away_from_the_corner_is_found(read, books):
    rows = f'<row r="1">{books.text("A1", "Report")}</row>'
    rows += '<row r="4">' + "".join(books.text(f"{letter}4", letter) for letter in "BCD") + "</row>"
    rows += f'<row r="5">{books.text("B5", "x")}{books.text("C5", "y")}</row>'  # shorter than the header
    sheet = read(books.pack(books.parts(rows)), "s.xlsx")
    assert (sheet.header, sheet.header_row, sheet.rows) == (("B", "C", "D"), 4, {5: ["x", "y", ""]})


def test_a_title_above_a_header_of_two_columns_is_a_question_and_no_header(write, books):
    rows = f'<row r="1">{books.text("A1", "Report")}</row><row r="2">{books.text("A2", "Id")}{books.text("B2", "Name")}</row>'
    path = write(
        books.pack(books.parts(f'{rows}<row r="3">{books.text("A3", "1")}{books.text("B3", "x")}</row>')), "s.xlsx"
    )
    with pytest.raises(SheetError, match="row 1 has 1 cell, row 2 has 2"):
        open_sheet(path)


def test_several_tables_are_one_and_the_gap_between_them_is_told(read, books):
    rows = [f'<row r="{at}">{books.text(f"A{at}", "x")}</row>' for at in (2, 5, 7)]
    sheet = read(books.table(*rows), "s.xlsx")
    assert list(sheet.rows) == [2, 3, 4, 5, 6, 7]
    assert (
        "3 blank rows stand between others, first row 3; what follows is read as more of the same table." in sheet.told
    )


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_header_cell_that_is_merged_with_the_row_above_is_called_by_it(read, books, prefix):
    rows = (
        f'<row r="1">{books.text("A1", "Name")}{books.text("C1", "City")}</row>'
        f'<row r="2">{books.text("A2", "First")}{books.text("B2", "Last")}</row>'
        f'<row r="3">{books.text("A3", "Asha")}{books.text("B3", "Rao")}{books.text("C3", "Pune")}</row>'
    )
    after = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C1:C2"/></mergeCells>'
    parts = books.parts(rows, after=after)
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace("<worksheet xmlns=", f"<worksheet xmlns{':x' if prefix else ''}=", 1)
    parts[name] = (
        parts[name].replace("<sheetData>", f"<{prefix}sheetData>").replace("</sheetData>", f"</{prefix}sheetData>")
    )
    sheet = read(books.pack(parts), "s.xlsx", header=2)
    assert sheet.header == ("First", "Last", "City")
    assert sheet.rows == {3: ["Asha", "Rao", "Pune"]}


def test_a_row_or_column_of_no_size_is_hidden_too(read, books):
    content = books.table(
        f'<row r="2" ht="0">{books.text("A2", "x")}</row>',
        f'<row r="3" ht="12.5">{books.text("A3", "y")}</row>',
        before='<cols><col min="1" max="1" width="0"/></cols>',
    )
    sheet = read(content, "s.xlsx")
    assert "1 hidden row was" in sheet.told
    assert "Hidden columns were read like the others: A." in sheet.told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="B1" t="e"><v>#REF!</v></c>', "The header's cell B1 shows #REF!: its name is damaged."),
        ('<c r="B1"><f>A1</f></c>', "The header's cell B1 is a formula without a stored result: its name is damaged."),
    ],
)
def test_a_damaged_name_of_a_column_is_told(read, books, cell, told):
    rows = (
        f'<row r="1">{books.text("A1", "A")}{cell}</row><row r="2">{books.text("A2", "x")}{books.text("B2", "y")}</row>'
    )
    assert told in read(books.pack(books.parts(rows)), "s.xlsx", header=1).told


def test_numbers_that_programs_show_in_e_notation_are_told(read, books):
    cells = '<c r="A3"><v>919876543210</v></c>'
    sheet = read(
        books.table('<row r="2"><c r="A2"><v>12345678901</v></c></row>', f'<row r="3">{cells}</row>'), "s.xlsx"
    )
    assert sheet.rows == {2: ["12345678901"], 3: ["919876543210"]}
    assert "are read with all their digits, first in row 3." in sheet.told
    styled = books.table('<row r="2"><c r="A2" s="1"><v>919876543210</v></c></row>', formats=["0"])
    assert "e-notation" not in read(styled, "s.xlsx").told
    assert "digits" not in read(styled, "s.xlsx").told


def test_a_name_that_yaml_would_take_for_something_else_is_proposed_in_quotes(write, books):
    rows = f'<row r="1">{books.text("A1", "A")}</row><row r="2">{books.text("A2", "x")}</row>'
    parts = books.parts(rows, more={"2024": ("visible", rows)})
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="Customers"', 'name="May: old"')
    with pytest.raises(SheetError) as refused:
        open_sheet(write(books.pack(parts), "s.xlsx"))
    assert '`sheet: {name: "May: old"}`' in refused.value.advice


def test_shared_strings_are_found_in_any_order(read, books):
    strings = [f"<t>text {at}</t>" for at in range(50)]
    order = [49, 0, 17, 16, 15, 31, 32, 49]
    rows = [f'<row r="{at}"><c r="A{at}" t="s"><v>{one}</v></c></row>' for at, one in enumerate(order, start=2)]
    sheet = read(books.table(*rows, strings=strings), "s.xlsx")
    assert [row[0] for row in sheet.rows.values()] == [f"text {one}" for one in order]


def test_13_columns_that_are_hidden_again_and_again_take_no_time(read, books):
    columns = '<col min="1" max="16384" hidden="1"/>' * 5_000
    heads = "".join(books.text(f"{column_letter(at)}1", f"h{at}") for at in range(2_000))
    rows = f'<row r="1">{heads}</row><row r="2">{books.text("A2", "x")}</row>'
    sheet = read(books.pack(books.parts(rows, before=f"<cols>{columns}</cols>")), "s.xlsx")
    assert "Hidden columns were read like the others: A, B, C, D, E, F, G, H and 1992 more." in sheet.told
