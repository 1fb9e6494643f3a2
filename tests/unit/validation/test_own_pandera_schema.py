"""The user's own pandera schema runs beside ours, and its failures are problems like any other."""

from __future__ import annotations

import pandera.pandas as pa
import pytest

from importer.errors import WrongUse
from importer.records import ColumnCheck


class Customers(pa.DataFrameModel):
    """A model as a user would write it."""

    Code: str = pa.Field(str_startswith="AB")


def test_failures_of_a_model_name_row_column_cell_and_check(judge_cells):
    (problem,) = judge_cells({"Code": ["AB1", "XY1"], "Other": ["", ""]}, user_schema=Customers)
    assert (problem.row, problem.slug, problem.column, problem.value) == (3, "own-check", "Code", "XY1")
    assert "startswith" in problem.detail


def test_they_stand_beside_our_own(judge_cells):
    problems = judge_cells({"Code": ["XY1"]}, [ColumnCheck("Code", max_length=2)], user_schema=Customers)
    assert [one.slug for one in problems] == ["too-long", "own-check"]


def test_a_check_across_columns_concerns_the_row_as_a_whole(judge_cells):
    schema = pa.DataFrameSchema(checks=pa.Check(lambda cells: cells["A"] != cells["B"], name="a-is-not-b"))
    (problem,) = judge_cells({"A": ["x", "y"], "B": ["y", "y"]}, user_schema=schema)
    assert (problem.row, problem.column, problem.detail) == (3, "", "“a-is-not-b”")


@pytest.mark.parametrize(
    ("column", "cells", "rows"),
    [
        (pa.Column(int, coerce=True), ["1", "x", "2"], [3]),  # coercing, if the user wants that
        (pa.Column(str, unique=True), ["a", "b", "a"], [2, 4]),  # within a chunk
        (pa.Column(str, pa.Check(lambda cell: cell != "b", element_wise=True)), ["a", "b", "a"], [3]),
        (pa.Column(int, pa.Check.in_range(0, 5), coerce=True), ["1", "9", "2"], [3]),
    ],
)
def test_other_ways_to_fail_come_back_as_rows_too(judge_cells, column, cells, rows):
    problems = judge_cells({"A": cells}, user_schema=pa.DataFrameSchema({"A": column}))
    assert sorted({one.row for one in problems}) == rows


def test_skipped_rows_are_not_shown_to_it(judge_cells):
    assert judge_cells({"Code": ["XY1", "AB1"]}, user_schema=Customers, skipped=[2]) == []


def boom(_):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (pa.DataFrameSchema({"Missing": pa.Column(str)}), "Missing"),  # a column that the sheet lacks
        (pa.DataFrameSchema({"A": pa.Column(int)}), "column A"),  # cells are text
        (
            pa.DataFrameSchema({"A": pa.Column(str, pa.Check(boom, name="boom"))}),
            "boom",
        ),  # a check that raises
        (
            pa.DataFrameSchema({"A": pa.Column(str, pa.Check(lambda _: False, name="never"))}),
            "never",
        ),  # no rows named
        ("not a schema", "str"),
        (dict, "DataFrameSchema"),
    ],
)
def test_a_schema_that_cannot_judge_the_sheet_stops_the_run_and_is_named(judge_cells, schema, says):
    with pytest.raises(WrongUse, match=says) as caught:
        judge_cells({"A": ["secret cell"]}, user_schema=schema)
    assert "secret" not in str(caught.value)
    assert caught.value.advice
