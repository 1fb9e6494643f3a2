"""`rejects.csv`: the original's form, untouched cells, and what was wrong."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.problems import Problem
from importer.records import Status
from importer.rejects import ADDED, DANGEROUS, guard, unguard
from importer.report import Form, write_rejects

HEADER = ("Name", "Mobile")


@pytest.fixture
def written(tmp_path, codes):
    """Writes one row with its result and problems; answers with the file's bytes."""

    def write(cells, result, problems=(), form=Form(), header=HEADER):  # noqa: B008 - frozen
        path = tmp_path / "rejects.csv"
        write_rejects(path, header, [(cells, result, problems)], run="run-1", codes=codes, form=form)
        return path.read_bytes()

    return write


def test_the_added_columns_are_those_of_the_contract():
    assert ",".join(ADDED) == (
        "importer_run,importer_row,importer_status,importer_column,importer_reason,importer_advice"
    )


def test_a_refused_row_comes_back_with_code_reason_and_advice(written, ended):
    content = written(("Tom", "919876543210"), ended(Status.REJECTED, row=5, code="8015", message="Customer not found"))
    assert content.decode() == (
        "Name,Mobile,importer_run,importer_row,importer_status,importer_column,importer_reason,importer_advice\n"
        "Tom,919876543210,run-1,5,rejected,,8015: Customer not found,8015: no such customer: check the number\n"
    )


def test_an_invalid_row_names_every_column_and_every_advice_once(written, ended):
    problems = [Problem(5, "phone-invalid", "Mobile", "12"), Problem(5, "email-invalid", "Mail", "x"),
                Problem(5, "phone-invalid", "Mobile", "12")]  # fmt: skip
    row = next(csv.DictReader(io.StringIO(
        written(("Tom", "12"), ended(Status.INVALID, row=5, code="phone-invalid", message="two things"), problems).decode()
    )))  # fmt: skip
    assert row["importer_column"] == "Mobile, Mail"
    assert row["importer_reason"] == "two things"
    assert row["importer_advice"].count("Correct the number") == 1
    assert "Correct the address" in row["importer_advice"]


FORMS = [
    # (form, how the second line begins in the file)
    (Form(delimiter=";", line_end="\r\n"), b"Jos\xc3\xa9;1;"),
    (Form(delimiter="\t"), b"Jos\xc3\xa9\t1\t"),
    (Form("cp1252", "|"), b"Jos\xe9|1|"),
    (Form("utf-16-le"), "José,1,".encode("utf-16-le")),
    (Form(quote="'", quote_all=True), b"'Jos\xc3\xa9','1',"),
]


@pytest.mark.parametrize(("form", "begins"), FORMS)
def test_rejects_are_written_as_the_original_was(written, ended, form, begins):
    content = written(("José", "1"), ended(Status.FAILED), form=form)
    end = form.line_end.encode(form.encoding)
    assert content.split(end, 1)[1].startswith(begins)
    assert content.endswith(end)


@pytest.mark.parametrize(
    ("form", "mark"),
    [
        (Form("utf-16-le", mark=True), b"\xff\xfe"),
        (Form("utf-8", mark=True), b"\xef\xbb\xbf"),
        (Form("utf-8-sig"), b"\xef\xbb\xbf"),
    ],
)
def test_a_byte_order_mark_stands_where_the_original_had_one(written, ended, form, mark):
    content = written(("José", "1"), ended(Status.FAILED), form=form)
    assert content.startswith(mark)
    assert content.count(mark) == 1


def test_what_the_encoding_cannot_hold_is_written_in_its_number(written, ended):
    """Only our own words can be so: the cells came out of this encoding."""
    assert b"\\u2713" in written(("Tom", "1"), ended(Status.REJECTED, message="✓"), form=Form("cp1252"))


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "+91", "-5", "@x", "\tx", "\rx", "'x", "''", "a\nb", 'say "x"', "a,b", ""]
)


@given(st.lists(cells, min_size=2, max_size=2))
def test_cells_come_back_whole_after_one_apostrophe_is_taken_off(pair):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(map(guard, pair))
    read = next(csv.reader(io.StringIO(buffer.getvalue(), newline="")))
    assert not any(cell.startswith(DANGEROUS[:-1]) for cell in read), "nothing that a spreadsheet would run"
    assert [unguard(cell) for cell in read] == pair


def test_an_apostrophe_that_guards_nothing_was_typed_and_stays():
    assert [unguard(cell) for cell in ("'t Hooft", "'", "")] == ["'t Hooft", "'", ""]
