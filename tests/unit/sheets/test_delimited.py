"""Delimited text is read cell by cell as it stands, with the right row and line numbers."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from importer.errors import SheetError
from importer.records import SheetOptions
from importer.rejects import ADDED, RawRow
from importer.sheets import open_sheet


def test_every_cell_is_text_and_a_blank_one_is_an_empty_text(read):
    sheet = read("Code,Name,Points\n007,,1.50\nNA,None,null\n")
    assert sheet.rows == {2: ["007", "", "1.50"], 3: ["NA", "None", "null"]}
    assert all(dtype == "str" for dtype in sheet.chunks[0].cells.dtypes)
    assert not sheet.chunks[0].cells.isna().any(axis=None)


def test_index_and_lines_are_what_the_next_rooms_rely_on(read):
    (chunk,) = read("Code,Name\n1,a\n2,b\n").chunks
    assert chunk.cells.index.name == "row"
    assert chunk.cells.index.dtype == np.int64
    assert chunk.lines.dtype == np.int64
    pd.testing.assert_index_equal(chunk.lines.index, chunk.cells.index)
    assert list(chunk.cells.columns) == ["Code", "Name"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n", {2: ["1", "2"]}),  # comma
        ("a;b\n1,5;2\n", {2: ["1,5", "2"]}),  # semicolon, decimal commas
        ("a\tb\n1\t2\n", {2: ["1", "2"]}),  # tab
        ("a|b\n1|2\n", {2: ["1", "2"]}),  # bar
        ("a,b\r\n1,2\r\n", {2: ["1", "2"]}),  # CR LF
        ("a,b\r1,2\r", {2: ["1", "2"]}),  # old Mac
        ("a,b\n1,2\r\n3,4\r5,6", {2: ["1", "2"], 3: ["3", "4"], 4: ["5", "6"]}),  # mixed, none at the end
        ('a,b\n"1,5","say ""hi"""\n', {2: ["1,5", 'say "hi"']}),  # delimiter and doubled quote inside
        ('a,b\n"1\n2",3\n4,5\n', {2: ["1\n2", "3"], 3: ["4", "5"]}),  # line break inside
        ('a,b\n"1\r\n2",3\n', {2: ["1\r\n2", "3"]}),  # CR LF inside stays CR LF
        ('a,b\n5" pipe,x\n', {2: ['5" pipe', "x"]}),  # a quote inside an unquoted cell is a character
        ("a,b\n  x  ,\ty\n", {2: ["  x  ", "\ty"]}),  # white space is kept
        ("Mobile\n919876543210\n", {2: ["919876543210"]}),  # one column needs no delimiter
    ],
)
def test_cells_are_read_as_they_stand(read, content, expected):
    sheet = read(content)
    assert sheet.rows == expected
    assert not sheet.problems


def test_a_line_separator_of_unicode_is_no_line_end(read):
    assert read("a,b\nx\u2028y,z\n").rows == {2: ["x\u2028y", "z"]}


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_unicode_files_are_read_with_and_without_byte_order_mark(read, encoding):
    text = "Code,Name\r\n01,José\r\n02,अनिल\r\n03,😀\r\n"
    sheet = read(text.encode(encoding))
    assert sheet.header == ("Code", "Name")
    assert sheet.rows == {2: ["01", "José"], 3: ["02", "अनिल"], 4: ["03", "😀"]}
    assert sheet.dialect.bom == (encoding in {"utf-8-sig", "utf-16", "utf-32"})


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_marked_big_or_little_endian_file_is_read(read, mark):
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read(mark + "a,b\n1,é\n".encode(codec)).rows == {2: ["1", "é"]}


def test_utf_16_without_mark_is_told_with_its_evidence(read):
    assert "by the pattern of its NUL bytes" in read("a,b\n1,2\n".encode("utf-16-le")).told


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("cp1252", "José €"),
        ("iso-8859-1", "José"),
        ("cp1250", "Łódź"),
        ("cp1251", "Иван"),
        ("shift_jis", "田中"),
        ("gb18030", "王"),
        ("iso2022_jp", "田中"),
        ("utf-16-le", "José"),
    ],
)
def test_a_declared_encoding_is_used(read, declared, text):
    sheet = read(f"Code,Name\n1,{text}\n".encode(declared), encoding=declared)
    assert sheet.rows == {2: ["1", text]}


def test_lines_and_rows_part_at_line_breaks_in_quotes(read):
    sheet = read('a,b\n1,"x\ny\nz"\n\n2,w\n')
    assert sheet.rows == {2: ["1", "x\ny\nz"], 3: ["", ""], 4: ["2", "w"]}
    assert sheet.lines == {2: 2, 3: 5, 4: 6}
    assert "first in row 2" in sheet.told


