"""`--only-rows` and `--limit` say which rows are sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import WrongUse
from importer.planning import Selection


@pytest.mark.parametrize(
    ("option", "inside", "outside"),
    [
        ("5", [5], [4, 6]),  # one row
        ("5-7", [5, 6, 7], [4, 8]),  # both ends belong to it
        ("5-80,91", [5, 80, 91], [81, 90, 92]),
        (" 91 , 5 - 80 ", [5, 80, 91], [4, 81]),  # blanks and any order
        ("5-10,8-12,13", [5, 13], [4, 14]),  # overlapping and touching
    ],
)
def test_ranges_hold_their_rows(option, inside, outside):
    selection = Selection.read(option)
    assert all(row in selection for row in inside)
    assert not any(row in selection for row in outside)
    assert not selection.covers_all


def test_without_the_option_every_row_is_selected():
    assert Selection().covers_all
    assert 7 in Selection()
    assert Selection.read(None, 3) == Selection(limit=3)


@pytest.mark.parametrize("option", ["", "5-", "-5", "a", "5--7", "7-5", "0", "1,,2", "1.5", "٣"])
def test_anything_else_is_refused_with_an_example(option):
    with pytest.raises(WrongUse) as caught:
        Selection.read(option)
    assert "5-80,91" in caught.value.advice


def test_a_limit_that_would_send_nothing_is_refused():
    with pytest.raises(WrongUse, match="nothing"):
        Selection.read(None, 0)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_a_selection_reads_back_what_it_spells(rows):
    selection = Selection.read(",".join(map(str, rows)))
    assert {row for row in range(62) if row in selection} == rows
    assert Selection.read(str(selection)) == selection
