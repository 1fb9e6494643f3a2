"""Several sound rows about one customer: which one stands in for which, and how they become one body."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.endpoint import Kind, Lookup, Prepared, Slot, Target
from importer.planning import CustomerFinder, Merger, Superseded, list_identities, merge_bodies
from importer.records import RowId

ANN = ("mobile", "919876543210")
BEN = ("mobile", "919876543211")
IDENTITIES = {
    "identifiers": ("type", "value"),
    "commChannels": ("type", "value"),
    "loyaltyProgramEnrollments": ("programId",),
}


@pytest.fixture
def finder(prepared):
    """Ann stands in rows 2 and 4 of the first sheet and row 2 of the second, Ben in rows 3 and 5."""
    made = CustomerFinder()
    made.take(0, [prepared(2, ANN), prepared(3, BEN), prepared(4, ANN)])
    made.take(0, [prepared(5, BEN), prepared(6, ("externalId", ANN[1])), prepared(7, ANN, source="WEBSITE")])
    made.take(1, [prepared(2, ANN), prepared(3, ANN, account="other")])
    return made


def test_a_customer_is_a_source_an_account_and_a_lookup_identifier(finder):
    assert list(finder.groups()) == [(RowId(0, 2), RowId(0, 4), RowId(1, 2)), (RowId(0, 3), RowId(0, 5))]


def test_the_last_row_of_a_customer_stands_in_for_the_others(finder):
    assert list(finder.superseded()) == [
        Superseded(RowId(0, 2), RowId(1, 2)),
        Superseded(RowId(0, 4), RowId(1, 2)),
        Superseded(RowId(0, 3), RowId(0, 5)),
    ]


def test_every_row_of_a_customer_is_a_duplicate_and_names_the_others(finder):
    found = {(sheet, one.row): one for sheet, one in finder.duplicates()}
    assert set(found) == {(0, 2), (0, 4), (1, 2), (0, 3), (0, 5)}
    assert {one.slug for one in found.values()} == {"duplicate-customer"}
    assert found[0, 2].detail == "rows 4, 2 of sheet 2"
    assert found[0, 5].detail == "row 3"
    assert "rows 4, 2 of sheet 2" in found[0, 2].message


def test_at_most_three_other_rows_are_named(prepared):
    finder = CustomerFinder()
    finder.take(0, [prepared(row, ANN) for row in range(2, 8)])
    assert next(finder.duplicates())[1].detail == "rows 3, 4, 5 and 2 more"


def test_a_row_that_turned_out_invalid_stands_in_for_nobody(finder):
    unsound = {RowId(1, 2), RowId(0, 5)}
    assert list(finder.superseded(unsound)) == [Superseded(RowId(0, 2), RowId(0, 4))]
    assert {(sheet, one.row) for sheet, one in finder.duplicates(unsound)} == {(0, 2), (0, 4)}


def test_a_row_goes_out_with_what_was_held_for_it():
    field = Slot("extendedFields.a", Target("extendedFields.*", "", Kind.STRING, ""), ("extendedFields", "a"))
    merger = Merger([field])
    merger.hold(RowId(0, 9), b'{"extendedFields":{"a":"1","b":"1"}}')
    merger.hold(RowId(0, 9), b'{"extendedFields":{"b":"2"}}')
    last = b'{"extendedFields":{"c":"3"}}'
    assert merger.merged(RowId(1, 9), last) is last
    assert merger.merged(RowId(0, 9), last) == b'{"extendedFields":{"a":"1","b":"2","c":"3"}}'
    assert merger.merged(RowId(0, 9), last) is last


def test_without_rows_there_is_nobody_twice():
    assert list(CustomerFinder().groups()) == []


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.integers(1, 5))
def test_groups_are_those_of_a_dictionary(customers, chunk):
    made = [Prepared(row, Lookup("S", "id", name), b"", adds=False, keys=()) for row, name in enumerate(customers)]
    finder = CustomerFinder()
    for start in range(0, len(made), chunk):
        finder.take(0, made[start : start + chunk])
    rows: dict[str, list[RowId]] = {}
    for row, name in enumerate(customers):
        rows.setdefault(name, []).append(RowId(0, row))
    assert list(finder.groups()) == [tuple(group) for group in rows.values() if len(group) > 1]


def channel(kind, value, **more):
    return {"type": kind, "value": value, **more}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # a later value wins, what only one of them says stays
        (
            {"profiles": [{"firstName": "A", "lastName": "B"}]},
            {"profiles": [{"firstName": "C"}]},
            {"profiles": [{"firstName": "C", "lastName": "B"}]},
        ),
        # a later blank does not win over a value …
        (
            {"extendedFields": {"city": "X"}},
            {"extendedFields": {"city": ""}},
            {"extendedFields": {"city": "X"}},
        ),
        # … but is kept where nobody has one: it asks to clear
        (
            {"extendedFields": {"zip": "1"}},
            {"extendedFields": {"city": ""}},
            {"extendedFields": {"zip": "1", "city": ""}},
        ),
        # false and 0 are values
        (
            {"extendedFields": {"a": True, "b": 5}},
            {"extendedFields": {"a": False, "b": 0}},
            {"extendedFields": {"a": False, "b": 0}},
        ),
        # a list of texts is one value
        (
            {"extendedFields": {"a": ["x"]}},
            {"extendedFields": {"a": ["y"]}},
            {"extendedFields": {"a": ["y"]}},
        ),
        # channels of the same type and value become one; others stay, by type
        (
            {"profiles": [{"commChannels": [channel("email", "a"), channel("mobile", "1", primary=True)]}]},
            {"profiles": [{"commChannels": [channel("email", "b"), channel("mobile", "1", verified=True)]}]},
            {
                "profiles": [
                    {
                        "commChannels": [
                            channel("email", "a"),
                            channel("email", "b"),
                            channel("mobile", "1", primary=True, verified=True),
                        ]
                    }
                ]
            },
        ),
        # enrolments are told apart by their program
        (
            {"loyaltyProgramEnrollments": [{"programId": 1, "tierNumber": 1}]},
            {"loyaltyProgramEnrollments": [{"programId": 2}, {"programId": 1, "tierNumber": 3}]},
            {"loyaltyProgramEnrollments": [{"programId": 1, "tierNumber": 3}, {"programId": 2}]},
        ),
    ],
)
def test_two_bodies_become_one(first, second, expected):
    assert merge_bodies([first, second], IDENTITIES) == expected


BODIES = st.fixed_dictionaries(
    {},
    optional={
        "extendedFields": st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y", ""]), min_size=1),
        "loyaltyProgramEnrollments": st.lists(
            st.fixed_dictionaries({"programId": st.integers(1, 3)}, optional={"tierNumber": st.integers(1, 3)}),
            min_size=1,
            max_size=3,
            unique_by=lambda one: one["programId"],
        ),
    },
)


@given(BODIES)
def test_a_body_merged_with_itself_or_alone_is_itself(body):
    assert merge_bodies([body], IDENTITIES) == body
    assert merge_bodies([body, body], IDENTITIES) == body


@given(BODIES, BODIES, BODIES)
def test_merging_all_at_once_equals_merging_one_after_the_other(one, two, three):
    first = merge_bodies([one, two], IDENTITIES)
    assert merge_bodies([first, three], IDENTITIES) == merge_bodies([one, two, three], IDENTITIES)


@given(BODIES, BODIES)
def test_merging_leaves_the_bodies_as_they_were(one, two):
    before = repr((one, two))
    merge_bodies([one, two], IDENTITIES)
    assert repr((one, two)) == before


@given(BODIES, BODIES)
def test_every_later_value_that_is_not_blank_wins(one, two):
    merged = merge_bodies([one, two], IDENTITIES)
    for name, value in two.get("extendedFields", {}).items():
        if value:
            assert merged["extendedFields"][name] == value


def test_what_tells_elements_apart_follows_from_the_slots():
    required = Target("a", "a", Kind.STRING, "", required=True)
    key = replace(required, key=True)
    slots = [
        Slot("profile.commChannels[0].value", key, ("profiles", 0, "commChannels", 0, "value")),
        Slot("profile.commChannels[0].type", required, ("profiles", 0, "commChannels", 0, "type")),
        Slot("loyaltyProgramEnrollments[0].programId", key, ("loyaltyProgramEnrollments", 0, "programId")),
        Slot("lookup.source", required, ()),
        Slot("profile.firstName", replace(required, required=False), ("profiles", 0, "firstName")),
    ]
    assert list_identities(slots) == {
        "commChannels": ("type", "value"),
        "loyaltyProgramEnrollments": ("programId",),
    }


def test_a_junk_identifier_in_every_row_is_told_quickly(prepared):
    """Naming the others of each row must not look at all of them: 50,000 rows would take hours."""
    finder = CustomerFinder()
    finder.take(0, [prepared(row, ANN) for row in range(2, 50_002)])
    found = list(finder.duplicates())
    assert len(found) == 50_000
    assert found[-1][1].detail == "rows 2, 3, 4 and 49,996 more"
