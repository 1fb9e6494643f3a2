"""What the documented rules for identifiers, and those that an organisation declares, ask of mobiles, e-mails and ids."""

from __future__ import annotations

from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberType

from importer.apis.capillary.catalog import catalog
from importer.errors import MappingError
from importer.mapping import load
from importer.mapping.converters import make
from importer.problems import Problem
from importer.validation import gather
from importer.validation.facts import form
from importer.validation.variant_facts import either, number_of, variant_facts

COUNTRIES = catalog().countries


# ── data ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS - {"TA"}))  # Tristan da Cunha has no mobiles
def test_every_country_has_its_code_and_lengths_as_its_numbering_plan_has_them(region):
    mobile = PhoneMetadata.metadata_for_region(region, None).mobile
    country = COUNTRIES[region]
    assert country.code == str(phonenumbers.country_code_for_region(region))
    assert country.lengths == tuple(mobile.possible_length)
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if example is not None:
        (fact,) = _facts([region])
        number = f"{example.country_code}{phonenumbers.national_significant_number(example)}"
        assert fact.holds([number]) == [True]


def _facts(regions, **facts):
    variant = catalog()["lookup.identifiers.*"].variants["mobile"]
    return list(variant_facts("A", replace(variant, countries=tuple(COUNTRIES[one] for one in regions), **facts)))


# ── mobiles ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("regions", "value", "good"),
    [
        (["IN"], "919876543210", True),
        (["IN"], "9876543210", False),  # without country code
        (["IN"], "+919876543210", False),  # digits only
        (["IN"], "915876543210", False),  # India's mobiles begin with 6, 7, 8 or 9
        (["IN"], "91987654321", False),  # one digit short
        (["IN"], "971501234567", False),  # another country's
        (["IN", "AE"], "971501234567", True),  # an organisation may take several
        (["DE"], "4915112345678", True),  # countries with numbers of several lengths
        (["DE"], "491601234567", True),
        (["DE"], "49160123456", False),
    ],
)
def test_a_mobile_number_is_one_of_the_declared_countries(regions, value, good):
    (fact,) = _facts(regions)
    assert fact.holds([value]) == [good]


def test_what_is_asked_for_is_told_in_words():
    (fact,) = _facts(["IN", "DE"])
    assert fact.detail("x") == (
        "digits with country code: 91 and 10 digits, the first of them 6, 7, 8 or 9 (IN), or 49 and 10 or 11 digits (DE)"
    )


@given(st.sampled_from(sorted(COUNTRIES)), st.text("0123456789", min_size=1, max_size=15))
def test_a_number_fits_a_country_exactly_if_code_length_and_first_digit_do(region, number):
    country = COUNTRIES[region]
    value = country.code + number
    right = len(number) in country.lengths and (not country.first or number[0] in country.first)
    assert form("A", number_of(country)).holds([value]) == [right]


@pytest.mark.parametrize(("words", "told"), [(("1",), "1"), (("1", "2"), "1 or 2"), (("1", "2", "3"), "1, 2 or 3")])
def test_alternatives_are_told_as_people_tell_them(words, told):
    assert either(words) == told


# ── e-mails ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("a-z_A.Z+0@ex-ample.com", True),
        ("o'brien@example.com", False),  # the characters that Capillary takes are fewer than the standard's
        ("josé@example.com", False),
        ("a@b@example.com", False),
        ("a b@example.com", False),
    ],
)
def test_an_email_has_the_documented_characters_only(judge_values, slot, value, good):
    for address in ("lookup.identifiers[0].email", "profile.identifiers[0].value", "profile.commChannels[0].value"):
        problems = judge_values([slot(address, element="email")], [[value]])
        assert [one.slug for one in problems if one.slug == "pattern-mismatch"] == (
            [] if good else ["pattern-mismatch"]
        )


# ── external ids ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "value", "good"),
    [
        ({"prefix": "AB", "length": 10}, "AB00000042", True),
        ({"prefix": "AB", "length": 10}, "AB0000042", False),
        ({"prefix": "AB", "length": 10}, "ab00000042", False),  # exactly
        ({"prefix": "AB"}, "AB1", True),
        ({"prefix": "AB"}, "1", False),
        ({"prefix": "A.", "length": 4}, "AB12", False),  # a point is a point
        ({"length": 4}, "1234", True),
        ({"length": 4}, "12345", False),
        ({}, "whatever", True),
        ({}, "x" * 51, False),  # at most 50 characters
    ],
)
def test_an_external_id_has_the_declared_prefix_and_length(rule, value, good):
    variant = replace(catalog()["lookup.identifiers.*"].variants["externalId"], **rule)
    assert all(fact.holds([value]) == [True] for fact in variant_facts("A", variant)) == good


