"""Cells as the XML writes them: shared and inline strings, escapes, kinds, and what is damaged in them."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<is><t>00405</t></is>", "00405"),  # text stays text
        ('<is><t xml:space="preserve"> a </t></is>', " a "),
        ("<is><t>_x000D_</t></is>", "\r"),
        ("<is><t>_x005F_x000D_</t></is>", "_x000D_"),  # an escaped escape
        ("<is><t>_xZZZZ_ _x41_</t></is>", "_xZZZZ_ _x41_"),  # no escapes
        ("<is><t>_xD83D__xDE00_</t></is>", "😀"),  # halves that were escaped one by one
        ("<is><t>😀 &amp; &#233;</t></is>", "😀 & é"),
        ("<is><r><t>As</t></r><r><rPr><b/></rPr><t>ha</t></r></is>", "Asha"),  # rich text
        ('<is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is>', "東京"),  # how it is read aloud
        ("<is><t><![CDATA[<x>]]></t></is>", "<x>"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_text_is_what_the_cell_shows(read_cell, content, shown, shared):
    if shared:
        string = content.removeprefix("<is>").removesuffix("</is>")
        assert read_cell('<c r="A2" t="s"><v>0</v></c>', strings=[string]) == (shown, "")
    else:
        assert read_cell(f'<c r="A2" t="inlineStr">{content}</c>') == (shown, "")


@pytest.mark.parametrize(
    ("cell", "shown", "slug"),
    [
        ('<c r="A2" t="b"><v>1</v></c>', "TRUE", ""),
        ('<c r="A2" t="b"><v>0</v></c>', "FALSE", ""),
        ('<c r="A2" t="str"><f>B2</f><v>result</v></c>', "result", ""),
        ('<c r="A2" t="str"><f>B2</f><v></v></c>', "", ""),  # a result, and it is blank
        ('<c r="A2"><f>B2*2</f><v>84</v></c>', "84", ""),
        ('<c r="A2"><f>B2*2</f></c>', "", "formula-without-result"),
        ('<c r="A2"><f>B2*2</f><v></v></c>', "", "formula-without-result"),  # as libraries write it
        ('<c r="A2" t="e"><v>#REF!</v></c>', "#REF!", "excel-error"),
        ('<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", "excel-error"),
        ('<c r="A2" t="inlineStr"><is><t>#N/A</t></is></c>', "#N/A", ""),  # somebody typed it
        ('<c r="A2" t="inlineStr"><is><t>a_x0000_b</t></is></c>', "a\0b", "control-character"),
        ('<c r="A2" t="inlineStr"><is><t>_xD83D_</t></is></c>', "\ufffd", "replacement-character"),
        ('<c r="A2" t="d"><v>2024-01-05T10:30:00</v></c>', "2024-01-05T10:30:00", ""),
        ('<c r="A2"><v> 12 </v></c>', "12", ""),
        ('<c r="A2" t="s"/>', "", ""),
        ('<c r="A2" s="99"><v>12</v></c>', "12", ""),  # a style that does not exist
        ("<c><v>12</v></c>", "12", ""),  # without its place: the next one
    ],
)
def test_every_kind_of_cell_has_its_text_or_its_problem(read_cell, cell, shown, slug):
    assert read_cell(cell) == (shown, slug)


def test_an_iso_date_under_a_format_of_days_is_a_day(read_cell):
    assert read_cell('<c r="A2" t="d" s="1"><v>2024-01-05T00:00:00</v></c>', formats=["dd/mm/yy"])[0] == "2024-01-05"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(14, "2023-07-16"), (20, "2023-07-16T00:00:00"), (31, "2023-07-16"), (57, "2023-07-16"), (49, "45123")],
)
def test_formats_that_are_known_by_number_alone_are_known_in_the_far_east_too(read, books, number, shown):
    parts = books.parts(f'<row r="1">{books.text("A1", "A")}</row><row r="2"><c r="A2" s="1"><v>45123</v></c></row>')
    parts["xl/styles.xml"] = f'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    assert read(books.pack(parts), "s.xlsx").rows == {2: [shown]}


def test_results_of_a_file_that_nobody_calculated_are_told(read, books):
    book = books.cell('<c r="A2"><f>B2*2</f><v>0</v></c>', calculation='<calcPr fullCalcOnLoad="1"/>')
    assert "Results of formulas (1) are read as they are stored" in read(book, "s.xlsx").told


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd\ufffe\uffff"))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)
@given(TABLES, st.sampled_from(["openpyxl", "inline", "shared"]))
def test_any_table_of_text_reads_back_with_its_row_numbers(read, books, table, writer):
    width = len(table[0])
    table = [*table, ["end"] * width]  # so that there is a last row that is not blank
    header = [f"column {at}" for at in range(width)]
    if writer == "openpyxl":
        content = written_by_openpyxl(books, [header, *table])
    else:
        content = written_by_hand(books, [header, *table], shared=writer == "shared")
    sheet = read(content, "s.xlsx", header=1)
    assert sheet.rows == dict(enumerate(table, start=2))
    assert sheet.problems == []


def written_by_openpyxl(books, rows) -> bytes:
    """The rows by a library; it would take a leading = for a formula, so every cell is declared as text."""
    book = Workbook()
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(at, column)
            cell.value, cell.data_type = value.replace("_x", "_x005F_x"), "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def written_by_hand(books, rows, *, shared: bool) -> bytes:
    """The rows as inline strings, or as shared ones."""
    strings: list[str] = []
    lines = []
    for at, row in enumerate(rows, start=1):
        cells = ""
        for column, value in enumerate(row):
            place = f"{chr(ord('A') + column)}{at}"
            if shared:
                cells += f'<c r="{place}" t="s"><v>{len(strings)}</v></c>'
                safe = value.replace("_x", "_x005F_x")
                strings.append(books.text("", safe).partition("<is>")[2].partition("</is>")[0])
            else:
                cells += books.text(place, value.replace("_x", "_x005F_x"))
        lines.append(f'<row r="{at}">{cells}</row>')
    return books.pack(books.parts("".join(lines), strings=strings))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)
@given(TABLES, st.sampled_from(["s.ods", "s.xlsb", "s.xls"]))
def test_any_table_of_text_reads_back_from_the_other_kinds_too(read, binaries, table, name):
    width = len(table[0])
    table = [*table, ["end"] * width]
    rows = [[f"column {at}" for at in range(width)], *table]
    if name == "s.ods":
        content = binaries.ods("".join(binaries.ods_row(*(ods_text(cell) for cell in row)) for row in rows))
    elif name == "s.xlsb":
        content = binaries.xlsb(
            b"".join(
                binaries.xlsb_row(
                    at, *(binaries.cell12(6, column, binaries.wide(cell)) for column, cell in enumerate(row))
                )
                for at, row in enumerate(rows, start=1)
            )
        )
    else:
        places = [(at, column, cell) for at, row in enumerate(rows, start=1) for column, cell in enumerate(row)]
        cells = [
            binaries.cell8(0xFD, at, column, number.to_bytes(4, "little"))
            for number, (at, column, _) in enumerate(places)
        ]
        content = binaries.xls(b"".join(cells), strings=[cell for _, _, cell in places])
    sheet = read(content, name, header=1)
    assert sheet.rows == dict(enumerate(table, start=2))
    assert sheet.problems == []


def ods_text(cell: str) -> str:
    """A cell of text, each of its blanks written one by one."""
    content = escape(cell).replace(" ", "<text:s/>")
    return f'<table:table-cell office:value-type="string"><text:p>{content}</text:p></table:table-cell>'
