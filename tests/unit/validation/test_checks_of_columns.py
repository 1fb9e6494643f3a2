"""What the mapping's `check:` and `rules:` find in the sheet's own columns."""

from __future__ import annotations

import pandas as pd
import pytest

from importer.apis.capillary.catalog import catalog
from importer.mapping import load
from importer.problems import Problem, kinds
from importer.records import ColumnCheck, RowRule


@pytest.mark.parametrize(
    ("check", "cell", "slug"),
    [
        ({"required": True}, "x", None),
        ({"required": True}, "", "required-blank"),
        ({"required": True}, "  ", "required-blank"),  # nothing but blanks is blank
        (
            {"required": True, "blanks": frozenset({"", "NULL"})},
            "NULL",
            "required-blank",
        ),  # the mapping's own blanks
        ({"pattern": r"[A-Z]{2}\d{8}"}, "AB00000042", None),
        ({"pattern": r"[A-Z]{2}\d{8}"}, " AB00000042 ", None),  # cells are trimmed
        ({"pattern": r"[A-Z]{2}\d{8}"}, "AB00000042x", "pattern-mismatch"),  # the whole cell
        ({"pattern": r"\d+"}, "12\n3", "pattern-mismatch"),
        ({"pattern": r"\d+"}, "١٢", "pattern-mismatch"),  # \d is ASCII
        ({"pattern": r"\d+"}, "", None),  # blank cells pass what is not `required`
        ({"pattern": "a|ab"}, "ab", None),  # alternatives match as a whole
        ({"in_": ("Silver", "Gold")}, "Gold", None),
        ({"in_": ("Silver", "Gold")}, "gold", "not-allowed"),  # the letter case counts
        ({"min_length": 3}, "ab", "too-short"),
        ({"min_length": 3}, "", None),
        ({"max_length": 3}, "abcd", "too-long"),
        ({"max_length": 3}, "李李李", None),  # characters, not bytes
        ({"min": 0, "max": 10}, "10", None),
        ({"min": 0, "max": 10}, "10.5", "too-large"),
        ({"min": 0, "max": 10}, "-1", "too-small"),
        ({"min": 0, "max": 10}, "1,5", "not-a-number"),  # plain decimals only
        ({"min": 0, "max": 10}, "1e1", "not-a-number"),
        ({"min": 0, "max": 10}, "nan", "not-a-number"),
        ({"min": 0, "max": 10}, "", None),
    ],
)
def test_a_check_finds_what_it_asks_for(judge_cells, check, cell, slug):
    problems = judge_cells({"Code": [cell]}, [ColumnCheck("Code", **check)])
    assert [one.slug for one in problems] == ([] if slug is None else [slug])


def test_a_problem_names_row_column_cell_and_what_was_asked(judge_cells):
    (problem,) = judge_cells({"Points": ["5", " -3 "]}, [ColumnCheck("Points", min=0)])
    assert problem == Problem(3, "too-small", "Points", "-3", "", "the minimum is 0")
    assert "-3" in problem.message


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("gold", "did you mean Gold?"),  # another letter case
        ("Silvr", "did you mean Silver?"),  # a slip
        ("Bronze", "Silver, Gold"),  # nothing near: the allowed values
    ],
)
def test_a_value_that_is_not_allowed_comes_with_the_one_that_was_probably_meant(judge_cells, cell, says):
    (problem,) = judge_cells({"Tier": [cell]}, [ColumnCheck("Tier", in_=("Silver", "Gold"))])
    assert problem.detail.endswith(says)


def test_a_row_with_several_problems_yields_all_of_them_and_rows_come_in_order(judge_cells):
    checks = [ColumnCheck("A", pattern="a", max_length=1), ColumnCheck("B", required=True)]
    problems = judge_cells({"A": ["a", "bb", "cc"], "B": ["x", "", "y"]}, checks)
    assert [(one.row, one.slug) for one in problems] == [
        (3, "pattern-mismatch"),
        (3, "too-long"),
        (3, "required-blank"),
        (4, "pattern-mismatch"),
        (4, "too-long"),
    ]