# ── in a mapping ───────────────────────────────────────────────────────────────────────

MAPPING = """\
version: 1
name: rules
lookup:
  source: INSTORE
  identifiers:
    - mobile: Mobile
    - externalId: Code
profile:
  identifiers:
    - {type: mobile, value: Mobile 2}
    - {type: externalId, value: Code}
  commChannels:
    - {type: mobile, value: Mobile}
declare:
  identifiers:
"""


@pytest.fixture
def declared(tmp_path):
    """Loads a mapping that declares this."""

    def run(text):
        path = tmp_path / "mapping.yaml"
        path.write_text(MAPPING + text, "utf-8")
        return load(path, catalog())

    return run


def test_declared_rules_hold_wherever_such_an_identifier_is_sent(declared):
    mapping = declared("    mobile: {country: IN}\n    externalId: {prefix: AB, length: 10}\n")
    slots = {one.slot.address: one.slot.target.variants for one in mapping.filled}
    for address in ("lookup.identifiers[0].mobile", "profile.identifiers[0].value", "profile.commChannels[0].value"):
        assert [one.region for one in slots[address]["mobile"].countries] == ["IN"]
    for address in ("lookup.identifiers[1].externalId", "profile.identifiers[1].value"):
        assert (slots[address]["externalId"].prefix, slots[address]["externalId"].length) == ("AB", 10)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("    mobile: {country: XX}\n", ":16:23: there is no country 'XX'; write two capitals"),
        ("    mobile: {country: in}\n", "did you mean 'IN'?"),
        ("    mobile: {country: [IN, QQ]}\n", "'QQ'"),
        ("    externalId: {}\n", "states `prefix`, `length` or both"),
        ("    externalId: {prefix: ABCD, length: 4}\n", "leaves no room"),
        ("    externalId: {length: 51}\n", "50"),
        ("    mobil: {country: IN}\n", "did you mean 'mobile'?"),
    ],
)
def test_a_rule_that_makes_no_sense_is_an_error_of_the_mapping(declared, text, says):
    with pytest.raises(MappingError) as caught:
        declared(text)
    assert says in str(caught.value)


CARD = "  identifiers:\n    - {type: cardnumber, value: Card, seriesId: 7}\n"


def test_a_card_without_status_is_an_error_of_the_mapping(tmp_path):
    path = tmp_path / "card.yaml"
    path.write_text(MAPPING.partition("profile:")[0] + "profile:\n" + CARD, "utf-8")
    with pytest.raises(MappingError, match=r"card.yaml:10:7: .*a cardnumber needs statusLabel"):
        load(path, catalog())


# ── causes ─────────────────────────────────────────────────────────────────────────────


def test_ten_digits_without_country_code_are_a_cause_with_its_remedy(declared):
    slots = [one.slot for one in declared("    mobile: {country: IN}\n").filled]
    problems = [Problem(row, "pattern-mismatch", "Mobile", f"98765{row:05}", slots[1].address) for row in range(4112)]
    (cause,) = gather(((0, one) for one in problems), slots)
    assert (cause.rows, cause.pattern) == (4112, "10 digits without country code")
    assert cause.suggestion == "add `phone: IN` to the column's `convert`"


PUT = 'put it in front with `replace: {from: "^(?!AB)", to: AB, regex: true}`'


def test_a_prefix_is_put_where_it_is_missing_and_nowhere_else():
    replace_ = make("replace", {"from": "^(?!AB)", "to": "AB", "regex": "true"})
    assert [replace_.one(value) for value in ("00000042", "AB00000042", "ABBA")] == ["AB00000042", "AB00000042", "ABBA"]


@pytest.mark.parametrize(
    ("rule", "value", "suggested"),
    [
        ("{prefix: AB, length: 10}", "00000042", PUT),
        ("{prefix: AB, length: 10}", "42", ""),  # a prefix alone does not mend it
        ("{prefix: AB}", "42", PUT),
        ("{length: 8}", "42", "add `pad: {to: 8}` to the column's `convert`, if what is missing are leading zeros"),
        ("{length: 8}", "X2", ""),
    ],
)
def test_what_an_external_id_lacks_is_suggested_where_it_is_plain(declared, rule, value, suggested):
    slots = [one.slot for one in declared(f"    externalId: {rule}\n").filled]
    problem = Problem(2, "pattern-mismatch", "Code", value, "lookup.identifiers[1].externalId")
    assert gather([(0, problem)], slots)[0].suggestion == suggested
