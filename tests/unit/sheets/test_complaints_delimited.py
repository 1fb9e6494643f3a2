"""What users of other tools complain about, fed to ours as delimited text: right, or refused by name.

The numbers are those of the list of complaints that the project began with.
"""

from __future__ import annotations

import csv
import tracemalloc

import pytest

from importer.errors import SheetError
from importer.sheets import open_sheet


@pytest.mark.parametrize("cell", ["0405153828", '"0405153828"', "007", "000", "+0012"])
def test_01_leading_zeros_are_kept(read, cell):
    assert read(f"Mobile,x\n{cell},1\n").rows[2][0] == cell.strip('"')


@pytest.mark.parametrize("cell", ["+1234567891", "1234567891", "12", "1.0", "-5"])
def test_02_phones_and_ids_do_not_become_floats(read, cell):
    sheet = read(f"Mobile,x\n{cell},1\n,2\n")  # a blank in the column is what makes others choose floats
    assert [row[0] for row in sheet.rows.values()] == [cell, ""]


@pytest.mark.parametrize("cell", ["12345678901234567890123", "9007199254740993", "9.19877E+11", "1e5"])
def test_03_long_ids_keep_every_digit_and_e_notation_stays_as_it_is_written(read, cell):
    assert read(f"Card,x\n{cell},1\n").rows[2][0] == cell


@pytest.mark.parametrize("cell", ["01/02/2024", "2024-02-01", "1/2/24", "45678", "9876543210", "31-12-99"])
def test_04_nothing_is_read_as_a_date(read, cell):
    assert read(f"Birth date,x\n{cell},1\n").rows[2][0] == cell


@pytest.mark.parametrize("cell", ["2024-03-31T02:30:00+05:30", "2024-03-31 23:59:59", "1904-01-01", "00:30"])
def test_05_no_date_moves_by_a_time_zone(read, cell):
    assert read(f"Joined,x\n{cell},1\n").rows[2][0] == cell


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", '\ufeff"'])
def test_06_a_byte_order_mark_is_no_part_of_the_first_header(read, mark):
    closing = '"' if mark.endswith('"') else ""
    assert read(f"{mark}Code{closing},Name\n1,x\n").header == ("Code", "Name")


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-1", "cp1250", "mac_roman", "shift_jis", "gb18030"])
def test_07_wrong_encoding_is_refused_and_never_guessed(read, encoding):
    name = {"shift_jis": "田中太郎", "gb18030": "王小明"}.get(encoding, "José")
    content = f"Code,Name\n1,{name}\n".encode(encoding)
    with pytest.raises(SheetError, match="line 2") as refusal:
        read(content)
    assert "encoding:" in refusal.value.advice
    assert read(content, encoding=encoding).rows == {2: ["1", name]}


def test_07_latin_1_that_is_really_cp1252_does_not_pass_in_silence(read):
    sheet = read("Code,Name\n1,it’s\n2,ok\n".encode("cp1252"), encoding="iso-8859-1")
    assert sheet.slugs == {(2, "control-character")}


def test_08_of_columns_with_the_same_name_none_wins_in_silence(read):
    sheet = read("Name,Mobile,Name\nAnn,1,Bob\n")
    assert sheet.header == ("Name (column A)", "Mobile", "Name (column C)")
    assert sheet.rows == {2: ["Ann", "1", "Bob"]}
    assert "told apart" in sheet.told


def test_09_columns_without_a_header_do_not_vanish(read):
    sheet = read("Code,,Name\n1,x,Ann\n")
    assert sheet.header == ("Code", "column B", "Name")
    assert sheet.rows == {2: ["1", "x", "Ann"]}


def test_09_a_header_of_two_lines_shifts_nothing(read):
    sheet = read('Code,"First\nName",Mobile\n1,Ann,2\n')
    assert sheet.header == ("Code", "First Name", "Mobile")
    assert sheet.rows == {2: ["1", "Ann", "2"]}
    assert sheet.lines == {2: 3}


def test_12_blank_rows_at_the_end_are_no_customers_and_a_gap_ends_nothing(read):
    sheet = read("a,b\n1,x\n" + ",\n" * 5_000 + "2,y\n" + ",\n" * 50_000)
    assert len(sheet.rows) == 5_002
    assert sheet.rows[5_003] == ["2", "y"]
    assert "50,000, from row 5004 on" in sheet.told


def test_13_memory_does_not_grow_with_the_file(tmp_path):
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["Code", "Name", "City"], *([str(n), "Ann", "Pune"] for n in range(rows))])
        tracemalloc.start()
        with open_sheet(str(path)) as sheet:
            for _ in sheet.chunks(1_000):
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1_000)  # whatever is loaded or cached once
    assert peak(160_000) - peak(60_000) < 100_000 * 30  # bytes a row; 150 is the promise


@pytest.mark.parametrize("bad", ["2", "2,Bob,x,y", '2,"Bob" x', "2,Bob\0"])  # short, long, stray quote, NUL
def test_14_a_bad_line_is_a_problem_of_its_row(read, bad):
    sheet = read(f"a,b\n1,Ann\n{bad}\n3,Eve\n")
    assert list(sheet.rows) == [2, 3, 4]
    assert sheet.rows[4] == ["3", "Eve"]
    assert {row for row, _ in sheet.slugs} == {3}


@pytest.mark.parametrize("bad", ['"2,Bob', '2,"Bob'])
def test_14_a_quote_that_swallows_lines_is_refused(read, bad):
    with pytest.raises(SheetError, match="line 3"):
        read(f"a,b\n1,Ann\n{bad}\n3,Eve\n")


def test_15_row_numbers_are_right_below_quoted_line_breaks_and_the_line_stands_beside(read):
    sheet = read('a,b\r\n1,"x\r\ny\r\nz"\r\n\r\n2,w\r\n3\r\n')
    assert [(problem.row, sheet.lines[problem.row]) for problem in sheet.problems] == [(5, 7)]


@pytest.mark.parametrize("cell", ["=1+1", "+33612345678", "-5", "@x", "'=1", '=HYPERLINK("x")'])
def test_31_cells_that_look_like_formulas_are_read_as_they_are(read, cell):
    quoted = cell.replace('"', '""')
    assert read(f'a,b\n"{quoted}",1\n').rows[2][0] == cell


def test_32_nothing_is_guessed_from_a_sample(read):
    content = "Code,Flag\n" + "1,true\n" * 1_500 + "007,maybe\n" + "A-1,\n"
    sheet = read(content, chunk=500)
    assert sheet.rows[1_502] == ["007", "maybe"]
    assert sheet.rows[1_503] == ["A-1", ""]
    assert sheet.rows[2] == ["1", "true"]
