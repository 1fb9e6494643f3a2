"""The draft as a file: what it says, asks, declares, leaves out, and never does silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from importer.apis import capillary
from importer.mapping import load
from importer.suggest.layout import flow, remark, scalar

CODES = [f"C{number:05}" for number in range(40)]
MOBILES = [f"+91 90000 0{number:04}" for number in range(40)]
ID = {"Customer code": CODES}


def line(draft, column: str) -> str:
    """The draft's first line that reads this column."""
    return next(
        one for one in draft.text.splitlines() if f"{column}" in one and not one.strip().startswith(("#", '- "'))
    )


@pytest.mark.parametrize(
    ("header", "cells", "form"),
    [
        ("Mobile", MOBILES, "{column: Mobile, convert: [{phone: IN}]}"),
        ("E-mail", ["A@example.com", "b@example.com"] * 20, "{column: E-mail, convert: [lower, email]}"),
        ("E-mail", ["a@example.com", "b@example.com"] * 20, "{column: E-mail, convert: [email]}"),
        ("E-mail", ["a@example.com|b@example.com"] * 40, '{column: E-mail, convert: [{split: "|"}, trim, email]}'),
        ("City", ["Ulm", "Bonn"] * 20, "city: City  "),  # nothing to tidy
        ("City", ["Ulm", " Bonn"] * 20, "{column: City, convert: [trim]}"),
        ("City", ["Bad  Ems", " Bonn"] * 20, "{column: City, convert: [squeeze]}"),
        ("DOB", ["31.12.1980"] * 40, '{column: DOB, convert: [{date: "%d.%m.%Y"}]}'),
        ("Sex", ["m", "w"] * 20, "{column: Sex, convert: [{choice: {m: Male, w: Female}}]}"),
        ("Points", ["1,250", "90"] * 20, '{column: Points, convert: [{integer: {thousands: ","}}]}'),
        ("Tier", ["Gold", "Silver"] * 20, "{column: Tier, convert: [{choice: {Silver: 1, Gold: 2}}]}"),
        ("Tier", ["2", "1"] * 20, "{column: Tier, convert: [integer]}"),
        ("Loyalty type", ["loyalty", "non_loyalty"] * 20, "loyaltyType: Loyalty type  "),
        ("Newsletter", ["ja", "nein"] * 20, 'convert: [{boolean: {"true": [ja], "false": [nein]}}]}'),
        ("Newsletter", ["yes", "no"] * 20, "{column: Newsletter, convert: [boolean]}"),
        ("Source", ["INSTORE", "WEBSITE"] * 20, "source: {column: Source}  "),  # a bare name would be a constant
        ("$Store", ["S1", "S2"] * 20, 'favourite_store: "$$Store"  '),
    ],
)  # fmt: skip
def test_a_column_is_converted_as_its_cells_need(drafted, header: str, cells: list[str], form: str):
    made = drafted(ID | {header: cells})
    assert form in made.text


@pytest.mark.parametrize(
    ("columns", "asks"),
    [
        (ID, "lookup.source: the sheet does not say"),
        (ID | {"Mobile": MOBILES}, "lookup.identifiers: the first that is not blank finds the customer"),
        (ID | {"DOB": ["01/02/1980"] * 40}, "DOB: is it day, month, year or month, day, year? No row of 40 tells"),
        (ID | {"Mobile": [one[4:] for one in MOBILES]}, "Mobile: which country are the numbers"),
        (ID | {"Points": ["5"] * 40}, "loyaltyProgramEnrollments: the sheet names no programme; put its id in place"),
        (
            {"Customer code": ["1", "2", "3", "4"] * 10},
            "Customer code: is it the customer's external id? The header says so, but all cells are codes; 4 different",
        ),
        (ID | {"Distrito": ["Lima", "Cusco"] * 20}, "Distrito: is it the area? The header may as well mean the state."),
        (ID | {"Points": ["5"] * 40}, "Points: points are credited with each request, on top of what a customer has"),
        (ID | {"Tier": ["Gold", "Silver"] * 20}, "Tier: which number has each tier?"),
        (ID | {"Tier until": ["31.12.2027"] * 40, "Tier": ["1"] * 40}, "Tier until: in which time zone"),
        (ID | {"City": ["Ulm"] * 40}, "declare: are these your organisation's own fields, by these names and types: city (string)?"),
        (ID | {"Name": ["Tom Ray"] * 40}, "Name: the first word becomes the first name, the rest the other"),
        (ID | {"Name": ["Ray, Tom"] * 40}, "Name: what stands before the comma becomes the last name"),
        (ID | {"氏名": ["山田 花子"] * 40}, "氏名: the first word becomes the last name"),
        (ID | {"姓名": ["王芳"] * 40}, "姓名: whole names become first names"),
        (ID | {"Sexo": ["M"] * 40}, "Sexo: is 'M' Male or Female?"),
        (ID | {"Sex": ["m", "w", "?"] * 13 + ["m"]}, "Sex: what does '?' stand for?"),
        (ID | {"Card no": CODES}, "Card no: to be added as an identifier a card needs its series"),
        (ID | {"Middle name": ["Ann"] * 40, "Last name": ["Ray"] * 40}, "Capillary has no middle name"),
        (ID | {"Punkte": ["1.250", "90"] * 20}, "Punkte: are the points between digits thousands"),
        ({"Remarks": [f"note {number}" for number in range(40)]}, "no column is sure to identify a customer"),
    ],
)  # fmt: skip
def test_what_only_the_user_knows_is_asked(drafted, columns, asks: str):
    made = drafted(columns)
    assert any(asks in question for question in made.questions), made.questions


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("Remarks", [f"called on day {number}" for number in range(40)], "a fact about the record"),
        ("Street", [f"Elm St {number}" for number in range(40)], "a postal address, which no target takes"),
        ("Spouse mobile", MOBILES, "'spouse' says that it is somebody else's"),
        ("xyz", [f"text {number} z" for number in range(40)], "neither header nor cells say what it is"),
        ("Empty", [""] * 40, "no cell is filled"),
        ("Status", ["Active", "Deleted"] * 20, "the record's status; `rows.skip_when` can leave rows out by it"),
        ("Points", ["1.5", "2.25"] * 20, "40 cells have a fraction, and the target takes whole numbers only"),
        ("Loyalty type", ["A", "B"] * 20, "which of 'A', 'B' are loyalty, which non_loyalty?"),
    ],
)
def test_columns_that_nothing_reads_are_listed_at_the_end_with_the_reason(drafted, header, cells, why: str):
    made = drafted(ID | {header: cells})
    _, end = made.text.split("# Columns that nothing reads:")
    assert f"#   {header}: " in end
    assert why in end


