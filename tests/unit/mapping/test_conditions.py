"""`when`, `skip_when` and rules: which rows a condition holds for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.conditions import compile_condition
from importer.mapping.document import parse
from importer.mapping.forms import When

CELLS = ["Gold", " Gold ", "gold", "", " ", "NULL", "01", "1", "560001", "56\n", "٥٦"]

CASES = [
    # a condition, the cells for which it holds
    ("{column: A, equals: Gold}", ["Gold", " Gold "]),  # trimmed, case counts
    ('{column: A, equals: " Gold "}', ["Gold", " Gold "]),
    ("{column: A, equals: 01}", ["01"]),  # text as written, not a number
    ("{column: A, in: [Gold, gold]}", ["Gold", " Gold ", "gold"]),
    ("{column: A, in: NULL}", ["NULL"]),  # a single text may stand for a list
    ('{column: A, matches: "56.*"}', ["560001", "56\n"]),
    ('{column: A, matches: "5"}', []),  # whole cells
    ('{column: A, matches: "\\\\d+"}', ["01", "1", "560001", "56\n"]),  # \d is ASCII
    ("{column: A, blank: true}", ["", " ", "NULL"]),  # as `sheet.blanks` says
    ("{column: A, blank: false}", ["Gold", " Gold ", "gold", "01", "1", "560001", "56\n", "٥٦"]),
    ("{not: {column: A, blank: false}}", ["", " ", "NULL"]),
    ("{all: [{column: A, matches: G.*}, {not: {column: A, equals: gold}}]}", ["Gold", " Gold "]),
    ("{any: [{column: A, equals: gold}, {column: A, equals: 1}]}", ["gold", "1"]),
    ("{all: [{any: [{column: A, equals: gold}]}, {column: A, blank: false}]}", ["gold"]),
]


def mask(text: str, frame: pd.DataFrame) -> pd.Series:
    condition = When.model_validate(parse(text, "condition").root).condition()
    return compile_condition(condition, {"NULL"})(frame)


@pytest.mark.parametrize(("text", "holds"), CASES)
def test_a_condition_holds_for_exactly_these_cells(text, holds):
    frame = pd.DataFrame({"A": CELLS}, index=range(5, 5 + len(CELLS)), dtype="str")
    found = mask(text, frame)
    assert found.index.equals(frame.index)
    assert frame["A"][found].tolist() == holds


def test_columns_of_nested_conditions_are_all_known():
    text = "{any: [{column: A, equals: x}, {all: [{column: B, blank: true}, {not: {column: C, in: [y]}}]}]}"
    assert When.model_validate(parse(text, "condition").root).condition().columns() == {"A", "B", "C"}


def test_an_empty_sheet_has_an_empty_mask():
    assert mask("{column: A, equals: x}", pd.DataFrame({"A": pd.Series([], dtype="str")})).tolist() == []


@given(cells=st.lists(st.sampled_from(["a", "b", " a", ""]), min_size=1, max_size=8))
def test_not_turns_around_and_all_of_two_is_both(cells):
    frame = pd.DataFrame({"A": cells, "B": cells[::-1]}, dtype="str")
    one, two = mask("{column: A, equals: a}", frame), mask("{column: B, blank: true}", frame)
    assert mask("{not: {column: A, equals: a}}", frame).equals(~one)
    both = "{all: [{column: A, equals: a}, {column: B, blank: true}]}"
    assert mask(both, frame).equals(one & two)
    assert mask(both.replace("all", "any"), frame).equals(one | two)


@pytest.mark.parametrize(
    "text",
    [
        "{column: A}",  # no test
        "{equals: x}",  # no column
        "{column: A, equals: x, in: [y]}",  # two tests
        "{all: [{column: A, equals: x}], column: A}",  # a group and a column
        "{all: []}",  # an empty group
        "{}",
        '{column: A, matches: "("}',  # no regular expression
        "{column: A, blank: maybe}",
    ],
)
def test_a_condition_that_says_too_little_or_too_much_is_refused(refused, text):
    said = refused(f"profile: {{firstName: Name}}\nrows: {{skip_when: {text}}}\n")
    assert "mapping.yaml:5:" in said
