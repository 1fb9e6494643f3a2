"""xlsb files, record by record: what a person sees, or the name of the damage."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.workbook.xlsb_records import records, rk_number

CORPORA = Path(__file__).parents[5] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the repository")


def double(value: float) -> bytes:
    return struct.pack("<d", value)


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (7 << 2 | 2, 7),  # a whole number
        (12345 << 2 | 3, 123.45),  # hundredths
        (0x3FF00000, 1.0),  # the upper bits of a double
        ((-3 << 2 | 2) & 0xFFFFFFFF, -3),
        (0x3FF00001, 0.01),
    ],
)
def test_packed_numbers_are_unpacked(packed, value):
    assert rk_number(packed) == value


@pytest.mark.parametrize(
    ("kind", "value", "style", "text", "slug"),
    [
        (5, double(405), 1, "00405", ""),
        (5, double(919876543210), 0, "919876543210", ""),
        (5, double(45123), 2, "2023-07-16", ""),
        (5, double(0.5), 3, "50%", ""),
        (5, double(4111111111111110), 0, "4111111111111110", "excel-rounded"),
        (5, double(float("nan")), 0, "nan", "excel-error"),
        (2, struct.pack("<I", 405 << 2 | 2), 1, "00405", ""),
        (3, b"\x17", 0, "#REF!", "excel-error"),
        (3, b"\x99", 0, "#ERROR!", "excel-error"),
        (4, b"\x01", 0, "TRUE", ""),
        (6, None, 0, "00405", ""),
        (7, struct.pack("<I", 0), 0, "shared", ""),
        (8, None, 0, "00405", ""),
        (9, double(2) + bytes(6), 1, "00002", ""),
        (10, b"\0", 0, "FALSE", ""),
        (11, b"\x2a", 0, "#N/A", "excel-error"),
    ],
)
def test_every_kind_of_cell_has_its_text_or_its_problem(read, binaries, kind, value, style, text, slug):
    value = binaries.wide("00405") if value is None else value
    rows = binaries.xlsb_row(1, binaries.cell12(6, 0, binaries.wide("A")), binaries.cell12(6, 1, binaries.wide("B")))
    rows += binaries.xlsb_row(2, binaries.cell12(kind, 0, value, style), binaries.cell12(6, 1, binaries.wide("x")))
    sheet = read(binaries.xlsb(rows, formats=["00000", "dd/mm/yyyy", "0%"], strings=["shared"]), "s.xlsb")
    assert sheet.rows == {2: [text, "x"]}
    assert [problem.slug for problem in sheet.problems] == [slug] * bool(slug)


def test_05_dates_keep_their_day_in_both_calendars(read, binaries):
    rows = binaries.xlsb_row(1, binaries.cell12(6, 0, binaries.wide("A")))
    rows += binaries.xlsb_row(2, binaries.cell12(5, 0, double(43661), 1))
    assert read(binaries.xlsb(rows, formats=["dd/mm/yyyy"], epoch_1904=True), "s.xlsb").rows == {2: ["2023-07-16"]}
    assert read(binaries.xlsb(rows, formats=["dd/mm/yyyy"]), "s.xlsb").rows == {2: ["2019-07-15"]}


def test_rows_gaps_hidden_rows_columns_and_merges_are_told(read, binaries):
    rows = binaries.part(60, struct.pack("<IIIIH", 1, 1, 2000, 0, 1))
    rows += binaries.xlsb_row(3, *(binaries.cell12(6, at, binaries.wide(name)) for at, name in enumerate("ABC")))
    short = binaries.part(17, struct.pack("<I", 0) + binaries.wide("y"))  # without its column: the next one
    rows += binaries.xlsb_row(4, binaries.cell12(6, 0, binaries.wide("x")), short, hidden=True)
    rows += binaries.xlsb_row(6, binaries.cell12(6, 2, binaries.wide("z"))) + binaries.xlsb_row(9)
    rows += binaries.part(176, struct.pack("<IIII", 3, 4, 0, 0))
    sheet = read(binaries.xlsb(rows), "s.xlsb")
    assert sheet.rows == {4: ["x", "y", ""], 5: ["", "", ""], 6: ["", "", "z"]}
    for sentence in ("1 hidden row was", "Hidden columns were read like the others: B.", "(A4:A5)", "from row 7 on"):
        assert sentence in sheet.told
    assert read(binaries.xlsb(rows), "s.xlsb", hidden="skip").rows == {5: ["", ""], 6: ["", "z"]}


def test_a_hidden_worksheet_is_read_only_by_its_name(write, binaries):
    rows = binaries.xlsb_row(1, binaries.cell12(6, 0, binaries.wide("A")))
    content = binaries.xlsb(rows + binaries.xlsb_row(2, binaries.cell12(6, 0, binaries.wide("x"))), state=1)
    path = write(content, "s.xlsb")
    with pytest.raises(SheetError, match="no visible worksheet"):
        open_sheet(path)
    with open_sheet(path, SheetOptions(name="Customers")) as sheet:
        assert [chunk.cells["A"].tolist() for chunk in sheet.chunks()] == [["x"]]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (lambda b: b.xlsb_row(2, b.cell12(7, 0, struct.pack("<I", 9))), "no shared string 9"),
        (lambda b: b.xlsb_row(2, b.cell12(6, 0, struct.pack("<I", 99))), "longer than its record"),
        (lambda b: b.xlsb_row(2, b.cell12(5, 20_000, double(1))), "beyond column XFD"),
        (lambda b: b.xlsb_row(2, b.cell12(5, 0, double(1)), b.cell12(5, 0, double(2))), "twice"),
        (lambda b: b.xlsb_row(1), "row 1 follows row 1"),
        (lambda b: b.xlsb_row(2) + b.record12(5, bytes(500)), "in the middle of a record"),
    ],
)
def test_records_that_contradict_each_other_are_refused(write, binaries, rows, says):
    head = binaries.xlsb_row(1, binaries.cell12(6, 0, binaries.wide("A")))
    path = write(binaries.xlsb(head + rows(binaries)), "s.xlsb")
    with pytest.raises(SheetError, match=says), open_sheet(path, SheetOptions(header=1)) as sheet:
        for _ in sheet.chunks():
            pass


def test_records_are_cut_out_wherever_a_piece_of_reading_ends(binaries):
    class Stream:
        def __init__(self, content):
            self.content = content

        def read(self, _):
            piece, self.content = self.content[:7], self.content[7:]
            return piece

    written = [(1, b""), (300, b"x"), (5, b"abc")]
    content = b"".join(binaries.part(kind, value) for kind, value in written)
    assert list(records(Stream(content))) == written


@needs_corpora
@pytest.mark.parametrize("name", ["date.xlsb", "date_1904.xlsb"])
def test_dates_of_a_famous_program_keep_their_day(name):
    with open_sheet(str(CORPORA / "calamine" / name)) as sheet:
        (chunk,) = sheet.chunks()
    assert chunk.cells.iloc[:, 0].tolist() == ["2021-01-02", "255:10:10"]


@needs_corpora
@pytest.mark.parametrize("name", ["pass_protected.xlsx", "pass_protected.xlsb", "issue_385.xls"])
def test_a_password_is_told_as_such(name):
    with pytest.raises(SheetError, match="is protected by a password"):
        open_sheet(str(CORPORA / "calamine" / name))
