"""Rejects of workbooks, from file to file; openpyxl is the witness of what came out."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from openpyxl.utils.escape import escape

from importer import run as corridor
from importer.records import SheetOptions
from importer.rejects import ADDED, GUIDE
from importer.run.order import Order
from importer.sheets import open_sheet

RED = PatternFill("solid", fgColor="FFFFC7CE").fgColor.rgb
DAY = dt.datetime(2024, 2, 29)  # noqa: DTZ001 - cells have no zone


@pytest.fixture
def book(tmp_path: Path):
    """Writes a workbook: a function gets the book and its sheet."""

    def write(fill, name="customers.xlsx", worksheet="Customers", **options) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, options) as made:
            fill(made, made.add_worksheet(worksheet))
        return path

    return write


def table(*rows, first=(0, 0)):
    """Fills a sheet with the header Name, Mobile and more, and rows below it."""

    def fill(_, sheet):
        header = ("Name", "Mobile", "More", "Last")[: len(rows[0])]
        for number, cells in enumerate((header, *rows)):
            for column, cell in enumerate(cells):
                sheet.write(first[0] + number, first[1] + column, cell)

    return fill


def opened(path: Path, worksheet="Customers"):
    return openpyxl.load_workbook(path)[worksheet]


def test_24_rejects_of_a_workbook_are_a_workbook_of_the_same_look(planned, book):
    """Names, header, widths, formats, kinds of cells; what is at fault is filled and says why."""

    def fill(made, sheet):
        text, day, padded = (made.add_format({"num_format": one}) for one in ("@", "dd/mm/yyyy", "00000"))
        sheet.set_column("A:A", 31.5, text)
        sheet.set_column("C:C", None, None, {"hidden": True})
        sheet.write_row(0, 0, ["Name", "Mobile", "Born", "PIN", "Vip", "Points"])
        sheet.write_string(1, 0, "00042", text)
        sheet.write_string(1, 1, "12")
        sheet.write_datetime(1, 2, DAY, day)
        sheet.write_number(1, 3, 405, padded)
        sheet.write_boolean(1, 4, True)
        sheet.write_formula(1, 5, "=40+2", None, 42)

    path = planned(book(fill))
    assert path.name == "rejects.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == [GUIDE, "Customers"]
    sheet = opened(path)
    assert [cell.value for cell in sheet[1]] == ["Name", "Mobile", "Born", "PIN", "Vip", "Points", *ADDED]
    name, mobile, born, pin, vip, points, run, row, status, column, reason, advice = sheet[2]
    assert (name.value, name.data_type, name.number_format) == ("00042", "s", "@")
    assert (born.value, born.number_format) == (DAY, "dd/mm/yyyy")
    assert (pin.value, pin.data_type, pin.number_format) == (405, "n", "00000")
    assert (vip.value, points.value, points.data_type) == (True, 42, "n")
    assert (mobile.value, mobile.fill.fgColor.rgb, mobile.number_format) == ("12", RED, "@")
    assert "no valid phone number" in mobile.comment.text
    assert "Correct the number" in mobile.comment.text
    assert [cell.fill.fill_type for cell in (name, born, pin, vip, points)] == [None] * 5
    assert (run.value, row.value, status.value, column.value) == (path.parent.name, "2", "invalid", "Mobile")
    assert "no valid phone number" in reason.value
    assert "Correct the number" in advice.value
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:L2")
    assert sheet.column_dimensions["A"].width == opened(path.parents[2] / "customers.xlsx").column_dimensions["A"].width
    assert sheet.column_dimensions["C"].hidden


def test_a_hidden_column_with_a_cell_at_fault_is_shown(planned, book):
    def fill(made, sheet):
        table(("Tom", "12"))(made, sheet)
        sheet.set_column("B:B", None, None, {"hidden": True})

    assert not opened(planned(book(fill))).column_dimensions["B"].hidden


def test_the_first_sheet_says_what_to_do_and_counts_the_rows(planned, book):
    path = planned(book(table(("Tom", "12"), ("Eve", "x"))))
    lines = [cell.value for cell in opened(path, GUIDE)["A"]]
    assert lines[0] == "2 rows of customers.xlsx[Customers] did not end well"
    assert any("filled in red" in line for line in lines if line)
    assert any(line.strip().startswith("importer run rejects.xlsx -m ") for line in lines if line)
    assert "invalid: failed conversion or validation; never sent (2)" in lines


def test_what_stands_above_the_header_and_left_of_the_table_stays_there(planned, book):
    def fill(made, sheet):
        sheet.write(0, 0, "Customers of 2026")
        table(("Tom", "12", "x"), first=(3, 2))(made, sheet)

    rejects = planned(book(fill), "header: 4")
    sheet = opened(rejects)
    assert sheet["A1"].value == "Customers of 2026"
    assert [cell.value for cell in sheet[4]] == [None, None, "Name", "Mobile", "More", *ADDED]
    assert (sheet["C5"].value, sheet["G5"].value) == ("Tom", "5")
    assert sheet.auto_filter.ref == "C4:K5"
    for stated in ("header: 4", ""):  # the added columns tell where the header is
        again = opened(planned(rejects, stated))
        assert [cell.value for cell in again[4]] == [cell.value for cell in sheet[4]]


def test_days_are_counted_as_in_the_original(planned, book):
    def fill(made, sheet):
        table(("Tom", "12", ""))(made, sheet)
        sheet.write_datetime(1, 2, DAY, made.add_format({"num_format": 14}))

    path = planned(book(fill, date_1904=True))
    cell = opened(path)["C2"]
    assert (cell.value, cell.number_format) == (DAY, "mm-dd-yy")  # the built-in one, shown as the country does


TEXTS = [
    "=1+1", "+919876543210", "-5", "@x", "'x", "00042", "<r>x</r>", "<r><t>x</t></r>", "_x000D_", " blank ", "a\nb",
    "https://example.com", "\x0b", "x" * 40_000, "9.19877E+11", "TRUE", "#N/A",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
def test_31_a_text_is_that_text_whatever_it_looks_like(planned, tmp_path, text):
    """No formula, no number, no link, no mark in front."""
    made = openpyxl.Workbook()
    made.active.title = "Customers"
    made.active.append(["Name", "Mobile", "More"])
    made.active.append(["", "12", "x"])
    cell = made.active["A2"]
    cell._value, cell.data_type = (
        escape(text.replace("_x", "_x005F_x")),
        "s",
    )  # as it is: the library would refuse or change some
    path = tmp_path / "customers.xlsx"
    made.save(path)
    rejects = planned(path)
    with open_sheet(str(rejects)) as read:
        (chunk,) = read.chunks()
        assert chunk.cells["Name"].tolist() == [text]
        assert not [problem for problem in chunk.problems if problem.slug != "control-character"]
    assert opened(rejects)["A2"].data_type != "f"


def replace_in(path: Path, old: bytes, new: bytes) -> None:
    """Change the XML of a workbook, to hold what no library writes."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part).replace(old, new) for part in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_what_was_damaged_is_still_damaged_until_somebody_mends_it(planned, tmp_path):
    """An error value, a formula without a result, a number cut short: nobody sends them by mistake."""
    book = openpyxl.Workbook()
    book.active.title = "Customers"
    book.active.append(["Name", "Mobile"])
    for cell in ("#REF!", "=1+1", 111):
        book.active.append([cell, "12"])
    path = tmp_path / "customers.xlsx"
    book.save(path)
    replace_in(path, b"<v>111</v>", b"<v>12345678901234567890</v>")
    rejects = planned(path)
    with open_sheet(str(path)) as before, open_sheet(str(rejects)) as after:
        slugs = [[problem.slug for chunk in sheet.chunks() for problem in chunk.problems] for sheet in (before, after)]
    assert slugs == [
        ["excel-error", "formula-without-result", "excel-rounded"], ["excel-error", "excel-error", "excel-rounded"]
    ]  # fmt: skip
    sheet = opened(rejects)
    assert [sheet[f"A{row}"].value for row in (2, 3)] == ["=#REF!", "=#N/A"]
    assert sheet["A4"].value == 12345678901234567890
    assert all(sheet[f"A{row}"].fill.fgColor.rgb == RED for row in (2, 3, 4))


