"""Thousands of problems read as a few causes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.problems import Problem
from importer.validation import gather
from importer.validation.causes import CAUSES_KEPT, OTHER_VALUES, form_of


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("9876543210", "9999999999"),  # the number of digits tells something
        ("+91 98765", "+99 99999"),
        ("Ann", "A"),  # the length of a word does not
        ("José 李  Smith", "A A A"),
        ("ann_b@example.com", "A_A@A.A"),
        ("AB00000042", "A99999999"),
        ("", ""),
        ("1" * 100, "9" * 39 + "…"),
    ],
)
def test_a_form_keeps_the_shape_and_drops_the_content(value, form):
    assert form_of(value) == form


def test_problems_of_one_form_are_one_cause_and_the_largest_comes_first():
    problems = [Problem(row, "pattern-mismatch", "Mobile", f"98765432{row:02}") for row in range(2, 10)]
    problems.insert(3, Problem(5, "required-blank", "Code"))
    first, second = gather(problems)
    assert (first.slug, first.column, first.pattern, first.rows) == (
        "pattern-mismatch",
        "Mobile",
        "9999999999",
        8,
    )
    assert first.first == (2, 3, 4, 5, 6)
    assert first.example == "9876543202"
    assert first.title
    assert first.advice.endswith(".")
    assert (second.slug, second.rows, second.pattern) == ("required-blank", 1, "")


def test_two_entries_of_one_cell_are_one_row():
    (cause,) = gather([Problem(2, "too-long", "E", "a; b"), Problem(2, "too-long", "E", "a; b")])
    assert cause.rows == 1


def test_where_the_form_tells_nothing_values_are_counted_together():
    (cause,) = gather([Problem(2, "not-unique", "Code", "A1"), Problem(3, "not-unique", "Code", "123")])
    assert (cause.rows, cause.pattern) == (2, "")


def test_without_problems_there_are_no_causes():
    assert gather([]) == []


def test_memory_is_bounded_whatever_the_values_look_like():
    signs = "!#$%&()*+,-./:;<"
    values = ("".join(signs[int(digit, 16)] for digit in f"{number:x}") for number in range(3 * CAUSES_KEPT))
    causes = gather(Problem(row, "pattern-mismatch", "A", value) for row, value in enumerate(values))
    assert len(causes) <= CAUSES_KEPT + 1
    assert causes[0].pattern == OTHER_VALUES
    assert sum(cause.rows for cause in causes) == 3 * CAUSES_KEPT


@given(st.lists(st.tuples(st.sampled_from(["too-long", "own-check"]), st.text("a1 ", max_size=3)), max_size=40))
def test_every_row_with_a_problem_is_counted(found):
    problems = [Problem(row, slug, "A", value) for row, (slug, value) in enumerate(found)]
    assert sum(cause.rows for cause in gather(problems)) == len(problems)
