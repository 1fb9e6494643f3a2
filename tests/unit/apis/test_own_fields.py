"""The organisation's own fields, as Capillary lists them, in the words of a mapping."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.apis.capillary.own_fields import CUSTOM_FIELDS, custom_fields, extended_fields, types
from importer.mapping.declare import CustomField, ExtendedField


def extended(*entries, key="customer"):
    content = {"entity": {key: list(entries), "transaction": [{"name": "till", "dataType": "STRING"}]}, "success": True}
    return extended_fields(json.dumps(content).encode())


def custom(*entries):
    return custom_fields(json.dumps({"data": list(entries), "warnings": [], "errors": []}).encode())


@pytest.mark.parametrize("key", ["customer", "CUSTOMER"])  # the documents have both
def test_the_customers_extended_fields_are_read_and_nobody_elses(key):
    listed = extended({"id": 1, "name": "dob", "dataType": "DATE"}, key=key)
    assert [(one.section, one.name, one.type) for one in listed.fields] == [("extendedFields", "dob", "date")]


@pytest.mark.parametrize(
    ("data_type", "type_", "remark"),
    [
        ("INTEGER", "integer", ""),
        ("integer", "integer", ""),
        (
            "STANDARD_ENUM",
            "string",
            "STANDARD_ENUM: state its values: {type: enum, values: […]}",
        ),  # they are not listed
        ("COUNTRY", "string", "COUNTRY"),
        ("HOLOGRAM", "string", "HOLOGRAM: unknown to the importer, sent as text"),
        (None, "string", "no data type: unknown to the importer, sent as text"),
    ],
)
def test_a_data_type_becomes_the_mappings_word_and_what_it_does_not_say_a_remark(data_type, type_, remark):
    (field,) = extended({"name": "x", "dataType": data_type}).fields
    assert (field.type, field.remark) == (type_, remark)


def test_every_data_type_becomes_a_type_that_a_mapping_knows():
    for group, model in (("extended", ExtendedField), ("custom", CustomField)):
        for facts in types()[group].values():
            for name in (facts["type"], *facts.get("also", ())):
                assert model.model_validate({"type": name, **({"values": ["a"]} if name == "enum" else {})})


def test_extended_names_that_differ_in_case_are_one_field_and_the_second_is_told():
    listed = extended({"name": "City", "dataType": "STRING"}, {"name": "city", "dataType": "STRING"}, {"name": "City"})
    assert [one.name for one in listed.fields] == ["City"]
    assert listed.left_out == ("extendedFields.city is listed as City too; names are not case-sensitive",)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"name": "old", "isDisabled": True}, "fields.old is disabled"),
        ({"name": "old", "isDisabled": "true"}, "fields.old is disabled"),
        ({"name": "x" * 21}, f"fields.{'x' * 21} has more than 20 characters, which no update takes"),
    ],
)
def test_custom_fields_that_cannot_be_filled_are_left_out_and_told(entry, told):
    listed = custom({"dataType": "String", **entry}, {"name": "x" * 20, "dataType": "String"})
    assert ([one.name for one in listed.fields], listed.left_out) == (["x" * 20], (told,))


def test_custom_fields_of_another_scope_are_not_the_customers():
    listed = custom(
        {"name": "a", "scope": "loyalty_transaction"}, {"name": "b", "scope": "LOYALTY_REGISTRATION"}, {"name": "c"}
    )
    assert [one.name for one in listed.fields] == ["b", "c"]
    assert "scope=loyalty_registration" in CUSTOM_FIELDS


def test_custom_names_are_case_sensitive():
    assert [one.name for one in custom({"name": "A"}, {"name": "a"}).fields] == ["A", "a"]


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"entity": 5}', b'{"data": {}}', b'{"errors": []}'])
def test_what_is_no_list_of_fields_is_nothing(body):
    assert extended_fields(body) is None
    assert custom_fields(body) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "dataType", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_whatever_stands_among_the_entries_nothing_raises(value):
    for listed in (extended(value), custom(value)):
        assert all(one.name.strip() for one in listed.fields)
