"""Which column plays which role: headers and cells weighed together; what is not sure is never sure."""

from __future__ import annotations

import pytest

from importer.suggest import Confidence

MOBILES = [f"+91 90000 0{number:04}" for number in range(40)]
MAILS = [f"c{number}@example.com" for number in range(40)]
CODES = [f"C{number:05}" for number in range(40)]
DAYS = [f"{1 + number % 28:02}.{1 + number % 12:02}.1980" for number in range(40)]
NAMES = ["Anna", "Björn", "Clara", "Dirk", "Eva"] * 8


def test_header_and_cells_that_agree_are_sure(studied):
    found = studied({"Handy": MOBILES, "Mail": MAILS, "Kd.-Nr.": CODES, "Vorname": NAMES})
    assert {name: choice.role for name, choice in found.items()} == {
        "Handy": "mobile", "Mail": "email", "Kd.-Nr.": "externalId", "Vorname": "firstName",
    }  # fmt: skip
    assert {choice.confidence for choice in found.values()} == {Confidence.HIGH}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Mobile", NAMES),  # words
        ("Mobile", MAILS),
        ("E-mail", MOBILES),
        ("Date of birth", CODES),
        ("First name", MAILS),
        ("Customer code", MAILS),
        ("Store", DAYS),
        ("Store", [f"+49 171 39200{number:02}" for number in range(40)]),
        ("Gender", CODES),
        ("Points", NAMES),
        ("City", [f"{number:05} Ulm" for number in range(40)]),
        ("Mobile", [f"030 2312{number:04}" for number in range(5000, 5040)]),  # landlines, in German headers
        ("Customer id", ["1", "2", "3", "4"] * 10),  # four customers in forty rows
        ("Customer code", [f"{number}.50" for number in range(40)]),  # amounts
        ("Customer code", [f"https://example.com/{number}" for number in range(40)]),
        ("Card no", [f"XXXX-XXXX-{number:04}" for number in range(40)]),  # hidden
        ("Points", MOBILES),
        ("Age", [f"{number}" for number in range(19800, 19840)]),
        ("Store", ["yes", "no"] * 20),
        ("Zip", [f"{name} Ray" for name in NAMES]),
        ("Date of birth", [f"01.01.{number}" for number in range(2980, 3020)]),  # nobody is born then
        ("City", [f"{number:05}" for number in range(40)]),
    ],
)
def test_a_header_that_its_cells_contradict_is_never_sure(studied, header: str, cells: list[str]):
    columns = {header: cells, "Vorname": NAMES, "Nachname": NAMES}
    assert studied(columns)[header].confidence is not Confidence.HIGH


@pytest.mark.parametrize("header", ["xyz", "F12", "Feld 7"])
def test_cells_alone_are_never_sure(studied, header: str):
    for cells, role in ((MAILS, "email"), (MOBILES, "mobile"), (["male", "female"] * 20, "gender")):
        choice = studied({header: cells})[header]
        assert (choice.role, choice.confidence is Confidence.HIGH) == (role, False)


def test_of_two_columns_of_a_kind_the_better_one_is_the_first_and_the_other_a_second(studied):
    found = studied({"Alternate mobile": MOBILES[::-1], "Mobile": MOBILES, "Work mail": MAILS, "E-mail": MAILS[::-1]})
    assert {name: choice.role for name, choice in found.items()} == {
        "Mobile": "mobile", "Alternate mobile": "mobile2", "E-mail": "email", "Work mail": "email2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "role"),
    [
        ({"Name": NAMES, "Vorname": NAMES}, "lastName"),
        ({"Name": NAMES, "Nachname": NAMES}, "firstName"),
        ({"Name": [f"{name} Lang" for name in NAMES]}, "fullName"),
        ({"Name": NAMES}, "firstName"),
        ({"Name": NAMES, "Vorname": NAMES, "Nachname": NAMES}, ""),
    ],
)
def test_what_a_column_headed_name_holds_the_others_tell(studied, columns, role: str):
    assert studied(columns)["Name"].role == role


def test_a_form_of_address_tells_the_gender_where_no_column_does_and_is_asked(studied):
    address = ["Herr", "Frau"] * 20
    alone = studied({"Anrede": address})["Anrede"]
    assert (alone.role, alone.confidence is Confidence.HIGH) == ("gender", False)
    assert studied({"Anrede": address, "Geschlecht": ["m", "w"] * 20})["Anrede"].role == "salutation"


