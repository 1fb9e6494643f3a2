"""Thousands of problems read as a few causes."""

from __future__ import annotations

import tracemalloc

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.problems import Cause, Problem
from importer.validation import gather
from importer.validation.causes import CAUSES_TOLD, FORMS_COUNTED, FORMS_TOLD
from importer.validation.patterns import OTHER, form_of, in_words


def of_one_sheet(problems):
    return ((0, problem) for problem in problems)


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        ("9876543210", "9999999999", "10 digits"),  # the number of digits tells something
        ("7", "9", "1 digit"),
        ("+91 98765", "+99 99999", "7 digits, as in +99 99999"),
        ("31/12/1980", "99/99/9999", "8 digits, as in 99/99/9999"),
        ("Ann", "A", "a word"),  # the length of a word does not
        ("José 李  Smith", "A A A", "3 words"),
        ("ann_b@example.com", "A_A@A.A", "as in A_A@A.A"),
        ("AB00000042", "A99999999", "as in A99999999"),
        ("١٢", "99", "2 digits"),  # digits of other scripts
        ("", "", "blank"),
        ("1" * 100, "9" * 39 + "…", f"as in {'9' * 39}…"),
    ],
)
def test_a_form_keeps_the_shape_and_drops_the_content(value, form, words):
    assert form_of(value) == form
    assert in_words(form) == words


def test_problems_of_one_form_are_one_cause_and_the_largest_comes_first():
    problems = [Problem(row, "pattern-mismatch", "Mobile", f"98765432{row:02}") for row in range(2, 10)]
    problems.insert(4, Problem(5, "required-blank", "Code"))
    first, second = gather(of_one_sheet(problems))
    assert (first.slug, first.column, first.pattern, first.rows) == ("pattern-mismatch", "Mobile", "10 digits", 8)
    assert first.first == ((0, 2), (0, 3), (0, 4), (0, 5), (0, 6))
    assert first.title
    assert first.advice.endswith(".")
    assert (second.slug, second.rows, second.pattern) == ("required-blank", 1, "blank")


def test_two_entries_of_one_cell_are_one_row_and_the_same_row_of_two_sheets_is_two():
    twice = Problem(2, "too-long", "E", "a; b")
    (cause,) = gather([(0, twice), (0, twice), (1, twice)])
    assert (cause.rows, cause.first) == (2, ((0, 2), (1, 2)))


def test_a_cell_that_fails_two_targets_is_one_row():
    problems = [Problem(2, "pattern-mismatch", "M", "1 2", "a"), Problem(2, "too-long", "M", "1 2", "a"),
                Problem(2, "pattern-mismatch", "M", "1 2", "b")]  # fmt: skip
    assert [(one.slug, one.rows) for one in gather(of_one_sheet(problems))] == [
        ("pattern-mismatch", 1),
        ("too-long", 1),
    ]


@pytest.mark.parametrize(
    ("problem", "pattern"),
    [
        (Problem(2, "not-unique", "Code", "A1", detail="row 3"), ""),  # the form tells nothing
        (Problem(2, "rule-broken", "Until", "", detail="tier-needs-expiry"), "tier-needs-expiry"),
        (Problem(2, "own-check", "Code", "A1", detail="“is_even”"), "“is_even”"),
        (Problem(2, "own-converter-failed", "Code", "A1", detail="vat: KeyError"), "vat: KeyError"),
        (Problem(2, "choice-unknown", "Sex", "m", detail="did you mean 'M'? known are: M, F"), "another letter case"),
        (Problem(2, "choice-unknown", "Sex", "X", detail="known are: M, F"), "a word"),
        (Problem(2, "date-invalid", "B", "31/02/1980", detail="formats: %d/%m/%Y"), "no such day, as in 99/99/9999"),
        (
            Problem(2, "date-invalid", "B", "12/31/1980", detail="formats: %d/%m/%Y"),
            "day and month exchanged, as in 99/99/9999",
        ),
        (Problem(2, "date-invalid", "B", "31.12.1980", detail="formats: %d/%m/%Y"), "8 digits, as in 99.99.9999"),
        (Problem(2, "not-allowed", "Sex", "male ", detail="Male, Female; did you mean Male?"), "another letter case"),
    ],
)
def test_a_cause_is_told_by_what_tells_it_from_others(problem, pattern):
    (cause,) = gather([(0, problem)])
    assert cause.pattern == pattern


