"""An existing mapping follows a new sheet: what is renamed, missing and new; every other character stays."""

from __future__ import annotations

import difflib

import pytest

from importer.suggest import Inseparable, adapt
from importer.suggest.naming import namings
from importer.suggest.rewriting import asked, renamed, with_sheet, without

MAPPING = """\
# Ours
version: 1
name: ours
description: Customers

lookup:
  source: INSTORE
  identifiers:
    - mobile: {column: Mobile, convert: [{phone: IN}]}   # first
    - externalId: Code

profile:
  firstName: First
  lastName: {columns: [Middle, Last], join: " "}
  fields:
    store: Store
  identifiers:
    - {type: externalId, value: Code}
    - type: cardnumber
      value: Card
      seriesId: {column: Series, convert: [integer]}
  commChannels:
    - type: email
      value: {column: Mail}
      primary: true
      verified: {column: Mail ok, convert: [boolean]}

extendedFields:
  city: [City, Town, {when: {column: PIN, matches: "56.*"}, constant: Bengaluru}]
  zip:
    - PIN
    - Zip

loyaltyProgramEnrollments:
  - when: {column: Enrol, equals: Y}
    programId: 973
    loyaltyPoints: {column: Points, convert: [integer]}

check:
  Code: {required: true}
rules:
  - {name: both, when: {column: Card, blank: false}, require: [Series]}
rows:
  skip_when: {any: [{column: Status, in: [Deleted]}, {column: Mobile, matches: "0+"}]}
tests:
  - given: {Mobile: "9000000001", Code: C1}
    problems: {Mobile: phone-invalid}
"""