def test_a_header_that_may_mean_two_things_is_asked(studied):
    choice = studied({"Distrito": ["Lima", "Cusco"] * 20})["Distrito"]
    assert choice.confidence is not Confidence.HIGH
    assert "may as well mean" in choice.doubt


@pytest.mark.parametrize(
    ("cells", "role", "sure"),
    [
        (["INSTORE", "WEBSITE"], "source", True),
        (["INSTORE", "OUR_APP"], "source", False),  # organisations have sources of their own: asked
        (["Walk-in", "Facebook Ad"], "", False),  # where a customer was won, not where the profile lives
    ],
)
def test_a_source_is_only_taken_for_one_where_capillary_knows_it(studied, cells, role, sure):
    choice = studied({"Source": cells * 20})["Source"]
    assert (choice.role, choice.confidence is Confidence.HIGH) == (role, sure)


def test_two_columns_that_may_both_be_it_are_asked(studied):
    found = studied({"User ID": CODES, "Customer Code": CODES[::-1]})
    assert found["User ID"].doubt == "'Customer Code' may be it as well"
    assert found["Customer Code"].role == ""
    names = studied({"Name (column A)": NAMES, "Name (column B)": NAMES})
    assert "may be it as well" in names["Name (column A)"].doubt


def test_a_state_of_the_record_is_no_state_of_a_country(studied):
    assert studied({"State": ["Active", "Inactive"] * 20})["State"].confidence is Confidence.LOW


def test_a_column_that_numbers_rows_is_no_customer_id_but_one_with_codes_may_be(studied):
    assert studied({"Nr": [str(number) for number in range(1, 41)]})["Nr"].role == ""
    choice = studied({"ID": CODES})["ID"]
    assert (choice.role, choice.confidence) == ("externalId", Confidence.LOW)


def test_blank_columns_have_no_role(studied):
    found = studied({"Mobile": [""] * 40, "E-mail": ["NULL"] * 40})
    assert {choice.doubt for choice in found.values()} == {"no cell is filled"}


def test_chunks_change_nothing(studied):
    columns = {"Handy": MOBILES, "Geb.": DAYS, "Ort": NAMES, "Nr": CODES}
    whole, pieces = studied(columns), studied(columns, 7)
    assert {name: (one.role, one.evidence) for name, one in whole.items()} == {
        name: (one.role, one.evidence) for name, one in pieces.items()
    }


@pytest.mark.parametrize(
    ("cells", "truths"),
    [
        (["ja", "nein"], {"ja": True, "nein": False}),
        (["Y", "n"], {"Y": True, "n": False}),
        (["S", "N"], {"S": True, "N": False}),  # sí
        (["E", "H"], {"E": True, "H": False}),  # evet, hayır
        (["是", "否"], {"是": True, "否": False}),
        (["ja", "no"], None),  # no language has both
        (["CO", "NE", "OK"], None),  # states, not yes and no
        (["A", "B"], None),
    ],
)
def test_yes_and_no_are_of_one_language(studied, cells: list[str], truths):
    assert studied({"x": cells})["x"].facts.truths == truths


@pytest.mark.parametrize(
    ("cells", "ways"),
    [
        (["M", "F"], [{"M": "Male", "F": "Female"}]),
        (["H", "M"], [{"H": "Male", "M": "Female"}]),  # hombre, mujer
        (["E", "K"], [{"E": "Male", "K": "Female"}]),  # erkek, kadın
        (["m", "w", "d"], [{"m": "Male", "w": "Female", "d": "Other"}]),
        (["1: Herr", "2: Frau"], [{"1: Herr": "Male", "2: Frau": "Female"}]),
        (["1", "2"], []),
    ],
)
def test_genders_are_read_in_the_language_that_explains_most(studied, cells: list[str], ways):
    assert list(studied({"x": cells})["x"].facts.genders) == ways


def test_a_gender_that_languages_read_differently_has_several_ways(studied):
    ways = studied({"Sexo": ["M", "M"]})["Sexo"].facts.genders
    assert {way["M"] for way in ways} == {"Male", "Female"}
