"""What a plan says of the causes of problems."""

from __future__ import annotations

import dataclasses

import pytest

from importer.problems import Cause
from importer.report.cause_words import CAUSES_SHOWN, cause_lines

TITLE, ADVICE = "Not in the form asked for", "Correct the cell."


def cause(rows=4112, column="Mobile", suggestion="", first=((0, 2), (0, 3), (0, 4), (0, 9))):
    return Cause(rows, "pattern-mismatch", column, "10 digits", first, TITLE, ADVICE, suggestion, "98…3210")


def test_a_cause_says_how_many_rows_what_where_and_what_to_do():
    _, what, where, _ = cause_lines([cause()])
    assert what == "  4,112 rows  Mobile: not in the form asked for: 10 digits [pattern-mismatch]"
    assert where == "              rows 2, 3, 4 …: Correct the cell."


def test_a_change_of_the_mapping_comes_before_the_advice_about_the_sheet():
    _, _, where, _ = cause_lines([cause(suggestion="add `phone: IN` to the column's `convert`")])
    assert where.endswith("rows 2, 3, 4 …: in the mapping, add `phone: IN` to the column's `convert`.")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"rows": 1, "first": ((0, 7),)}, "row 7:"),
        ({"rows": 2, "first": ((0, 7), (1, 2))}, "rows 7, 2 of sheet 2:"),  # row numbers count within their sheet
        ({"column": ""}, "Not in the form asked for: 10 digits"),  # the row as a whole
    ],
)
def test_one_row_several_sheets_and_whole_rows_are_told_apart(facts, says):
    assert says in "\n".join(cause_lines([cause(**facts)]))


def test_what_was_asked_for_is_told_unless_the_remedy_says_it():
    asked = dataclasses.replace(cause(), asked="digits only")
    assert "10 digits; asked for: digits only [" in list(cause_lines([asked]))[1]
    mended = dataclasses.replace(asked, suggestion="add `digits`")
    assert "digits only" not in list(cause_lines([mended]))[1]


def test_at_most_ten_are_told_then_where_to_see_all():
    lines = list(cause_lines([cause(column=f"column {number}") for number in range(CAUSES_SHOWN + 3)]))
    assert sum("[pattern-mismatch]" in line for line in lines) == CAUSES_SHOWN
    assert lines[-2:] == [
        "  … and 3 more causes; summary.json lists them.",
        "  Each of these rows stands in the rejects, with what to do about it.",
    ]


def test_where_nothing_is_wrong_nothing_is_said():
    assert list(cause_lines([])) == []