def changes(text: str) -> list[str]:
    """Lines that went and came."""
    lines = difflib.unified_diff(MAPPING.splitlines(), text.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def test_every_place_that_names_a_column_is_found():
    assert sorted({(one.column, one.path) for one in namings(MAPPING)}) == [
        ("Card", "profile.identifiers.value"),
        ("Card", "rules.when"),
        ("City", "extendedFields.city"),
        ("Code", "check.Code"),
        ("Code", "lookup.identifiers.externalId"),
        ("Code", "profile.identifiers.value"),
        ("Code", "tests.given.Code"),
        ("Enrol", "loyaltyProgramEnrollments.when"),
        ("First", "profile.firstName"),
        ("Last", "profile.lastName"),
        ("Mail", "profile.commChannels.value"),
        ("Mail ok", "profile.commChannels.verified"),
        ("Middle", "profile.lastName"),
        ("Mobile", "lookup.identifiers.mobile"),
        ("Mobile", "rows.skip_when.any"),
        ("Mobile", "tests.given.Mobile"),
        ("Mobile", "tests.problems.Mobile"),
        ("PIN", "extendedFields.city.when"),
        ("PIN", "extendedFields.zip"),
        ("Points", "loyaltyProgramEnrollments.loyaltyPoints"),
        ("Series", "profile.identifiers.seriesId"),
        ("Series", "rules.require"),
        ("Status", "rows.skip_when.any"),
        ("Store", "profile.fields.store"),
        ("Town", "extendedFields.city"),
        ("Zip", "extendedFields.zip"),
    ]


def test_a_renamed_column_is_followed_wherever_it_is_named_and_quoted_where_it_must_be():
    assert changes(renamed(MAPPING, {"Code": "Kd: Nr", "Mobile": "$Handy"})) == [
        "-    - mobile: {column: Mobile, convert: [{phone: IN}]}   # first",
        "-    - externalId: Code",
        '+    - mobile: {column: "$$Handy", convert: [{phone: IN}]}   # first',
        '+    - externalId: "Kd: Nr"',
        "-    - {type: externalId, value: Code}",
        '+    - {type: externalId, value: "Kd: Nr"}',
        "-  Code: {required: true}",
        '+  "Kd: Nr": {required: true}',
        '-  skip_when: {any: [{column: Status, in: [Deleted]}, {column: Mobile, matches: "0+"}]}',
        '+  skip_when: {any: [{column: Status, in: [Deleted]}, {column: "$$Handy", matches: "0+"}]}',
        '-  - given: {Mobile: "9000000001", Code: C1}',
        "-    problems: {Mobile: phone-invalid}",
        '+  - given: {"$$Handy": "9000000001", "Kd: Nr": C1}',
        '+    problems: {"$$Handy": phone-invalid}',
    ]


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        (
            "Card",  # an identifier without its value is none
            ["-    - type: cardnumber", "-      value: Card", "-      seriesId: {column: Series, convert: [integer]}",
             "+    # not in this sheet: Card", "+    # - type: cardnumber", "+    #   value: Card",
             "+    #   seriesId: {column: Series, convert: [integer]}",
             "-rules:", "-  - {name: both, when: {column: Card, blank: false}, require: [Series]}",
             "+# nothing is left of it", "+# rules:", "+  # not in this sheet: Card",
             "+  # - {name: both, when: {column: Card, blank: false}, require: [Series]}"],
        ),
        ("Middle", ['-  lastName: {columns: [Middle, Last], join: " "}', '+  lastName: {columns: [Last], join: " "}']),
        ("Town", None),  # one alternative of three
        ("Zip", ["-    - Zip", "+    # not in this sheet: Zip", "+    # - Zip"]),  # one of two, each on its line
        ("First", ["-  firstName: First", "+  # not in this sheet: First", "+  # firstName: First"]),
        (
            "Store",  # the last of a section takes the section along
            ["-  fields:", "-    store: Store", "+  # nothing is left of it", "+  # fields:",
             "+    # not in this sheet: Store", "+    # store: Store"],
        ),
        (
            "Enrol",  # an enrolment without its condition would enrol everybody
            ["-loyaltyProgramEnrollments:", "-  - when: {column: Enrol, equals: Y}", "-    programId: 973",
             "-    loyaltyPoints: {column: Points, convert: [integer]}",
             "+# nothing is left of it", "+# loyaltyProgramEnrollments:", "+  # not in this sheet: Enrol",
             "+  # - when: {column: Enrol, equals: Y}", "+  #   programId: 973",
             "+  #   loyaltyPoints: {column: Points, convert: [integer]}"],
        ),
        (
            "Mail ok",
            ["-      verified: {column: Mail ok, convert: [boolean]}", "+      # not in this sheet: Mail ok",
             "+      # verified: {column: Mail ok, convert: [boolean]}"],
        ),
        (
            "Status",  # one of two conditions
            ['-  skip_when: {any: [{column: Status, in: [Deleted]}, {column: Mobile, matches: "0+"}]}',
             '+  skip_when: {any: [{column: Mobile, matches: "0+"}]}'],
        ),
    ],
)  # fmt: skip
def test_a_missing_column_is_taken_out_of_the_smallest_thing_that_can_go(column: str, gone: list[str] | None):
    text = without(MAPPING, column)
    assert all(one.column != column for one in namings(text))
    if gone is not None:
        assert changes(text) == gone


def test_a_test_that_names_a_missing_column_goes_whole():
    text = without(MAPPING, "Code")
    assert '  # - given: {Mobile: "9000000001", Code: C1}' in text.splitlines()
    assert "  #   problems: {Mobile: phone-invalid}" in text.splitlines()


def test_a_missing_source_leaves_a_placeholder():
    text = MAPPING.replace("source: INSTORE", "source: {column: Channel}")
    assert "  source: STATE_THE_SOURCE\n" in without(text, "Channel")
    block = MAPPING.replace("source: INSTORE", "source:\n    column: Channel\n    convert: [trim]")
    assert "  source:\n    STATE_THE_SOURCE\n  identifiers:" in without(block, "Channel")


def test_a_part_of_every_condition_of_all_takes_the_condition_along():
    """Fewer conditions would hold for more rows."""
    text = MAPPING.replace("{any: [", "{all: [")
    assert "  # skip_when:" in without(text, "Status")


