"""`rejects.csv`: the original's form, untouched cells, and what was wrong."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.problems import Problem
from importer.records import Notice, RowId, Status
from importer.rejects import ADDED, DANGEROUS, Form, RawRow, guard, unguard
from importer.report import Reasons, Rejected, raw_row, write_rejects
from importer.report.rejects.cells import cut, guarded, written

HEADER = ("Name", "Mobile")


@pytest.fixture
def file(tmp_path, codes):
    """Writes rows below a header; answers with the file's bytes."""

    def write(head, *rows, form=Form(), names=None):  # noqa: B008 - frozen
        path = tmp_path / "rejects.csv"
        head = [head if isinstance(head, RawRow) else raw_row(1, head, form)]
        names = names or dict(enumerate(head[-1].cells))
        write_rejects(path, head, rows, names=names, reasons=Reasons("run-1", codes), form=form)
        return path.read_bytes()

    return write


@pytest.fixture
def written_row(file):
    """Writes one row with its result and problems; answers with the file's bytes."""

    def write(cells, result, problems=(), form=Form(), header=HEADER):  # noqa: B008 - frozen
        return file(header, (raw_row(5, cells, form), Rejected(result, problems)), form=form)

    return write


def read(content: bytes) -> dict[str, str]:
    """The first row below the header, by column."""
    return next(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_added_columns_are_those_of_the_contract():
    assert ",".join(ADDED) == (
        "importer_run,importer_row,importer_status,importer_column,importer_reason,importer_advice"
    )


def test_a_refused_row_comes_back_with_code_reason_and_advice(written_row, ended):
    content = written_row(
        ("Tom", "919876543210"), ended(Status.REJECTED, row=5, code="8015", message="Customer not found")
    )
    assert content.decode() == (
        "Name,Mobile,importer_run,importer_row,importer_status,importer_column,importer_reason,importer_advice\n"
        "Tom,919876543210,run-1,5,rejected,,8015: Customer not found,8015: no such customer: check the number\n"
    )


def test_an_invalid_row_names_every_column_and_every_advice_once(written_row, ended):
    problems = [Problem(5, "phone-invalid", "Mobile", "12"), Problem(5, "email-invalid", "Mail", "x"),
                Problem(5, "phone-invalid", "Mobile", "12")]  # fmt: skip
    result = ended(Status.INVALID, row=5, code="phone-invalid", message="two things")
    row = read(written_row(("Tom", "12"), result, problems))
    assert row["importer_column"] == "Mobile, Mail"
    assert row["importer_reason"] == "two things"
    assert row["importer_advice"].count("Correct the number") == 1
    assert "Correct the address" in row["importer_advice"]


def test_a_row_in_doubt_comes_with_what_is_needed_to_decide(written_row, ended):
    result = ended(
        Status.UNKNOWN, row=5, code="504", message="no answer in time", attempts=2, http_status=504, request_id="r-7",
        sent_at="2026-03-01T12:00:00.000+00:00",
    )  # fmt: skip
    assert read(written_row(("Tom", "1"), result))["importer_reason"] == (
        "504: no answer in time. Sent about mobile 919876543210 at 2026-03-01T12:00:00.000+00:00;"
        " HTTP 504, 2 attempts, request id r-7, only sets."
    )


def test_a_row_that_a_bad_one_stood_in_for_says_which(written_row, ended):
    row = read(written_row(("Tom", "1"), ended(Status.SUPERSEDED, successor=RowId(0, 9))))
    assert row["importer_reason"] == "row 9 stood in for it"
    assert "repair that row" in row["importer_advice"]


def test_what_was_partly_stored_says_what_was_lost(written_row, ended):
    result = ended(Status.PARTIAL, code="8057", message="Invalid email", warnings=(Notice("8057", "Invalid email"),))
    assert "invalid e-mail in a channel: correct it" in read(written_row(("Tom", "1"), result))["importer_advice"]


FORMS = [
    # (form, how the second line begins in the file)
    (Form(delimiter=";", line_end="\r\n"), b"Jos\xc3\xa9;1;"),
    (Form(delimiter="\t"), b"Jos\xc3\xa9\t1\t"),
    (Form("cp1252", delimiter="|"), b"Jos\xe9|1|"),
    (Form("utf-16-le"), "José,1,".encode("utf-16-le")),
    (Form(quote="'", quote_all=True), b"'Jos\xc3\xa9','1',"),
]


@pytest.mark.parametrize(("form", "begins"), FORMS)
def test_rejects_are_written_as_the_original_was(written_row, ended, form, begins):
    content = written_row(("José", "1"), ended(Status.FAILED), form=form)
    end = form.line_end.encode(form.encoding)
    assert content.split(end, 1)[1].startswith(begins)
    assert content.endswith(end)


@pytest.mark.parametrize(
    ("form", "mark"), [(Form("utf-16-le", mark=True), b"\xff\xfe"), (Form("utf-8", mark=True), b"\xef\xbb\xbf")]
)
def test_a_byte_order_mark_stands_where_the_original_had_one(written_row, ended, form, mark):
    content = written_row(("José", "1"), ended(Status.FAILED), form=form)
    assert content.startswith(mark)
    assert content.count(mark) == 1


WORDS = [
    # (encoding, what was said, as it is written)
    ("utf-8", "not “so” → ✓", "not “so” → ✓"),
    ("cp1252", "not “so” → ✓", "not “so” -> ?"),
    ("ascii", "not “so” – José…", 'not "so" - Jose...'),
    ("utf-8", "half \ud83d", "half ?"),
    ("ascii", "＝1+1", "'=1+1"),  # its nearest plain form would be run
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "said", "shown"), WORDS)
def test_our_words_are_written_plainly_where_the_encoding_lacks_a_character(written_row, ended, encoding, said, shown):
    """The cells themselves came out of this encoding."""
    content = written_row(("Tom", "1"), ended(Status.REJECTED, message=said), form=Form(encoding))
    assert next(csv.DictReader(io.StringIO(content.decode(encoding))))["importer_reason"] == shown


