"""The user's own pandera schema runs beside ours, and its failures are problems like any other."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.io.pandas_io import serialize_schema
from ruamel.yaml import YAML

from importer.errors import WrongUse
from importer.records import ColumnCheck, Mapped
from importer.validation import Judge
from importer.validation.own_schema import OwnSchema


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
        (pa.Column(str, unique=True), ["a", "b", "a"], [2, 4]),
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
            "never gives one answer for many rows",
        ),
        (
            pa.DataFrameSchema({"A": pa.Column(str, pa.Check(lambda _: True, name="always"))}),
            "always gives one answer for many rows",
        ),  # on a part of the file it would be called good
        (
            pa.DataFrameSchema({"A": pa.Column(str, pa.Check(bool, name="pairs", groupby="B")), "B": pa.Column(str)}),
            "many rows together: pairs",
        ),
        (
            pa.DataFrameSchema({"A": pa.Column(str, pa.Check.unique_values_eq(["x"]))}),
            "many rows together: unique_values_eq",
        ),
        ("not a schema", "str"),
        (dict, "DataFrameSchema"),
    ],
)
def test_a_schema_that_cannot_judge_the_sheet_stops_the_run_and_is_named(judge_cells, schema, says):
    with pytest.raises(WrongUse, match=says) as caught:
        judge_cells({"A": ["secret cell", "secret too"], "B": ["", ""]}, user_schema=schema)
    assert "secret" not in str(caught.value)
    assert caught.value.advice


# ── unique, over the whole run ─────────────────────────────────────────────────────────


class Pairs(pa.DataFrameModel):
    """Unique by one column, and by two together."""

    Code: str = pa.Field(unique=True)

    class Config:
        """Of the frame as a whole."""

        unique = ("Shop", "Till")


def test_unique_holds_over_all_chunks_and_sheets(chunk):
    judge = Judge((), (), (), Pairs)
    tables = [
        {"Code": ["a", "b", ""], "Shop": ["S", "S", ""], "Till": ["1", "2", ""]},
        {"Code": ["c", "a", ""], "Shop": ["S", "S", " "], "Till": ["3", "1", ""]},  # blank cells are nobody's
    ]
    for sheet, table in enumerate(tables):
        made = chunk(table, sheet=sheet)
        assert judge.judge(Mapped(made, pd.DataFrame(index=made.cells.index), {}, ())) == ()
    found = [(sheet, one.row, one.slug, one.column, one.value, one.detail) for sheet, one in judge.close()]
    assert found == [
        (0, 2, "not-unique", "Code", "a", "row 3 of sheet 2"),
        (1, 3, "not-unique", "Code", "a", "row 2 of sheet 1"),
        (0, 2, "not-unique", "Shop + Till", "S + 1", "row 3 of sheet 2"),
        (1, 3, "not-unique", "Shop + Till", "S + 1", "row 2 of sheet 1"),
    ]


def test_the_users_own_schema_object_stays_as_it_is():
    schema = pa.DataFrameSchema({"A": pa.Column(str, pa.Check(lambda cells: cells != "x"), unique=True)}, unique=["A"])
    check = schema.columns["A"].checks[0]._check_fn
    OwnSchema(schema)
    assert schema.columns["A"].unique
    assert schema.unique == ["A"]
    assert schema.columns["A"].checks[0]._check_fn is check


# ── pandera's YAML file ────────────────────────────────────────────────────────────────

CHECKS = """\
schema_type: dataframe
version: 0.35.0
columns:
  Code:
    dtype: string[pyarrow]
    nullable: false
    checks:
      str_matches: ^AB
    unique: true
  Consent:
    dtype: str
    checks:
      isin: ['yes', 'no']
index: null
unique: null
"""


def test_a_yaml_file_judges_like_the_schema_that_it_spells(judge_cells, tmp_path):
    path = tmp_path / "checks.yaml"
    path.write_text(CHECKS, "utf-8")
    cells = {"Code": ["AB1", "XY1", "AB1"], "Consent": ["yes", "no", "maybe"]}
    problems = judge_cells(cells, user_schema=path)
    assert [(one.row, one.slug, one.column) for one in problems] == [
        (3, "own-check", "Code"),
        (4, "own-check", "Consent"),
        (2, "not-unique", "Code"),
        (4, "not-unique", "Code"),
    ]


def test_what_pandera_writes_is_read_back(judge_cells, tmp_path):
    """Round trip through pandera's own serialised form, whatever it calls text here."""
    schema = pa.DataFrameSchema({"A": pa.Column(str, [pa.Check.str_length(2, 3), pa.Check.isin(["ab", "abc", "no"])])})
    path = tmp_path / "checks.yml"
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)  # as pandera's own writer
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(serialize_schema(schema), file)
    assert [one.row for one in judge_cells({"A": ["ab", "x", "no", "abcd"]}, user_schema=path)] == [3, 3, 5, 5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns: [", "is no YAML"),
        ("just text", "has no `columns`"),
        ("columns: {A: {checks: {no_such_check: 1}}}", "no_such_check"),
        ("columns: {A: {dtype: no_such_type}}", "no_such_type"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_schema_is_refused_by_name(judge_cells, tmp_path, text, says):
    path = tmp_path / "checks.yaml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(WrongUse, match=says) as caught:
        judge_cells({"A": ["x"]}, user_schema=path)
    assert "checks.yaml" in str(caught.value)