SPREADSHEET = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Customers">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
CELL = '<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_of_another_kind_of_workbook_comes_back_xlsx(planned, tmp_path):
    """Its cells are texts there, as they were read; the next reading finds the same."""
    rows = (("Name", "Mobile", "More"), ("00042", "12", "=1"), ("Tom", "x", "-5"))
    path = tmp_path / "customers.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        lines = ("".join(CELL.format(text=cell) for cell in row) for row in rows)
        written = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
        archive.writestr("content.xml", SPREADSHEET.format(rows=written))
    rejects = planned(path)
    assert rejects.name == "rejects.xlsx"
    assert read_back(rejects) == [list(row) for row in rows[1:]]
    assert {cell.data_type for cell in opened(rejects)[2][:3]} == {"s"}


def test_a_worksheet_with_the_guides_name_is_read_where_it_is_the_only_one(planned, book):
    """And its rejects have no guide, which would be called the same."""
    path = planned(book(table(("Tom", "12")), worksheet=GUIDE))
    assert openpyxl.load_workbook(path).sheetnames == [GUIDE]
    assert planned(path).name == "rejects.xlsx"


def test_comments_end_before_they_fill_the_memory_and_fills_go_on(planned, book, monkeypatch):
    monkeypatch.setattr("importer.report.rejects.workbook.COMMENTS_AT_MOST", 2)
    sheet = opened(planned(book(table(*[("Tom", "12")] * 4))))
    assert [bool(sheet[f"B{row}"].comment) for row in range(2, 6)] == [True, True, False, False]
    assert {sheet[f"B{row}"].fill.fgColor.rgb for row in range(2, 6)} == {RED}


