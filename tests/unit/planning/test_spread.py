"""A few are kept of many, evenly apart, however many come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importer.planning import Spread


@given(st.integers(0, 3_000), st.integers(1, 40))
def test_as_many_as_are_wanted_are_kept_and_none_is_far_from_its_place(offered, number):
    spread = Spread(number)
    for one in range(offered):
        spread.offer(one, str(one))
    chosen = [one for one, _ in spread.chosen()]
    assert len(chosen) == min(number, offered)
    assert chosen == sorted(set(chosen))
    gap = offered / number
    for place, one in enumerate(chosen if offered > number else []):
        assert abs(one - (place + 0.5) * gap) <= 3 * gap + 1


def test_what_comes_back_every_so_often_is_drawn_as_often_as_it_is_there():
    """Every eighth is of another kind; counting off would find all of them, or none."""
    spread = Spread(100)
    for one in range(8_000):
        spread.offer(one, one % 8 == 0)
    assert 5 <= sum(special for _, special in spread.chosen()) <= 22


def test_of_one_key_the_first_is_kept():
    spread = Spread(5)
    for place, key in enumerate("abca"):
        spread.offer(key, place)
    assert spread.chosen() == [("a", 0), ("b", 1), ("c", 2)]
