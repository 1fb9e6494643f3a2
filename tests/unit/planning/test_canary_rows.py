"""Which rows go ahead: as many as asked for, spread over the file, and of as many shapes as there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.planning import Candidate, choose, shape
from importer.records import RowId


def candidates(shapes):
    return [Candidate(RowId(0, row), frozenset(one)) for row, one in enumerate(shapes, start=2)]


CASES = [
    # shapes of the rows from row 2 on, how many -> rows that go ahead
    ("aaaaaaaaaa", 2, [4, 9]),  # spread: the middle of each half
    ("aaaaaaaaab", 2, [4, 11]),  # a rare shape goes ahead, wherever it is, and the others keep their distance
    ("baaaaaaaaa", 2, [2, 9]),
    ("abbcccdddd", 2, [5, 9]),  # of too many shapes, those of most rows
    ("abc", 5, [2, 3, 4]),  # no more than there are
    ("aab", 1, [3]),
    ("", 3, []),
]


@pytest.mark.parametrize(("shapes", "number", "rows"), CASES)
def test_rows_are_chosen_by_place_and_shape(shapes, number, rows):
    assert [one.row for one in choose(candidates(shapes), number)] == rows


@given(st.text("abcd", max_size=60), st.integers(1, 12))
def test_a_canary_is_complete_distinct_ordered_and_of_every_shape(shapes, number):
    offered = candidates(shapes)
    chosen = choose(offered, number)
    assert len(chosen) == len(set(chosen)) == min(number, len(offered))
    assert chosen == sorted(chosen)
    looks = {one.shape for one in offered if one.row in chosen}
    assert len(looks) == min(number, len(set(shapes)))


def test_a_shape_is_what_a_body_is_made_of_not_what_it_says():
    """Names of keys and kinds of elements count; values and how many there are do not."""
    one = shape(b'{"profiles":[{"firstName":"A","identifiers":[{"type":"email","value":"a@example.com"}]}]}')
    other = shape(
        b'{"profiles":[{"firstName":"B","identifiers":[{"type":"email","value":"b@example.com"},'
        b'{"type":"email","value":"c@example.com"}]}]}'
    )
    assert one == other
    assert one != shape(b'{"profiles":[{"firstName":"A","identifiers":[{"type":"mobile","value":"919000000001"}]}]}')
    assert one != shape(b'{"profiles":[{"identifiers":[{"type":"email","value":"a@example.com"}]}]}')