@pytest.mark.parametrize(
    ("header", "cells", "declared"),
    [
        ("Newsletter", ["yes", "no"] * 20, "newsletter: {type: boolean}"),
        ("Kundengruppe", ["A", "B", "C", "D"] * 10, "kundengruppe: {type: string}"),
        ("Kinderzahl", ["1", "2", "3", "4"] * 10, "kinderzahl: {type: integer}"),
        ("Gender", ["male", "female"] * 20, "gender: {type: enum, values: [Male, Female, Other]}"),
        ("DOB", ["31.12.1980"] * 40, "dob: {type: date}"),
        ("Marital status", ["single", "married"] * 20, "marital_status: {type: enum, values: [married, single]}"),
    ],
)
def test_own_fields_are_declared_with_a_proposed_type(drafted, header, cells, declared: str):
    made = drafted(ID | {header: cells})
    assert declared in made.text
    assert any(question.startswith("declare: ") for question in made.questions)


def test_a_flag_about_a_channel_is_a_field_of_its_own_and_never_sure(drafted):
    made = drafted(ID | {"Mobile": MOBILES, "Mobile opt-in": ["Y", "N"] * 20})
    (flag,) = (one for one in made.placed if one.column == "Mobile opt-in")
    assert (flag.address, flag.confidence) == ("profile.fields.mobile_opt_in", "low")


def test_cells_that_stand_for_blank_become_blanks_of_the_sheet(drafted):
    made = drafted(ID | {"City": ["Ulm", "NULL", "N/A", "Bonn"] * 10})
    assert 'blanks: ["", N/A, "NULL"]' in made.text or 'blanks: ["", "N/A", "NULL"]' in made.text


def test_every_target_carries_confidence_evidence_and_how_many_cells_are_filled(drafted):
    made = drafted(ID | {"Mobile": MOBILES[:20] + [""] * 20})
    shown = line(made, "column: Mobile")
    assert "# high: header known (" in shown
    assert "20 of 40 filled" in shown


def test_a_sheet_with_a_repeated_code_says_so_and_is_not_checked_for_uniqueness(drafted):
    repeated = drafted({"Customer code": [*CODES, CODES[0]]})
    assert "1 of its values comes more than once" in repeated.text
    assert "unique" not in repeated.text
    assert "Customer code: {unique: true}" in drafted(ID).text


def test_what_the_user_said_about_the_sheet_stands_in_the_draft(drafted):
    made = drafted(ID, sheet={"name": "Customers", "encoding": "cp1252"})
    assert "sheet:\n  name: Customers\n  encoding: cp1252\n" in made.text


HEADERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    lambda text: text == " ".join(text.split()) and text.strip("\ufeff\u200b\u2060") == text
)


@given(
    columns=st.dictionaries(
        HEADERS,
        st.lists(st.sampled_from(["", "a", "1", "a@example.com", "x y", "01.02.2020"]), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_the_headers_the_draft_loads_and_fits(drafted_once, columns):
    text = drafted_once(columns)
    path = Path(drafted_once.folder) / "draft.yaml"
    path.write_text(text, "utf-8", newline="\n")
    load(path, capillary.endpoint().catalog).fit(tuple(columns))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20))
def test_a_scalar_is_read_back_exactly_also_inside_brackets(text: str):
    yaml = YAML(typ="rt", pure=True)
    read = yaml.load(f"a: {scalar(text)}\nb: [{scalar(text)}, {{k: {scalar(text)}}}]\n")
    assert read["a"] == text
    assert read["b"][0] == text
    assert read["b"][1]["k"] == text


@given(st.text(max_size=20))
def test_a_remark_stays_on_its_line(text: str):
    assert len(remark(text).splitlines()) <= 1


def test_values_on_one_line():
    value = {"choice": {"M": "Male", "01": 1}, "on": True, "list": ["a", "b, c"]}
    assert flow(value) == '{choice: {M: Male, "01": 1}, "on": true, list: [a, "b, c"]}'
    assert json.loads(json.dumps(value)) == value