@pytest.mark.parametrize(
    ("questions", "line"),
    [
        ("", '\nquestions:\n  - "new?"\n'),
        ("questions:\n  - old?\n", '  - old?\n  - "new?"\n'),
        ("questions: [old?, older?]\n", '  - old?\n  - older?\n  - "new?"\n'),
        ("questions: []\n", 'Customers\nquestions:\n  - "new?"\n'),
    ],
)
def test_questions_are_added_to_those_there_are(questions: str, line: str):
    text = asked(MAPPING.replace("description: Customers\n", f"description: Customers\n{questions}"), ["new?"])
    assert line in text
    assert text.count("questions:") == 1


@pytest.mark.parametrize(
    ("sheet", "becomes"),
    [
        ("", "\nsheet:\n  name: New\n"),
        ("sheet:\n  name: Old\n  header: 2\n", "sheet:\n  name: New\n  header: 2\n"),
        ("sheet:\n  header: 2\n", "sheet:\n  name: New\n  header: 2\n"),
        ("sheet: {name: Old}\n", "sheet: {name: New}\n"),
        ("sheet: {header: 2}\n", "sheet: {name: New, header: 2}\n"),
    ],
)
def test_what_is_said_about_the_sheet_takes_the_place_of_what_was(sheet: str, becomes: str):
    text = with_sheet(MAPPING.replace("description: Customers\n", f"description: Customers\n{sheet}"), {"name": "New"})
    assert becomes in text


CELLS = {
    "mobile": [f"+91 90000 0{number:04}" for number in range(30)],
    "Kundennummer": [f"C{number:04}" for number in range(30)],
    "First": ["Ann", "Bob"] * 15,
    "Last": ["Ray", "Lee"] * 15,
    "Stores": ["S1", "S2"] * 15,
    "Handy 2": [f"+91 90000 1{number:04}" for number in range(30)],
    "Telefon privat": [""] * 30,
}


@pytest.fixture
def adapted(studied):
    return adapt(
        MAPPING.replace("externalId: Code", "externalId: Kd").replace("value: Code", "value: Kd"),
        tuple(studied(CELLS).values()),
        {},
    )


def test_each_column_is_kept_renamed_missing_or_new(adapted):
    moved = adapted.moves
    assert moved.kept == ("First", "Last")
    assert {(one.old, one.new, one.sure) for one in moved.renamed} == {
        ("Mobile", "mobile", True),  # case alone
        ("Kd", "Kundennummer", False),  # fills the same target
        ("Store", "Stores", False),  # spelled much alike
    }
    assert "Middle" in moved.missing
    assert [choice.column for choice in moved.new] == ["Handy 2", "Telefon privat"]


def test_what_is_not_sure_is_a_question_and_what_is_new_stands_at_the_end(adapted):
    assert "Kd: is it Kundennummer in this sheet?" in adapted.text
    assert "Middle: the sheet lacks it; it was taken out of profile.lastName." in adapted.text
    assert "Mobile: is it" not in adapted.text
    assert "#   Handy 2: profile.commChannels[].value (high:" in adapted.text
    assert any(line.startswith("Renamed: Mobile is now mobile") for line in adapted.told)
    assert adapted.finds_customers


def test_a_mapping_whose_identifiers_are_all_missing_finds_nobody(studied):
    assert not adapt(MAPPING, tuple(studied({"x": ["1"] * 30}).values()), {}).finds_customers


@pytest.mark.parametrize(("new", "renamed_to"), [("Segmnt", "Segmnt"), ("Sparte", "")])
def test_a_column_that_is_spelled_much_alike_is_taken_for_the_old_one_and_asked(studied, new: str, renamed_to: str):
    text = "version: 1\nname: x\nlookup:\n  source: INSTORE\n  identifiers: [{externalId: Id}]\nprofile: {fields: {s: Segment}}\n"
    moved = adapt(text, tuple(studied({"Id": ["C1", "C2"], new: ["a", "b"]}).values()), {}).moves
    assert [one.new for one in moved.renamed] == ([renamed_to] if renamed_to else [])


def test_what_cannot_be_taken_out_is_named():
    with pytest.raises(Inseparable, match="column"):
        without("{version: 1, lookup: {identifiers: [{mobile: {column: A}}]}}\n", "A")