def test_blank_rows_inside_are_rows_and_at_the_end_are_not(read):
    sheet = read("a,b\n\n1,2\n,\n\n3,4\n\n,,,\n\n")
    assert sheet.rows == {2: ["", ""], 3: ["1", "2"], 4: ["", ""], 5: ["", ""], 6: ["3", "4"]}
    assert not sheet.problems
    assert "Blank rows at the end were left out: 3, from row 7 on." in sheet.told


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_chunks_hold_no_more_rows_than_asked_and_lose_none(read, rows):
    content = "a,b\n" + "".join(f"{n},x\n\n" for n in range(20)) + "\n" * 7
    whole, parts = read(content), read(content, chunk=rows)
    assert max(len(chunk.cells) for chunk in parts.chunks) <= rows
    assert parts.rows == whole.rows
    assert parts.lines == whole.lines
    assert len(whole.rows) == 39


def test_reading_again_gives_the_same(write):
    with open_sheet(write('a,b\n1,"x\ny"\n2\n3,z\n\n')) as sheet:
        first, second = list(sheet.chunks()), list(sheet.chunks(2))
        notes = sheet.notes
        assert list(sheet.chunks())
        assert sheet.notes == notes
    pd.testing.assert_frame_equal(first[0].cells, pd.concat([chunk.cells for chunk in second]))
    assert first[0].problems == sum((chunk.problems for chunk in second), ())


@pytest.mark.parametrize(
    ("row", "cells", "slug", "detail"),
    [
        ("1", ["1", "", ""], "row-too-short", "1 cell where 3 are expected"),
        ("1,2", ["1", "2", ""], "row-too-short", "2 cells where 3 are expected"),
        ("1,2,3,4", ["1", "2", "3"], "row-too-long", "4 cells where 3 are expected"),
        ("1,2,3,,,6", ["1", "2", "3"], "row-too-long", "6 cells where 3 are expected"),
    ],
)
def test_a_row_of_the_wrong_length_is_a_problem_and_shifts_nothing(read, row, cells, slug, detail):
    sheet = read(f"a,b,c\n0,0,0\n{row}\n9,9,9\n")
    assert sheet.rows == {2: ["0", "0", "0"], 3: cells, 4: ["9", "9", "9"]}
    assert [(p.row, p.slug, p.column, p.detail) for p in sheet.problems] == [(3, slug, "", detail)]


def test_blank_cells_beyond_the_last_column_are_no_problem(read):
    assert not read("a,b\n1,2,,,\n3,4\n").problems


def test_one_row_too_many_cells_in_every_row_does_not_make_the_first_column_an_index(read):
    sheet = read("a,b,c\n1,2,3,4\n5,6,7,8\n")
    assert sheet.rows == {2: ["1", "2", "3"], 3: ["5", "6", "7"]}
    assert sheet.slugs == {(2, "row-too-long"), (3, "row-too-long")}


def test_text_after_a_closing_quote_is_a_problem_of_its_row_alone(read):
    sheet = read('a,b\n1,x\n2,"Ann "The Boss" Lee"\n3,z\n')
    assert sheet.slugs == {(3, "stray-quote")}
    assert sheet.rows[2] == ["1", "x"]
    assert sheet.rows[4] == ["3", "z"]
    assert sheet.lines[4] == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('a,b\n1,x\n2,"open\n3,y\n4,z\n', ["line 3", "never closed"]),  # runs to the end of the file
        ('a,b\n1,x\n2,"open\n3,"y"\n4,z\n', ["line 3", "closed on line 4"]),  # closed by the next row's quote
        ('a,b\n1,"x\ny","open\n', ["line 2", "opened on line 3"]),  # not the record's first quote
        (f'a,b\n1,"{"x" * 1_100_000}\n', ["line 2", "1,000,000 characters"]),  # a huge cell
    ],
)
def test_an_unclosed_quote_is_refused_with_its_line(read, content, says):
    with pytest.raises(SheetError) as refusal:
        read(content)
    assert all(word in refusal.value.message for word in says), refusal.value.message


@pytest.mark.parametrize(
    ("cell", "slug", "detail"),
    [
        ("A\0B", "control-character", "U+0000 (NUL)"),
        ("A\x1fB", "control-character", "U+001F"),
        ("\ufeffA", "control-character", "U+FEFF (a byte-order mark)"),  # two files, glued together
        ("it\x92s", "control-character", "U+0092; cp1252 text read as iso-8859-1 looks so"),
        ("Jos\ufffd", "replacement-character", ""),
    ],
)
def test_traces_of_damage_are_problems_of_their_cell(read, cell, slug, detail):
    sheet = read(f"Code,Name\n1,ok\n2,{cell}\n3,ok\n")
    assert [(p.row, p.column, p.slug, p.value, p.detail) for p in sheet.problems] == [(3, "Name", slug, cell, detail)]
    assert sheet.rows[3] == ["2", cell]


def test_an_end_of_file_mark_of_dos_is_no_row(read):
    sheet = read("a,b\r\n1,x\r\n\x1a")
    assert sheet.rows == {2: ["1", "x"]}
    assert not sheet.problems
    assert "end-of-file mark" in sheet.told


