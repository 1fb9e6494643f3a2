"""The organisation's fields written into a mapping: what differs, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.apis.capillary import endpoint
from importer.errors import MappingError
from importer.mapping import Declaration, declare_text, load
from importer.mapping.declaring import declare_into
from importer.mapping.document import parse

FIELDS = (
    Declaration("extendedFields", "gender", "string", ("enum",), "STANDARD_ENUM"),
    Declaration("extendedFields", "dob", "date"),
    Declaration("fields", "store", "string"),
)
COMPLETE = "complete: true  # as Capillary lists them: a field that is missing here is an error of the mapping"

BLOCK = """\
# a mapping
version: 1
declare:   # ours
  identifiers: {mobile: {country: IN}}
  # about people
  extendedFields:
    Gender: {type: enum, values: [NULL, 01]}   # as the desk types it
    # born
    dob: {type: string, max_length: 10}
    hobby:
      type: string

  fields:
    sto: {type: string}

# next
check: {A: {required: true}}
"""


def test_the_section_by_itself():
    assert declare_text(FIELDS) == (
        f"declare:\n  {COMPLETE}\n  extendedFields:\n    gender: {{type: string}}  # STANDARD_ENUM\n"
        "    dob: {type: date}\n  fields:\n    store: {type: string}\n"
    )


def test_in_a_block_only_what_differs_is_written():
    """Comments, quotes, order and what the mapping says beyond the type stay."""
    text, changes = declare_into(BLOCK, FIELDS)
    assert text == (
        BLOCK.replace("  # ours\n", f"  # ours\n  {COMPLETE}\n")
        .replace("dob: {type: string, max_length: 10}", "dob: {type: date}")
        .replace("    hobby:\n      type: string\n", "")
        .replace("sto: {type: string}", "store: {type: string}")
    )
    assert changes == (
        "changed extendedFields.dob: string → date",
        "removed extendedFields.hobby: Capillary has no such field; there are: gender, dob",
        "removed fields.sto: Capillary has no such field; did you mean 'store'?",
        "added fields.store: string",
    )


def test_a_second_time_there_is_nothing_to_change():
    once = declare_into(BLOCK, FIELDS).text
    assert declare_into(once, FIELDS) == (once, ())


def test_a_field_under_another_spelling_is_the_same_extended_field_but_not_the_same_custom_field():
    text = "declare:\n  complete: true\n  extendedFields:\n    GENDER: {type: enum, values: [M]}\n  fields:\n    STORE: {type: string}\n"
    written, changes = declare_into(text, FIELDS)
    assert "GENDER: {type: enum, values: [M]}" in written
    assert "STORE" not in written
    assert "added fields.store: string" in changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),  # no section: it goes to the end
        ("declare:\n", ""),
        ("declare: {}\n", ""),
        ("declare: {complete: false}\n", ""),
        ("declare:\n  complete: false\n", ""),
        ("declare:\n  extendedFields:\n  fields: {}\n", ""),
        ("declare: {fields: {store: {type: string, max_length: 5}}}\n", "store: {type: string, max_length: 5}"),
        (
            "declare:\n  fields: {store: {type: string, max_length: 5}}  # short\n",
            "store: {type: string, max_length: 5}",
        ),
        ("declare: {identifiers: {mobile: {country: IN}}}\n", "identifiers: {mobile: {country: IN}}"),
        ("declare:\n    fields:\n      store:\n        type: string\n", "store:\n        type: string"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_style_of_section_ends_with_exactly_these_fields(before, after, newline):
    text = f"version: 1\n{before}check: {{A: {{required: true}}}}\n".replace("\n", newline)
    written = declare_into(text, FIELDS).text
    assert after.replace("\n", newline) in written
    assert "\n" not in written.replace("\r\n", "") or newline == "\n"
    root = parse(written, "m").root
    assert root["check"] == {"A": {"required": "true"}}
    assert root["declare"]["complete"] == "true"
    assert set(root["declare"]["extendedFields"]) == {"gender", "dob"}
    assert set(root["declare"]["fields"]) == {"store"}


def test_an_organisation_without_fields_leaves_none_declared():
    written, changes = declare_into(BLOCK, ())
    declared = parse(written, "m").root["declare"]
    assert (declared["extendedFields"], declared["fields"]) == ({}, {})
    assert len(changes) == 4
    assert all("no such field" in change for change in changes)


names = st.text("aB1 :#'\"{}é-", min_size=1, max_size=6).map(str.strip).filter(bool)
declarations = st.builds(
    Declaration, st.sampled_from(["extendedFields", "fields"]), names, st.sampled_from(["string", "integer"]),
    remark=st.text("x:#\n ", max_size=4),
)  # fmt: skip


@settings(deadline=None, max_examples=40)  # YAML in pure Python
@given(st.lists(declarations, max_size=5, unique_by=lambda one: (one.section, one.name.casefold())))
def test_whatever_fields_are_called_the_text_says_exactly_them(fields):
    for text in ("version: 1\n", BLOCK):
        written, _ = declare_into(text, fields)
        declared = parse(written, "m").root["declare"]
        for section in ("extendedFields", "fields"):
            wanted = {one.name.casefold(): one.type for one in fields if one.section == section}
            found = {name.casefold(): facts["type"] for name, facts in (declared.get(section) or {}).items()}
            assert found == wanted
        assert declare_into(written, fields) == (written, ())


MAPPING = """\
version: 1
name: own
lookup:
  source: INSTORE
  identifiers: [externalId: Code]
profile:
  fields: {stoer: Store}
extendedFields:
  dob: Born
"""


def test_afterwards_wrong_names_and_types_are_errors_of_the_mapping(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, "utf-8")
    assert len(load(path, endpoint().catalog).warnings) == 2  # not declared: sent as text
    path.write_text(declare_into(MAPPING, FIELDS).text, "utf-8")
    with pytest.raises(MappingError) as caught:
        load(path, endpoint().catalog)
    said = str(caught.value)
    assert ":7:12: the organisation has no profile.fields.stoer; did you mean 'store'?" in said
    assert ":9:8: extendedFields.dob: this takes a date, and cells are text" in said
