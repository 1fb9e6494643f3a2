"""Flat rows become nested bodies; what is blank is absent."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.endpoint import Kind, Lookup, Slot, Target
from importer.payload import Assembler
from importer.payload.tree import compile_body

EMAIL = "profile.commChannels[0]"


@pytest.mark.parametrize(
    ("values", "body"),
    [
        # what is blank is left out
        ({"profile.firstName": "Tom", "profile.lastName": None}, {"profiles": [{"firstName": "Tom"}]}),
        # no empty profile
        ({"profile.firstName": None, "extendedFields.city": "X"}, {"extendedFields": {"city": "X"}}),
        ({"extendedFields.city": ""}, {"extendedFields": {"city": ""}}),  # cleared
        # values, not blanks
        ({"extendedFields.a": 0, "extendedFields.b": False}, {"extendedFields": {"a": 0, "b": False}}),
        # beyond 2^53
        ({"extendedFields.n": 9_007_199_254_740_993}, {"extendedFields": {"n": 9_007_199_254_740_993}}),
        ({"extendedFields.name": "Zoë 李"}, {"extendedFields": {"name": "Zoë 李"}}),  # any script
        # an element without its key is left out whole, constants beside it make none
        ({f"{EMAIL}.type": "email", f"{EMAIL}.value": None, f"{EMAIL}.primary": True,
          "loyaltyInfo.loyaltyType": "loyalty"},
         {"loyaltyInfo": {"loyaltyType": "loyalty"}}),
        # a list yields an element for each distinct entry, in order, with everything else repeated
        ({f"{EMAIL}.type": "email", f"{EMAIL}.value": ["b@x", "a@x", "b@x"], f"{EMAIL}.meta.residence": True},
         {"profiles": [{"commChannels": [
             {"type": "email", "value": "b@x", "meta": {"residence": True}},
             {"type": "email", "value": "a@x", "meta": {"residence": True}}]}]}),
        # elements stand in the mapping's order; a gap closes
        ({"loyaltyProgramEnrollments[0].programId": None, "loyaltyProgramEnrollments[0].tierNumber": 2,
          "loyaltyProgramEnrollments[1].programId": 5, "loyaltyProgramEnrollments[1].tierNumber": None},
         {"loyaltyProgramEnrollments": [{"programId": 5}]}),
    ],
)  # fmt: skip
def test_a_row_of_values_yields_this_body(prepare, values, body):
    assert orjson.loads(prepare(values).body) == body


def test_a_row_that_would_set_nothing_has_no_body(prepare):
    assert prepare({"profile.firstName": None, f"{EMAIL}.type": "email", f"{EMAIL}.value": None}).body is None
    assert prepare({f"{EMAIL}.type": "email", f"{EMAIL}.value": []}).body is None


def test_constants_alone_make_a_body(prepare):
    """The mapping says that they are to be set, and for every row."""
    prepared = prepare({"loyaltyInfo.loyaltyType": "loyalty"}, loyaltyInfo_loyaltyType={"constant": True})
    assert prepared.body == b'{"loyaltyInfo":{"loyaltyType":"loyalty"}}'


def test_an_empty_list_of_texts_is_left_out(prepare):
    listed = {"target": {"kind": Kind.LIST}}
    values = {"extendedFields.likes": [], "extendedFields.city": "X"}
    assert prepare(values, extendedFields_likes=listed).body == b'{"extendedFields":{"city":"X"}}'
    values["extendedFields.likes"] = ["tea", "tea"]
    assert prepare(values, extendedFields_likes=listed).body == b'{"extendedFields":{"likes":["tea","tea"],"city":"X"}}'


def test_the_lookup_is_the_first_candidate_and_its_value_is_text(prepare):
    values = {"lookup.identifiers[0].mobile": None, "lookup.identifiers[1].id": 42, "profile.firstName": "A"}
    assert prepare(values).lookup == Lookup("INSTORE", "id", "42", "")
    assert prepare({**values, "lookup.accountId": None}).lookup.account_id == ""
    assert prepare({**values, "lookup.accountId": "a"}).lookup.account_id == "a"


def test_keys_are_all_candidates_and_all_identifiers_to_add_each_once(prepare):
    prepared = prepare(
        {
            "lookup.identifiers[0].mobile": "1",
            "lookup.identifiers[1].externalId": "E",
            "lookup.identifiers[2].email": None,
            "profile.identifiers[0].type": "externalId",
            "profile.identifiers[0].value": "E",
            "profile.identifiers[1].type": "email",
            "profile.identifiers[1].value": ["a@x", "b@x"],
            "profile.identifiers[2].type": "cardnumber",
            "profile.identifiers[2].value": None,
            "profile.commChannels[0].type": "mobile",
            "profile.commChannels[0].value": "2",
        },
        **{"profile_identifiers[1]_value": {"element": "email"}},
    )
    assert prepared.keys == (("mobile", "1"), ("externalId", "E"), ("email", "a@x"), ("email", "b@x"))


@pytest.mark.parametrize(
    ("program", "points", "adds"),
    [
        (5, 10, True),
        (5, 0, True),  # a credit of nothing is a credit still
        (5, None, False),  # no points in this row
        (None, 10, False),  # the enrolment is left out, and its points with it
    ],
)
def test_a_row_adds_only_where_its_points_are_sent(prepare, program, points, adds):
    values = {
        "loyaltyProgramEnrollments[0].programId": program,
        "loyaltyProgramEnrollments[0].loyaltyPoints": points,
    }
    assert prepare({**values, "profile.firstName": "A"}).adds is adds


def test_targets_that_a_row_asks_to_clear_are_counted(prepare):
    clearing = {"clears": True}
    prepared = prepare(
        {"profile.firstName": "", "profile.lastName": "B", "extendedFields.city": ""},
        profile_firstName=clearing, profile_lastName=clearing, extendedFields_city=clearing,
    )  # fmt: skip
    assert prepared.clears == 2


def test_rows_come_in_the_order_in_which_they_are_asked_for(slot, mapped):
    rows = {
        number: {
            "lookup.source": "S",
            "lookup.identifiers[0].id": f"{number}",
            "profile.firstName": f"N{number}",
        }
        for number in (5, 2, 9)
    }
    columns = list(rows[2])
    assembler = Assembler([slot(address) for address in columns])
    prepared = assembler.assemble(mapped(rows, columns), [9, 5])
    assert [(one.row, one.lookup.identifier_value) for one in prepared] == [(9, "9"), (5, "5")]
    assert assembler.assemble(mapped(rows, columns), []) == []


NAMES = st.sampled_from("abcd")
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)


@given(st.dictionaries(PATHS, st.none() | st.integers() | st.text(), max_size=8))
def test_what_is_put_together_can_be_taken_apart_again(values):
    """Every value lies at its path, and nothing else lies in the body."""
    paths = [path for path in values if not any(path != other and path[: len(other)] == other for other in values)]
    target = Target("a", "a", Kind.STRING, "")
    body = compile_body([Slot(".".join(path), target, path) for path in paths])(tuple(values[path] for path in paths))

    def leaves(node, path=()):
        if not isinstance(node, dict):
            yield path, node
            return
        for name, below in node.items():
            yield from leaves(below, (*path, name))

    filled = {path: values[path] for path in paths if values[path] is not None}
    assert (dict(leaves(body)) if body is not None else {}) == filled