@pytest.mark.parametrize(
    ("values", "patterns"),
    [
        # 4,112 rows of a column read as a few causes, whatever people have typed: the commonest form by itself,
        # the others alike where they differ in the number of digits only
        (
            ["9876543210"] * 60 + ["98765"] * 9 + ["9876"] * 8 + ["987"] * 7 + ["a b"] * 2,
            ["10 digits", "3 to 5 digits", "2 words"],
        ),
        (["98765", "98765", "9876", "987", "98"], ["2 to 5 digits"]),
        (["98765", "9876", "a", "a b"], ["4 or 5 digits", "2 words", "a word"]),
        (["x1@y.z", "x12@y.z", "x123@y.z", "x1234@y.z"], ["as in A9@A.A"]),
        (["a", "a b", "a b c", "a-b", "a.b"], ["2 words", "3 words", "a word", OTHER]),
        (["a", "1", "a b"], ["1 digit", "2 words", "a word"]),  # few forms stay as they are
    ],
)
def test_of_one_kind_and_column_only_a_few_forms_are_told_apart(values, patterns):
    causes = gather(of_one_sheet(Problem(row, "phone-invalid", "M", value) for row, value in enumerate(values)))
    assert sorted(cause.pattern for cause in causes) == sorted(patterns)
    assert len(causes) <= FORMS_TOLD + 1
    assert sum(cause.rows for cause in causes) == len(values)
    assert [cause.rows for cause in causes] == sorted((cause.rows for cause in causes), reverse=True)


@pytest.mark.parametrize(
    ("problem", "asked"),
    [
        (Problem(2, "pattern-mismatch", "A", "x", detail="digits only (the entry “x”)"), "digits only"),
        (Problem(2, "not-allowed", "A", "x", detail="Gold, Silver; did you mean Gold?"), "Gold, Silver"),
        (Problem(2, "choice-unknown", "A", "x", detail="did you mean 'M'? known are: M, F"), "M, F"),
        (Problem(2, "too-small", "A", "-1", detail="the minimum is 0"), "the minimum is 0"),
        (Problem(2, "date-invalid", "A", "x", detail="formats: %d/%m/%Y"), "%d/%m/%Y"),
        (Problem(2, "date-invalid", "A", "x", detail="it has a time of day; use `datetime`"), ""),
        (Problem(2, "date-ambiguous", "A", "01/02/1980", detail="1980-01-02, 1980-02-01"), ""),  # that is the cell
        (Problem(2, "email-invalid", "A", "x", detail="the part before @ holds “secret”"), ""),  # so is that
    ],
)
def test_what_was_asked_for_is_told_where_it_is_the_mappings_and_not_the_cells(problem, asked):
    assert gather([(0, problem)])[0].asked == asked


def test_the_form_that_most_values_have_is_told_even_where_it_comes_last():
    values = [*(f"{'x ' * count}{count}" for count in range(1, 20)), *["9876543210"] * 30]
    causes = gather(of_one_sheet(Problem(row, "phone-invalid", "M", value) for row, value in enumerate(values)))
    assert causes[0].pattern == "10 digits"


def test_without_problems_there_are_no_causes():
    assert gather([]) == []


def shapes(count):
    """Values of different forms."""
    signs = "!#$%&()*+,-./:;<"
    return ("".join(signs[int(digit, 16)] for digit in f"{number:x}") for number in range(count))


def test_memory_is_bounded_whatever_the_values_look_like():
    def peak(count):
        tracemalloc.start()
        causes = gather(
            of_one_sheet(Problem(row, "own-check", "A", "", "", one) for row, one in enumerate(shapes(count)))
        )
        (_, most), _ = tracemalloc.get_traced_memory(), tracemalloc.stop()
        assert sum(cause.rows for cause in causes) == count
        assert causes[0].pattern == OTHER
        return most

    peak(2 * FORMS_COUNTED)  # what is read once is read
    assert peak(8 * FORMS_COUNTED) < 1.2 * peak(2 * FORMS_COUNTED)


def test_at_most_so_many_causes_are_told():
    problems = (Problem(row, "required-blank", f"column {row}") for row in range(2 * CAUSES_TOLD))
    assert len(gather(of_one_sheet(problems))) == CAUSES_TOLD


def test_no_cell_leaves_but_as_a_masked_example():
    secrets = ("Zaphod Beeblebrox", "zaphod@example.com", "919876543210", "4111-1111-1111-1111")
    problems = [Problem(row, "pattern-mismatch", "A", value) for row, value in enumerate(secrets)]
    causes = gather(of_one_sheet(problems), mask=lambda problem: problem.value[:2] + "…")
    told = orjson.dumps([cause.facts() for cause in causes]).decode()
    assert not [secret for secret in secrets if secret in told]
    assert {cause.example for cause in causes} == {"Za…", "za…", "91…", "41…"}


@given(st.lists(st.tuples(st.sampled_from(["too-long", "own-check"]), st.text("a1 ", max_size=3)), max_size=40))
def test_every_row_with_a_problem_is_counted(found):
    problems = [Problem(row, slug, "A", value) for row, (slug, value) in enumerate(found)]
    assert sum(cause.rows for cause in gather(of_one_sheet(problems))) == len(problems)


@given(st.text(max_size=60))
def test_a_form_holds_no_letter_or_digit_of_the_value(value):
    assert not {one for one in form_of(value) if one.isalnum() and one not in "A9"}
    assert in_words(form_of(value))


def test_a_cause_is_the_same_after_it_was_kept_as_plain_data():
    cause = Cause(3, "too-long", "A", "2 words", ((0, 2), (1, 5)), "Too long", "Shorten it.", "add `part`", "Za…")
    assert Cause.of(orjson.loads(orjson.dumps(cause.facts()))) == cause