numbers = st.integers(-(10**14), 10**14) | st.floats(allow_nan=False, allow_infinity=False, width=32)
days = st.datetimes(dt.datetime(1905, 1, 1), dt.datetime(2200, 1, 1)).map(lambda day: day.replace(microsecond=0))  # noqa: DTZ001 - cells have no zone
cells = st.one_of(
    st.none(), st.booleans(), numbers, days, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
)
formats = st.sampled_from(["General", "@", "00000", "0%", "dd/mm/yyyy", "yyyy-mm-dd hh:mm:ss", "[h]:mm", '"EMP-"0000'])


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(cells, formats, cells, formats), min_size=1, max_size=4))
def test_every_cell_reads_in_the_rejects_as_in_the_original(rows):
    """Whatever its kind and format, and twice in a row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = openpyxl.Workbook()
        book.active.title = "Customers"
        book.active.append(["Name", "Mobile", "More"])
        for at, (one, one_format, other, other_format) in enumerate(rows, start=2):
            for column, value, form in ((1, one, one_format), (3, other, other_format)):
                cell = book.active.cell(at, column)
                if isinstance(value, str):
                    cell._value, cell.data_type = value, "s"
                else:
                    cell.value = value
                cell.number_format = form
            book.active.cell(at, 2).value = "12"
        book.save(folder / "customers.xlsx")
        mapping = folder / "mapping.yaml"
        mapping.write_text(
            "version: 1\nname: small\nlookup:\n  source: INSTORE\n  identifiers:\n"
            "    - mobile: {column: Mobile, convert: [{phone: IN}]}\nprofile:\n  firstName: More\n"
        )
        path = folder / "customers.xlsx"
        texts = [read_back(path)]
        for _ in range(2):
            _, summary = corridor.plan(Order("plan", (str(path),), mapping, folder / "runs"))
            path = Path(summary.folder) / "rejects.xlsx"
            texts.append(read_back(path))
        assert texts[1] == texts[0]
        assert texts[2] == texts[0]


def read_back(path: Path) -> list[list[str]]:
    """The cells of the three columns, as room 1 reads them."""
    with open_sheet(str(path), SheetOptions()) as sheet:
        return [row for chunk in sheet.chunks() for row in chunk.cells[["Name", "Mobile", "More"]].values.tolist()]