def test_a_mark_that_is_not_the_last_line_is_a_control_character(read):
    sheet = read("a,b\n1,x\n\x1a\n2,y\n3,\x1a")
    assert list(sheet.rows) == [2, 3, 4, 5]
    assert sheet.slugs >= {(3, "control-character"), (5, "control-character")}


@pytest.mark.parametrize("name", ["José", "Müller", "it’s", "Łódź", "São Paulo"])
def test_text_that_was_encoded_twice_is_told(read, name):
    twice = name.encode().decode("cp1252", "ignore")
    assert "encoded twice, first in line 3" in read(f"a,b\n1,x\n2,{twice}\n").told
    assert "encoded twice" not in read(f"a,b\n1,x\n2,{name}\n").told


def test_a_header_far_below_is_found(read):
    sheet = read("x\n" * 25_000 + "a,b\n1,2\n", header=25_001)
    assert sheet.rows == {25_002: ["1", "2"]}


def test_damage_is_found_where_a_block_of_reading_ends(read):
    filler = "Code,Name\n" + "1,x\n" * 262_000
    for shift in range(4):
        content = filler + "2," + "x" * (2**20 - len(filler) - 3 - shift) + "\ufffd\n"
        assert read(content).slugs == {(262_002, "replacement-character")}


def test_a_file_that_changes_while_it_is_read_is_refused(write):
    path = write("a,b\n1,2\n3,4\n")
    with open_sheet(path) as sheet:
        write("a,b\n1,2\n3,4\n5,6\n")
        with pytest.raises(SheetError, match="changed while it was read"):
            list(sheet.chunks())


def test_the_digest_is_that_of_the_bytes_on_disk(write):
    content = "\ufeffa,b\r\n1,é\r\n".encode()
    with open_sheet(write(content)) as sheet:
        assert sheet.digest == hashlib.sha256(content).hexdigest()


def test_label_number_and_worksheet_name_the_sheet(write):
    with open_sheet(write("a,b\n1,2\n"), SheetOptions(), number=3) as sheet:
        assert (sheet.label, sheet.number, sheet.worksheet) == ("customers.csv", 3, "")
        assert [chunk.sheet for chunk in sheet.chunks()] == [3]


def test_raw_gives_records_exactly_as_they_stand(write):
    content = 'Code ;"Na""me"\r\n01; "x" \r\n\r\n"02";"a\nb"\r03;\'=1\r\n04;'
    with open_sheet(write(content), SheetOptions(delimiter=";")) as sheet:
        assert list(sheet.raw([1, 2, 4, 5, 6])) == [
            RawRow(1, 'Code ;"Na""me"', "\r\n", ["Code ", 'Na"me']),
            RawRow(2, '01; "x" ', "\r\n", ["01", ' "x" ']),
            RawRow(4, '"02";"a\nb"', "\r", ["02", "a\nb"]),
            RawRow(5, "03;'=1", "\r\n", ["03", "'=1"]),
            RawRow(6, "04;", "", ["04", ""]),
        ]


def test_raw_asks_for_a_row_number_only_when_the_one_before_was_handed_out(write):
    asked = []

    def rows():
        for row in (2, 4):
            asked.append(row)
            yield row

    with open_sheet(write("a,b\n1,2\n3,4\n5,6\n")) as sheet:
        raw = sheet.raw(rows())
        assert (next(raw).text, asked) == ("1,2", [2])
        assert ([one.text for one in raw], asked) == (["5,6"], [2, 4])


def test_a_row_that_is_not_there_any_more_is_no_row_to_pass_over(write):
    with (
        open_sheet(write("a,b\n1,2\n")) as sheet,
        pytest.raises(SheetError, match=r"customers\.csv changed while it was read"),
    ):
        list(sheet.raw([2, 3]))


def test_all_records_in_their_raw_form_make_up_the_file_again(write):
    content = 'Code;"Name"\r\n01;x\r\n"02";"a\nb"\r\n\r\n03;"é"\r\n'
    with open_sheet(write(content)) as sheet:
        assert "".join(raw.text + raw.line_end for raw in sheet.raw(range(1, 6))) == content


def test_the_digest_decides_whether_a_sheet_is_still_the_same(write):
    """Touching it changes nothing; other bytes, or none, do."""
    path = Path(write("a,b\n1,2\n"))
    with open_sheet(str(path)) as sheet:
        path.write_bytes(path.read_bytes())
        os.utime(path, (1, 1))
        sheet.check_same()
        path.write_bytes(b"a,b\n1,3\n")
        with pytest.raises(SheetError, match="no longer what it was"):
            sheet.check_same()
        path.unlink()
        with pytest.raises(SheetError, match="is gone"):
            sheet.check_same()


def test_added_columns_tell_where_the_header_of_rejects_is(write):
    """Whatever stands above it, and however many rows follow."""
    header = ",".join(["Name", "", *ADDED])
    with open_sheet(write(f"A title\n\nof two lines\n{header}\nTom,,r,5,invalid,,no,do\n")) as sheet:
        assert sheet.header_row == 4
