"""OpenDocument spreadsheets: what a person sees, or the name of the damage, as in any other workbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet

CORPORA = Path(__file__).parents[5] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the repository")
BLANKS = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
ZEROS = '<number:number-style style:name="N1"><number:number number:min-integer-digits="10"/></number:number-style>'
PARTS = (
    '<number:number-style style:name="N1"><number:number number:min-integer-digits="6">'
    '<number:embedded-text number:position="3">-</number:embedded-text></number:number></number:number-style>'
)
YES = (
    '<number:number-style style:name="N0"><number:text>Yes</number:text></number:number-style>'
    '<number:number-style style:name="N1"><number:number number:min-integer-digits="1"/>'
    '<style:map style:condition="value()&gt;=1" style:apply-style-name="N0"/></number:number-style>'
)
PLAIN = (
    '<number:number-style style:name="N1"><number:number number:min-integer-digits="1" number:decimal-places="2"'
    ' number:grouping="true"/></number:number-style>'
)
STYLE = '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'


def test_rows_keep_their_numbers_and_blank_ones_between_are_told(read, binaries):
    rows = BLANKS + binaries.ods_row("Name", "City") + binaries.ods_row("Asha", "Pune") + BLANKS
    sheet = read(binaries.ods(rows + binaries.ods_row("", "Delhi")), "s.ods")
    assert sheet.header_row == 3
    assert sheet.rows == {4: ["Asha", "Pune"], 5: ["", ""], 6: ["", ""], 7: ["", "Delhi"]}
    assert "2 blank rows stand between others, first row 5" in sheet.told


@pytest.mark.parametrize(
    ("kind", "value", "shown", "text", "slug"),
    [
        ("float", "405", "405", "405", ""),
        ("float", "919876543210", "9.19876543210E+011", "919876543210", ""),  # however the program shows it
        ("float", "9.1987654321E11", "", "919876543210", ""),
        ("float", "0.1", "0,10", "0.1", ""),  # the shown text has the commas of its country
        ("float", "4111111111111110", "", "4111111111111110", "excel-rounded"),
        ("float", "nan", "", "nan", "excel-error"),
        ("currency", "1234.5", "1.234,50 €", "1234.5", ""),
        ("percentage", "0.125", "12.50%", "12.5%", ""),
        ("boolean", "true", "WAHR", "TRUE", ""),
        ("boolean", "false", "FALSCH", "FALSE", ""),
        ("date", "2024-02-29", "29.02.24", "2024-02-29", ""),
        ("date", "2024-02-29T10:30:00", "29.02.24", "2024-02-29T10:30:00", ""),  # the hour that the format hides
        ("date", "2024-02-29T10:30:00.250000000", "", "2024-02-29T10:30:00.250", ""),
        ("date", "2024-02-30", "", "2024-02-30", "date-impossible"),
        ("date", "-0044-03-15", "", "-0044-03-15", "date-impossible"),
        ("time", "PT10H30M00S", "10:30", "10:30:00", ""),
        ("time", "PT36H00M00.5S", "", "36:00:00.500", ""),
        ("time", "-PT1H", "", "-PT1H", "date-impossible"),
        ("time", "noon", "", "noon", "date-impossible"),
    ],
)
def test_a_typed_cell_has_its_text_or_its_problem(read, binaries, kind, value, shown, text, slug):
    rows = binaries.ods_row("A", "B") + binaries.ods_row(binaries.ods_cell(kind, value, shown), "x")
    sheet = read(binaries.ods(rows), "s.ods")
    assert sheet.rows == {2: [text, "x"]}
    assert [problem.slug for problem in sheet.problems] == [slug] * bool(slug)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<text:p>00405</text:p>", "00405"),  # text stays text
        ("<text:p>a</text:p><text:p>b</text:p>", "a\nb"),
        ("<text:p>a<text:line-break/>b<text:tab/>c</text:p>", "a\nb\tc"),
        ('<text:p>a <text:s text:c="2"/>b</text:p>', "a   b"),
        ("<text:p>a  \n  b</text:p>", "a b"),  # blanks of the XML
        ("<text:p><text:s/>a </text:p>", " a "),
        ("<text:p>As<text:span>ha</text:span> <text:a>R</text:a></text:p>", "Asha R"),
        ("<office:annotation><text:p>a comment</text:p></office:annotation><text:p>a</text:p>", "a"),
        (
            "<text:p><text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>ト</text:ruby-text></text:ruby></text:p>",
            "東",
        ),
        ("<draw:frame xmlns:draw='urn:d'><text:p>in a picture</text:p></draw:frame><text:p>a</text:p>", "a"),
    ],
)
def test_text_is_what_the_cell_shows(read, binaries, content, text):
    cell = f'<table:table-cell office:value-type="string">{content}</table:table-cell>'
    assert read(binaries.ods(binaries.ods_row("A", "B") + binaries.ods_row(cell, "x")), "s.ods").rows == {
        2: [text, "x"]
    }


@pytest.mark.parametrize(
    ("styles", "value", "text"),
    [
        (ZEROS, "405153828", "0405153828"),
        (PARTS, "400001", "400-001"),
        (YES, "1", "Yes"),
        (YES, "0", "0"),
        (PLAIN, "1234.5", "1234.5"),
    ],
)
@pytest.mark.parametrize("where", ["cell", "row", "column"])
def test_a_number_is_shown_by_its_format_wherever_that_is_stated(read, binaries, styles, value, text, where):
    cell = binaries.ods_cell("float", value, more='table:style-name="ce1"' if where == "cell" else "")
    row = binaries.ods_row(cell, "x", attributes='table:default-cell-style-name="ce1"' if where == "row" else "")
    columns = (
        '<table:table-column table:default-cell-style-name="ce1"/><table:table-column/>' if where == "column" else ""
    )
    content = binaries.ods(binaries.ods_row("A", "B") + row, styles=styles + STYLE, columns=columns)
    assert read(content, "s.ods").rows == {2: [text, "x"]}


@pytest.mark.parametrize(
    ("cell", "slug", "text"),
    [
        (('<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
         "<text:p>#DIV/0!</text:p></table:table-cell>"), "excel-error", "#DIV/0!"),
        (('<table:table-cell table:formula="of:=A9" office:value-type="float" office:value="0">'
         "<text:p>Err:502</text:p></table:table-cell>"), "excel-error", "Err:502"),
        ('<table:table-cell table:formula="of:=1+1"/>', "formula-without-result", ""),
        ('<table:table-cell office:value-type="string"><text:p>#N/A</text:p></table:table-cell>', "", "#N/A"),  # typed
        ('<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>', "", "2"),
        ('<table:table-cell office:value-type="string" office:string-value="long"/>', "", "long"),
    ],
)  # fmt: skip
def test_11_errors_and_formulas_without_a_result_are_problems_and_no_blanks(read, binaries, cell, slug, text):
    sheet = read(binaries.ods(binaries.ods_row("A", "B") + binaries.ods_row(cell, "x")), "s.ods")
    assert sheet.rows == {2: [text, "x"]}
    assert [problem.slug for problem in sheet.problems] == [slug] * bool(slug)


def test_10_what_is_hidden_is_told_and_read_as_stated(read, binaries):
    hidden = binaries.ods_row("secret", "x", attributes='table:visibility="filter"')
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    group = f'<table:table-row-group table:display="false">{binaries.ods_row("folded", "x")}</table:table-row-group>'
    rows = binaries.ods_row("A", "B") + binaries.ods_row("shown", "x") + hidden + group
    style = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    more = f'<table:table table:name="Old" table:style-name="ta2">{binaries.ods_row("q")}</table:table>'
    content = binaries.ods(rows, columns=columns, styles=style, more=more)
    told = read(content, "s.ods")
    assert list(told.rows) == [2, 3, 4]
    assert "'Old'" in told.told
    assert "Hidden columns were read like the others: B." in told.told
    assert "2 hidden rows were read like the others" in told.told
    assert read(content, "s.ods", hidden="skip").rows == {2: ["shown"]}


def test_merged_cells_are_told_and_what_lies_below_them_is_not_lost(read, binaries):
    merged = '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>a</text:p></table:table-cell>'
    below = '<table:covered-table-cell office:value-type="string"><text:p>b</text:p></table:covered-table-cell>'
    sheet = read(binaries.ods(binaries.ods_row("A") + binaries.ods_row(merged) + binaries.ods_row(below)), "s.ods")
    assert sheet.rows == {2: ["a"], 3: ["b"]}
    assert "1 merged range (A2:A3)" in sheet.told
    assert "1 cell that lies hidden below merged ones was read too." in sheet.told


def test_repeated_rows_and_cells_are_as_many_as_they_say(read, binaries):
    cell = '<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="3">{cell}</table:table-row>'
    assert read(binaries.ods(binaries.ods_row("A", "B") + row), "s.ods").rows == {at: ["x", "x"] for at in (2, 3, 4)}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('<table:table-row table:number-rows-repeated="999999999">{x}</table:table-row>', "beyond the last"),
        ('<table:table-row table:number-rows-repeated="1000000">{x}</table:table-row>', "repeats cells more than"),
        (('<table:table-row><table:table-cell table:number-columns-repeated="99999" office:value-type="string">'
         "<text:p>x</text:p></table:table-cell></table:table-row>"), "beyond column XFD"),
        ('<table:table-row><table:table-cell office:value-type="void"/></table:table-row>', "unknown type 'void'"),
        ('<table:table-row table:number-rows-repeated="x"/>', "'x'"),
    ],
)  # fmt: skip
def test_13_what_would_fill_the_memory_or_is_none_is_refused(write, binaries, rows, says):
    cell = '<table:table-cell table:number-columns-repeated="50" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    path = write(binaries.ods(binaries.ods_row("A") + rows.replace("{x}", cell)), "s.ods")
    with pytest.raises(SheetError, match=says), open_sheet(path, SheetOptions(header=1)) as sheet:
        for _ in sheet.chunks():
            pass


@pytest.mark.parametrize("part", ["content.xml", "styles.xml"])
@pytest.mark.parametrize("damage", ["<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>", "<cut", ""])
def test_entities_and_damage_are_refused_in_a_sentence(write, binaries, part, damage):
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>", part: damage}
    with pytest.raises(SheetError, match=r"s\.ods"):
        open_sheet(write(binaries.archive(parts), "s.ods"))


@needs_corpora
def test_a_password_is_told_as_such():
    with pytest.raises(SheetError, match="is protected by a password"):
        open_sheet(str(CORPORA / "calamine" / "pass_protected.ods"))