RAW = [
    # (raw text and its cells, form, what stands before the added columns, what after them)
    ('01;"x";"a ""b"""', ["01", "x", 'a "b"'], Form(delimiter=";"), '01;"x";"a ""b""";', ""),  # as it was
    ('01, x ,"a\nb"', ["01", " x ", "a\nb"], Form(), '01, x ,"a\nb",', ""),  # blanks and line breaks
    ('=1,"-5",x', ["=1", "-5", "x"], Form(), "'=1,\"'-5\",x,", ""),  # guarded, quoted as before
    ("'x',-5,''", ["x", "-5", ""], Form(quote="'"), "'x','''-5','',", ""),  # a mark that would be a quote
    ("'''',,", ["'", "", ""], Form(quote="'"), "'''''',,,", ""),
    ("1", ["1"], Form(), "1,,,", ',"this row had 1 cell where 3 are expected: look at it, then delete this cell"'),
    ("1,2,3,4,=5", ["1", "2", "3", "4", "=5"], Form(), "1,2,3,", ",4,'=5"),  # what stood beyond stays beyond
    ("1,2,3,", ["1", "2", "3", ""], Form(), "1,2,3,", ","),
    ("", [], Form(), ",,,", ""),  # a blank row
    ('x, "a, b", =1', ["x", "a, b", "=1"], Form(spaced=True), "x, \"a, b\", '=1, ", ""),
    ('x,"a\\"b",c', ["x", 'a"b', "c"], Form(escape="\\"), 'x,"a\\"b",c,', ""),
    ('"a"b,c,d', ["ab", "c", "d"], Form(), '"a"b,c,d,', ""),  # against the rules, and still so
]  # fmt: skip


@pytest.mark.parametrize(("text", "cells", "form", "before", "after"), RAW)
def test_cells_stand_byte_by_byte_as_they_were(file, ended, text, cells, form, before, after):
    content = file(("A", "B", "C"), (RawRow(5, text, "\n", cells), Rejected(ended(Status.FAILED, row=5))), form=form)
    row = content.decode().split("\n", 1)[1]
    assert row.startswith(before + own("run-1", form))
    assert row.endswith(after + "\n")
    if after:
        assert "sends it again" in row.removesuffix(after + "\n")


def own(word: str, form: Form) -> str:
    """One of our words as this form has them."""
    return form.quote + word if form.spaced or form.quote == "'" else word


def test_a_column_without_a_name_gets_the_one_by_which_the_mapping_calls_it(file, ended):
    header = RawRow(1, "A,,C,,", "\r\n", ["A", "", "C", "", ""])
    row = (RawRow(5, "1,2,3,,", "\r\n", ["1", "2", "3", "", ""]), Rejected(ended(Status.FAILED)))
    content = file(header, row, names={0: "A", 1: "column B", 2: "C"}).decode()
    assert content.startswith("A,column B,C,,,importer_run,")
    assert content.splitlines()[1].startswith("1,2,3,,,run-1,")


def test_mixed_line_ends_stay_with_their_rows_and_the_last_row_gets_one(file, ended):
    rows = [
        (RawRow(n, f"{n},x", end, [str(n), "x"]), Rejected(ended(Status.FAILED))) for n, end in ((2, "\r"), (3, ""))
    ]
    content = file(RawRow(1, "A,B", "\n", ["A", "B"]), *rows, form=Form(line_end="\r\n")).decode()
    assert [content.count(end) for end in ("\r\n", "\n", "\r")] == [1, 2, 2]
    assert content.endswith("\r\n")


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "+91", "-5", "@x", "\tx", "\rx", "'x", "''", "a\nb", 'say "x"', "a,b", "", "a\\", '\\"', "x\\;"]
)
forms = st.builds(
    Form,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    escape=st.sampled_from([None, "\\"]),
    spaced=st.booleans(),
    quote_all=st.booleans(),
)


@given(st.lists(cells, min_size=2, max_size=2))
def test_cells_come_back_whole_after_one_apostrophe_is_taken_off(pair):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(map(guard, pair))
    line = next(csv.reader(io.StringIO(buffer.getvalue(), newline="")))
    assert not any(cell.startswith(DANGEROUS[:-1]) for cell in line), "nothing that a spreadsheet would run"
    assert [unguard(cell) for cell in line] == pair


def test_an_apostrophe_that_guards_nothing_was_typed_and_stays():
    assert [unguard(cell) for cell in ("'t Hooft", "'", "")] == ["'t Hooft", "'", ""]


@given(st.lists(cells, min_size=1, max_size=5), forms)
def test_a_record_is_cut_where_its_cells_begin(row, form):
    raw = raw_row(1, row, form)
    assert cut(raw.text, form) == [written(cell, form) for cell in row]


@given(st.lists(cells, min_size=2, max_size=5), forms)
def test_31_guarded_cells_run_nothing_and_come_back_whole_in_every_way_of_writing(row, form):
    """`+33…` and `-5` are themselves again after one apostrophe is taken off."""
    text = form.delimiter.join(guarded(written(cell, form), cell, form) for cell in row)
    options = {"delimiter": form.delimiter, "quotechar": form.quote, "escapechar": form.escape, "strict": True}
    (line,) = csv.reader(io.StringIO(text, newline=""), skipinitialspace=form.spaced, **options)
    assert not any(cell.startswith(DANGEROUS[:-1]) for cell in line)
    assert [unguard(cell) for cell in line] == row