def test_skipped_rows_are_not_judged_and_lose_their_earlier_problems(judge_cells):
    earlier = [Problem(2, "blank", "A"), Problem(3, "blank", "A")]
    problems = judge_cells({"A": ["", ""]}, [ColumnCheck("A", required=True)], skipped=[2], problems=earlier)
    assert {one.row for one in problems} == {3}
    assert len(problems) == 2


def test_a_row_whose_cells_have_shifted_is_not_looked_at_further(judge_cells):
    """Its cells stand under the wrong headers, and must not make other rows look like duplicates either."""
    shifted = Problem(3, "row-too-long", detail="3 cells for 2 columns")
    checks = [ColumnCheck("A", required=True, unique=True, pattern="x")]
    assert judge_cells({"A": ["x", "x"]}, checks, problems=[shifted]) == [shifted]


def test_a_rule_asks_for_a_column_where_it_applies(judge_cells):
    """`applies` may look at columns that neither the rule nor a check names."""
    rule = RowRule("tier-needs-expiry", lambda cells: cells["Tier"].str.strip() != "", ("Until",))
    columns = {"Tier": ["Gold", "Gold", "", "Gold"], "Until": ["", "2026", "", " "], "X": ["", "", "", ""]}
    problems = judge_cells(columns, [], [rule])
    assert [(one.row, one.slug, one.column) for one in problems] == [
        (2, "rule-broken", "Until"),
        (5, "rule-broken", "Until"),
    ]
    assert "tier-needs-expiry" in problems[0].message


def test_a_rule_counts_the_mappings_blanks_as_blank(judge_cells):
    rule = RowRule("r", lambda cells: pd.Series(data=True, index=cells.index), ("A",), frozenset({"", "N/A"}))
    assert [one.row for one in judge_cells({"A": ["N/A", "x"]}, [], [rule])] == [2]


def test_a_check_on_a_long_list_of_values_lists_only_the_first(judge_cells):
    (problem,) = judge_cells({"A": ["?"]}, [ColumnCheck("A", in_=tuple(f"v{n}" for n in range(50)))])
    assert problem.detail.endswith("v11 and 38 more")


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_both_kinds_of_text_storage_are_judged_alike(judge_cells, storage):
    if storage == "pyarrow":
        pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", storage):
        problems = judge_cells({"A": ["x", "", "y "]}, [ColumnCheck("A", required=True, unique=True, pattern="[xy]")])
    assert [(one.row, one.slug) for one in problems] == [(3, "required-blank")]


def test_the_cells_of_the_chunk_stay_as_they_were(judge_cells, chunk):
    made = chunk({"A": [" x "]})
    before = made.cells.copy()
    judge_cells({"A": [" x "]}, [ColumnCheck("A", pattern="x")])
    pd.testing.assert_frame_equal(made.cells, before)


def test_every_slug_of_this_room_has_its_entry():
    slugs = {
        "required-blank",
        "pattern-mismatch",
        "not-allowed",
        "too-short",
        "too-long",
        "not-a-number",
        "too-small",
    }
    slugs |= {"too-large", "not-unique", "rule-broken", "own-check", "wrong-type", "broken-character"}
    assert slugs | {"element-incomplete", "only-beside-type"} <= set(kinds())


def test_the_blanks_that_a_mapping_states_are_blank_to_its_checks(tmp_path):
    """`NULL` is no name of four letters."""
    path = tmp_path / "mapping.yaml"
    path.write_text(
        'version: 1\nname: b\nsheet: {blanks: ["", "NULL"]}\nlookup: {source: INSTORE, identifiers: [externalId: A]}\n'
        "profile: {firstName: B}\ncheck: {B: {required: true, max_length: 3}}\n",
        "utf-8",
    )
    fitted = load(path, catalog()).fit(["A", "B"])
    assert [check.blanks for check in fitted.checks] == [{"", "NULL"}]
