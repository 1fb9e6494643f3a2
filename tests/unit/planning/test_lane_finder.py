"""Rows that share an identifier, directly or through others, are in one lane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.endpoint import Lookup, Prepared
from importer.planning import LaneFinder, LargeLane, SharedIdentifier, lanes
from importer.records import RowId

MOBILE = ("mobile", "919876543210")
OTHER = ("mobile", "919876543211")
EMAIL = ("email", "ann@example.com")
CARD = ("cardnumber", "C1")


def lanes_of(*chunks: tuple[int, list[Prepared]]) -> dict[RowId, int]:
    finder = LaneFinder()
    for sheet, rows in chunks:
        finder.take(sheet, rows)
    return dict(finder.lanes())


def test_rows_that_share_nothing_have_no_lane(prepared):
    assert lanes_of((0, [prepared(2, MOBILE), prepared(3, OTHER)])) == {}


def test_a_run_without_rows_has_no_lanes():
    finder = LaneFinder()
    finder.take(0, [])
    assert list(finder.lanes()) == []
    assert finder.largest(3) == []
    assert finder.shared(3) == []


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ({"of": MOBILE}, {"of": MOBILE}, True),  # the same lookup
        ({"of": MOBILE, "adds": [EMAIL]}, {"of": EMAIL}, True),  # what one adds, the other is looked up by
        ({"of": MOBILE, "adds": [EMAIL]}, {"of": OTHER, "adds": [EMAIL]}, True),  # both add it
        ({"of": ("email", "Ann@Example.com")}, {"of": EMAIL}, True),  # letter case tells no customers apart
        ({"of": ("externalId", "1")}, {"of": ("cardnumber", "1")}, False),  # the same text as another type
        ({"of": MOBILE}, {"of": MOBILE, "source": "WEBSITE"}, False),  # another source
        ({"of": MOBILE, "account": "a"}, {"of": MOBILE, "account": "b"}, False),  # another account
    ],
)
def test_what_two_rows_share_decides(prepared, first, second, together):
    lanes = lanes_of((0, [prepared(2, **first), prepared(3, **second)]))
    assert lanes == ({RowId(0, 2): 0, RowId(0, 3): 0} if together else {})


def test_a_lane_is_connected_through_a_later_row_of_another_sheet(prepared):
    """Rows 2 and 3 share nothing with each other, but both share something with row 2 of the second sheet."""
    lanes = lanes_of(
        (0, [prepared(2, MOBILE), prepared(3, OTHER, [CARD]), prepared(4, EMAIL)]),
        (1, [prepared(2, MOBILE, [CARD])]),
    )
    assert lanes == {RowId(0, 2): 0, RowId(0, 3): 0, RowId(1, 2): 0}


def test_lanes_are_numbered_in_order_of_their_first_rows_and_told_in_file_order(prepared):
    rows = [prepared(2, CARD), prepared(3, EMAIL), prepared(4, MOBILE), prepared(5, EMAIL), prepared(6, CARD)]
    finder = LaneFinder()
    finder.take(0, rows)
    assert list(finder.lanes()) == [(RowId(0, 2), 0), (RowId(0, 3), 1), (RowId(0, 5), 1), (RowId(0, 6), 0)]


def test_rows_may_be_added_after_the_lanes_were_told(prepared):
    finder = LaneFinder()
    finder.take(0, [prepared(2, MOBILE)])
    assert list(finder.lanes()) == []
    finder.take(0, [prepared(3, MOBILE)])
    assert [row for row, _ in finder.lanes()] == [RowId(0, 2), RowId(0, 3)]


def test_the_largest_lanes_are_named_by_the_identifier_that_most_of_their_rows_hold(prepared):
    """Three customers with one junk e-mail, and one customer with two rows."""
    junk = ("email", "none@example.com")
    finder = LaneFinder()
    finder.take(0, [prepared(row, ("mobile", f"9198000000{row}"), [junk]) for row in (11, 12, 13)])
    finder.take(0, [prepared(20, CARD), prepared(21, CARD)])
    assert finder.largest(5) == [LargeLane(3, *junk), LargeLane(2, *CARD)]
    assert finder.largest(1) == [LargeLane(3, *junk)]


def test_identifiers_that_several_customers_would_share_are_told(prepared):
    finder = LaneFinder()
    finder.take(0, [prepared(2, MOBILE, [EMAIL]), prepared(3, OTHER, [EMAIL]), prepared(4, OTHER, [CARD])])
    assert finder.shared(5) == [SharedIdentifier(*EMAIL, customers=2)]


def test_a_row_looked_up_by_the_identifier_itself_is_no_second_customer(prepared):
    """Row 3 may well be about the customer of row 2, whose mobile is blank in it."""
    finder = LaneFinder()
    finder.take(0, [prepared(2, MOBILE, [EMAIL]), prepared(3, EMAIL)])
    assert finder.shared(5) == []


def test_a_long_identifier_with_odd_characters_is_named_by_its_beginning(prepared):
    token = ("mobilePush", "tökén\n=" * 60)
    finder = LaneFinder()
    finder.take(0, [prepared(2, token), prepared(3, token)])
    (lane,) = finder.largest(1)
    assert lane.type == "mobilePush"
    assert lane.key.startswith("tökén =")
    assert lane.key.endswith("…")
    assert len(lane.key) < 48


KEYS = st.tuples(st.sampled_from(["mobile", "email"]), st.sampled_from("abcdefghijklmnop"))
ROWS = st.lists(st.lists(KEYS, min_size=1, max_size=3), max_size=40)


def naive_lanes(rows: list[list[tuple[str, str]]]) -> set[frozenset[int]]:
    """Connected rows by plain search: the reference."""
    unseen, found = set(range(len(rows))), set()
    while unseen:
        reached, open_ = set(), [unseen.pop()]
        while open_:
            one = open_.pop()
            reached.add(one)
            near = {other for other in unseen if set(rows[one]) & set(rows[other])}
            unseen -= near
            open_ += near
        found.add(frozenset(reached))
    return {lane for lane in found if len(lane) > 1}


@given(ROWS, st.integers(1, 7))
def test_lanes_equal_those_of_a_naive_search(rows, chunk):
    made = [Prepared(row, Lookup("S", *keys[0]), b"", adds=False, keys=tuple(keys)) for row, keys in enumerate(rows)]
    finder = LaneFinder()
    for start in range(0, len(made), chunk):
        finder.take(0, made[start : start + chunk])
    by_lane: dict[int, set[int]] = {}
    for row, lane in finder.lanes():
        by_lane.setdefault(lane, set()).add(row.row)
    assert {frozenset(members) for members in by_lane.values()} == naive_lanes(rows)
    assert list(by_lane) == list(range(len(by_lane)))


@given(ROWS, st.integers(1, 5))
def test_shared_identifiers_equal_those_of_a_dictionary(rows, part):
    """However the identifiers are cut into parts."""
    made = [Prepared(row, Lookup("S", *keys[0]), b"", adds=False, keys=tuple(keys)) for row, keys in enumerate(rows)]
    finder = LaneFinder()
    finder.take(0, made)
    customers: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for keys in rows:
        for key in keys:
            customers.setdefault(key, set()).update({keys[0]} - {key})
    expected = {SharedIdentifier(*key, len(who)) for key, who in customers.items() if len(who) > 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "PART", part)
        found = finder.shared(len(customers) + 1)
    assert set(found) == expected
    assert [one.customers for one in found] == sorted((one.customers for one in found), reverse=True)
