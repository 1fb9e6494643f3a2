"""xls files, record by record: what a person sees, or the name of the damage."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.sheets import open_sheet
from importer.sheets.workbook import xls
from importer.sheets.workbook.compound import stream_of
from importer.sheets.workbook.xls_records import _shared_strings

CORPORA = Path(__file__).parents[5] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the repository")
NUMBER, RK, MANY_RK, BOOL_OR_ERROR, FORMULA = 0x0203, 0x027E, 0xBD, 0x0205, 0x06


def double(value: float) -> bytes:
    return struct.pack("<d", value)


@pytest.mark.parametrize(
    ("kind", "value", "style", "text", "slug"),
    [
        (NUMBER, double(405), 1, "00405", ""),
        (NUMBER, double(919876543210), 0, "919876543210", ""),
        (NUMBER, double(45123), 2, "2023-07-16", ""),
        (NUMBER, double(45123.5), 2, "2023-07-16T12:00:00", ""),
        (NUMBER, double(4111111111111110), 0, "4111111111111110", "excel-rounded"),
        (RK, struct.pack("<I", 405 << 2 | 2), 1, "00405", ""),
        (BOOL_OR_ERROR, b"\x01\0", 0, "TRUE", ""),
        (BOOL_OR_ERROR, b"\x2a\x01", 0, "#N/A", "excel-error"),
        (FORMULA, double(405) + bytes(8), 1, "00405", ""),
        (FORMULA, bytes([2, 0, 7, 0, 0, 0, 255, 255]) + bytes(8), 0, "#DIV/0!", "excel-error"),
        (FORMULA, bytes([1, 0, 1, 0, 0, 0, 255, 255]) + bytes(8), 0, "TRUE", ""),
    ],
)
def test_every_kind_of_cell_has_its_text_or_its_problem(read, binaries, kind, value, style, text, slug):
    cells = binaries.label8(1, 0, "A") + binaries.label8(1, 1, "B")
    cells += binaries.cell8(kind, 2, 0, value, style) + binaries.label8(2, 1, "x")
    sheet = read(binaries.xls(cells, formats=["00000", "dd/mm/yyyy"]), "s.xls")
    assert sheet.rows == {2: [text, "x"]}
    assert [problem.slug for problem in sheet.problems] == [slug] * bool(slug)


def test_a_row_of_packed_numbers_is_read_in_its_columns(read, binaries):
    cells = b"".join(binaries.label8(1, at, name) for at, name in enumerate("ABC"))
    packed = struct.pack("<HH", 1, 1) + b"".join(struct.pack("<HI", style, 7 << 2 | 2) for style in (1, 0)) + b"\2\0"
    cells += binaries.label8(2, 0, "x") + binaries.record8(MANY_RK, packed)
    assert read(binaries.xls(cells, formats=["00000"]), "s.xls").rows == {2: ["x", "00007", "7"]}


def test_05_dates_keep_their_day_in_both_calendars(read, binaries):
    cells = binaries.label8(1, 0, "A") + binaries.cell8(NUMBER, 2, 0, double(43661), 1)
    assert read(binaries.xls(cells, formats=["dd/mm/yyyy"], epoch_1904=True), "s.xls").rows == {2: ["2023-07-16"]}


def test_10_what_is_hidden_or_merged_is_told_and_read_as_stated(read, binaries):
    cells = binaries.record8(0x7D, struct.pack("<HHHHHH", 1, 1, 2000, 0, 1, 0))
    cells += binaries.record8(0x0208, struct.pack("<HHHHHHI", 2, 0, 2, 300, 0, 0, 0x20))
    for row in (1, 2, 3, 5):
        cells += binaries.label8(row, 0, f"a{row}") + binaries.label8(row, 1, f"b{row}")
    cells += binaries.record8(0xE5, struct.pack("<HHHHH", 1, 1, 2, 0, 0))
    told = read(binaries.xls(cells), "s.xls")
    assert list(told.rows) == [2, 3, 4, 5]
    for sentence in (
        "1 hidden row was",
        "Hidden columns were read like the others: B.",
        "(A2:A3)",
        "1 blank row stands",
    ):
        assert sentence in told.told
    assert read(binaries.xls(cells), "s.xls", hidden="skip").rows == {2: ["a2"], 4: [""], 5: ["a5"]}


def test_results_of_formulas_that_nobody_calculated_are_told(read, binaries):
    cells = binaries.label8(1, 0, "A") + binaries.cell8(FORMULA, 2, 0, double(0) + b"\3\0" + bytes(6))
    assert "Results of formulas (1) are read as they are stored" in read(binaries.xls(cells), "s.xls").told


@pytest.mark.parametrize(
    ("length", "wide"),
    [(3, False), (3, True), (9000, False), (9000, True)],
    ids=["narrow", "wide", "long", "long-wide"],
)
def test_shared_strings_are_read_over_the_edges_of_their_records(read, binaries, length, wide):
    texts = [(chr(0x0905 + at) if wide else chr(97 + at)) * length for at in range(3)]
    heads = b"".join(binaries.label8(1, at, name) for at, name in enumerate("ABC"))
    cells = b"".join(binaries.cell8(0xFD, 2, at, struct.pack("<I", at)) for at in range(3))
    assert read(binaries.xls(heads + cells, strings=texts), "s.xls").rows == {2: texts}


def test_rich_text_and_hints_how_it_is_read_aloud_are_passed_over(binaries):
    rich = struct.pack("<HBHI", 2, 0x0C, 1, 6) + b"ab" + bytes(4) + b"hints!"
    strings = list(
        _shared_strings([struct.pack("<II", 2, 2) + rich, struct.pack("<HB", 1, 1) + "é".encode("utf-16-le")])
    )
    assert strings == ["ab", "é"]


def test_a_text_that_a_formula_gives_stands_in_a_record_of_its_own(read, binaries):
    result = bytes([0, 0, 0, 0, 0, 0, 255, 255]) + bytes(8)
    cells = binaries.label8(1, 0, "A") + binaries.cell8(FORMULA, 2, 0, result)
    cells += binaries.record8(0x0207, binaries.narrow("00405"))
    assert read(binaries.xls(cells), "s.xls").rows == {2: ["00405"]}


def test_rows_that_do_not_ascend_are_put_in_order(read, write, binaries, monkeypatch):
    cells = b"".join(binaries.label8(row, column, f"{row}{column}") for column in (0, 1) for row in (1, 3, 2))
    content = binaries.xls(cells)
    assert read(content, "s.xls").rows == {2: ["20", "21"], 3: ["30", "31"]}
    monkeypatch.setattr(xls, "MOST_OUT_OF_ORDER", 5)
    with pytest.raises(SheetError, match="stand in no order"):
        open_sheet(write(content, "s.xls"))


def test_files_of_excel_5_are_read_by_their_code_page(read, binaries):
    cells = binaries.label8(1, 0, "A") + binaries.cell8(0x0204, 2, 0, b"\4\0caf\x8e")
    cells = cells.replace(binaries.narrow("A"), b"\1\0A").replace(
        struct.pack("<HH", 0x0204, 10), struct.pack("<HH", 0x0204, 9)
    )
    assert read(binaries.xls(cells, version=0x0500, code_page=10000), "s.xls").rows == {2: ["café"]}


@pytest.mark.parametrize("version", [0x0200, 0x0300, 0x0400])
def test_files_older_than_excel_5_are_refused(write, binaries, version):
    with pytest.raises(SheetError, match="no program after Excel 4 writes"):
        open_sheet(write(binaries.xls(binaries.label8(1, 0, "A"), version=version), "s.xls"))


def test_a_sheet_that_claims_more_than_there_is_is_refused(write, binaries):
    cells = binaries.label8(1, 0, "A") + binaries.cell8(0xFD, 2, 0, struct.pack("<I", 7))
    with pytest.raises(SheetError, match="no shared string 7"):
        open_sheet(write(binaries.xls(cells, strings=["x"]), "s.xls"))


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut"])
@pytest.mark.parametrize("name", ["s.xls", "s.xlsb", "s.ods"])
def test_a_damaged_file_is_refused_in_a_sentence(write, name, content):
    with pytest.raises(SheetError, match=r"s\.(xls|xlsb|ods)"):
        open_sheet(write(content, name))


@pytest.mark.parametrize("size", [10, 4095, 4096, 5000, 70_000])
def test_a_stream_of_a_compound_file_is_found_whole(binaries, size):
    content = bytes(at % 251 for at in range(size))
    assert stream_of(binaries.compound(content), "Book", "workbook")[:size] == content


@pytest.mark.parametrize("at", [30, 48, 76])
def test_a_compound_file_whose_links_are_damaged_is_an_error(binaries, at):
    content = bytearray(binaries.compound(b"x" * 5000))
    content[at : at + 4] = b"\x02\0\0\0"
    with pytest.raises((ValueError, IndexError, struct.error)):
        stream_of(bytes(content), "Workbook")


def test_sectors_that_are_linked_in_a_circle_are_an_error(binaries):
    content = bytearray(binaries.compound(b"x" * 5000))
    content[-512:-508] = b"\0\0\0\0"  # the first sector of the stream is followed by itself
    with pytest.raises(ValueError, match="circle"):
        stream_of(bytes(content), "Workbook")


def test_files_that_would_fill_the_memory_are_refused_and_the_option_is_named(write, binaries, monkeypatch):
    path = write(binaries.xls(binaries.label8(1, 0, "Name") + binaries.label8(2, 0, "Asha")), "s.xls")
    monkeypatch.setattr(xls, "LARGEST_FILE", 100)
    with pytest.raises(SheetError) as refused:
        open_sheet(path)
    assert "--max-bytes" in refused.value.advice
    with open_sheet(path, SheetOptions(max_bytes=10_000)) as sheet:
        assert sheet.header == ("Name",)


@needs_corpora
@pytest.mark.parametrize("name", ["date.xls", "date_1904.xls"])
def test_dates_of_a_famous_program_keep_their_day(name):
    with open_sheet(str(CORPORA / "calamine" / name)) as sheet:
        (chunk,) = sheet.chunks()
    assert chunk.cells.iloc[:, 0].tolist() == ["2021-01-02", "255:10:10"]
