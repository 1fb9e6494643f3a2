"""`unique` holds over the whole run: every row whose value stands elsewhere too is reported."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.records import ColumnCheck, Mapped
from importer.validation import Judge
from importer.validation.unique import Unique

CHECK = ColumnCheck("Code", unique=True)


@pytest.fixture
def judged(chunk):
    """Judges chunks of the column Code, given as (sheet, cells), and tells what only the whole run shows."""

    def run(*chunks, check=CHECK, skipped=()):
        judge = Judge((), [check], ())
        for sheet, cells in chunks:
            made = chunk({"Code": cells}, sheet=sheet)
            mapped = Mapped(made, pd.DataFrame(index=made.cells.index), dict.fromkeys(skipped, "left out"))
            assert judge.judge(mapped) == ()
        return list(judge.close())

    return run


def test_every_member_is_reported_and_names_the_others(judged):
    found = judged((0, ["a", "b", " a "]), (1, ["c", "a"]))
    assert [(sheet, one.row, one.value, one.detail) for sheet, one in found] == [
        (0, 2, "a", "rows 4, 3 of sheet 2"),
        (0, 4, "a", "rows 2, 3 of sheet 2"),
        (1, 3, "a", "rows 2 of sheet 1, 4 of sheet 1"),
    ]
    assert {one.slug for _, one in found} == {"not-unique"}


@pytest.mark.parametrize(
    ("cells", "check", "rows"),
    [
        (["a", "A"], CHECK, []),  # the letter case counts
        (["", " ", ""], CHECK, []),  # blank cells are no values
        (["NULL", "NULL"], ColumnCheck("Code", unique=True, blanks=frozenset({"", "NULL"})), []),
        (["x" * 500 + "a", "x" * 500 + "b"], CHECK, []),  # long values that differ at the end only
        (["x" * 500, "x" * 500], CHECK, [2, 3]),
        (["é" * 40, "é" * 40], CHECK, [2, 3]),  # cut in the middle of a letter
    ],
)
def test_what_counts_as_the_same_value(judged, cells, check, rows):
    assert [one.row for _, one in judged((0, cells), check=check)] == rows


def test_skipped_rows_take_no_part(judged):
    assert judged((0, ["a", "a"]), skipped=[2]) == []


def test_values_whose_hashes_collide_are_told_apart(monkeypatch):
    """A hash only proposes; the texts decide."""
    monkeypatch.setattr("importer.validation.unique.hash", lambda _: 1, raising=False)
    unique = Unique("Code")
    unique.take(0, [2, 3, 4], ["a", "b", "a"])
    assert [one.row for _, one in unique.problems()] == [2, 4]


def test_half_a_character_is_a_value_like_any_other():
    unique = Unique("Code")
    unique.take(0, [2, 3], ["\ud83d", "\ud83d"])
    assert [one.row for _, one in unique.problems()] == [2, 3]


def test_at_most_three_other_rows_are_named(judged):
    assert judged((0, ["a"] * 6))[0][1].detail == "rows 3, 4, 5 and 2 more"


@given(st.lists(st.text("ab", max_size=2), max_size=30), st.integers(1, 7))
def test_the_rows_are_those_that_a_dictionary_finds(values, size):
    unique = Unique("Code")
    rows = [(number, value) for number, value in enumerate(values, start=2) if value]
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        unique.take(0, [row for row, _ in part], [value for _, value in part])
    expected = [row for row, value in rows if [other for _, other in rows].count(value) > 1]
    assert [problem.row for _, problem in unique.problems()] == expected


def test_a_junk_value_in_every_row_is_told_quickly():
    """Naming the others of each row must not look at all of them: 50,000 rows would take hours."""
    unique = Unique("Code")
    unique.take(0, range(2, 50_002), ["none"] * 50_000)
    found = list(unique.problems())
    assert len(found) == 50_000
    assert found[-1][1].detail == "rows 2, 3, 4 and 49,996 more"
