"""What headers say: known spellings in any dress, what other words say against them, and what they say of dates."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from importer.suggest.headers import matches
from importer.suggest.matching import EXACT, SPELLED_OUT
from importer.suggest.roles import AMBIGUOUS_NAME, ROLES
from importer.suggest.spelling import compact, skeleton, snake, words
from importer.suggest.stated import stated_order
from importer.suggest.vocabulary import languages, roles_in_data, vocabulary


def best(header: str) -> tuple[str, bool]:
    """(role, whether nothing speaks against it) of the best match."""
    found = matches(header)
    return (found[0].role, not found[0].doubt) if found else ("", True)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Mobile", "mobile"),
        ("MOBILE_NO", "mobile"),  # programs
        ("mobileNo", "mobile"),  # camel case
        ("Handy", "mobile"),
        ("Móvil", "mobile"),  # accents
        ("movil", "mobile"),  # and without
        ("手机", "mobile"),
        ("Mobile No", "mobile"),
        ("cust_phone", "mobile"),  # prefixes
        ("行動電話", "mobile"),  # traditional letters
        ("點數到期日", "pointsExpiry"),
        ("मोबाइल नंबर", "mobile"),  # marks that are no accents
        ("Kd.-Nr.", "externalId"),
        ("GebDat", "birthDate"),  # two words shortened
        ("Geb. Dat.", "birthDate"),
        ("frst_nm", "firstName"),  # without vowels
        ("Kundenmobilnummer", "mobile"),  # written together
        ("Vornmae", "firstName"),  # misspelt
        ("Name / Nom", AMBIGUOUS_NAME),  # two languages
        ("Date of birth (dd/mm/yyyy)", "birthDate"),  # brackets
        ("Phone (home)", "landline"),  # unless they say what it is
        ("E-Mail 2 (column C)", "email"),  # a position is no part of a name
        ("Tarikh Tamat Mata", "pointsExpiry"),  # made of points, and that they expire
        ("〒", "zip"),
        ("memberDateOfBirth_ddMMyyyy", "birthDate"),
    ],
)
def test_a_header_is_known_in_any_dress(header: str, role: str):
    assert role in {one.role for one in matches(header)[:3]}, matches(header)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Spouse mobile", "somebody else's"),
        ("Mobiel partner", "somebody else's"),
        ("門市電話", "a shop's"),
        ("店舗電話番号", "a shop's"),  # no blanks between words
        ("Store phone no", "a shop's"),
        ("Old e-mail", "no longer"),
        ("Email hash", "not the values"),
        ("Mobile (masked)", "not the values"),
        ("Next tier", "a fact about it"),
        ("Card expiry", "a fact about it"),
        ("Mobile opt-in", "a fact about it"),
    ],
)
def test_other_words_of_a_header_speak_against_it(header: str, says: str):
    assert says in " ".join(one.doubt for one in matches(header))
    assert matches(header)[0].strength < SPELLED_OUT


@pytest.mark.parametrize("header", ["", "🙂", "Date", "Balance", "xyz", "F12", "Wert", "A", "---"])
def test_a_header_that_says_nothing_matches_nothing_well(header: str):
    assert all(one.strength < SPELLED_OUT for one in matches(header))


@pytest.mark.parametrize("header", ["Mobile 2", "Alternate mobile", "Zweites Handy", "备用手机"])
def test_a_second_of_its_kind_is_told_apart(header: str):
    (one, *_) = matches(header)
    assert (one.role, one.second) == ("mobile", True)


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("DOB (dd/mm/yyyy)", "dmy"),
        ("DOB MM-DD-YYYY", "mdy"),
        ("Geburtstag TT.MM.JJJJ", "dmy"),  # Tag, Monat, Jahr
        ("naissance jj/mm/aaaa", "dmy"),  # jour, mois, année
        ("doğum gg.aa.yyyy", "dmy"),  # gün, ay, yıl
        ("nascita gg/mm/aaaa", "dmy"),  # giorno, mese, anno
        ("урожд. дд.мм.гггг", "dmy"),
        ("ur. rrrr-mm-dd", "ymd"),  # rok
        ("d/m/y", "dmy"),
        ("birth_ddMMyyyy", "dmy"),
        ("Army day", ""),
        ("gym", ""),
        ("my", ""),
    ],
)
def test_a_header_may_state_the_order_of_its_dates(header: str, order: str):
    assert stated_order(header) == order


def test_every_spelling_leads_to_its_role_and_every_role_has_spellings():
    """Data and code name the same roles, and no spelling is lost on the way."""
    named = set(ROLES) | {AMBIGUOUS_NAME}
    assert roles_in_data() <= named
    assert {role for role in named if not role.endswith("2")} <= roles_in_data()
    table = tomllib.loads(resources.files("importer.suggest").joinpath("synonyms.toml").read_text("utf-8"))
    for role, by_language in table.items():
        for spelling in ",".join(by_language.values()).split(","):
            assert compact(spelling), (role, spelling)
            assert role in {found for found, _ in vocabulary().exact[compact(spelling)]}, spelling
    assert len(languages()) >= 20


def test_no_spelling_of_one_role_is_plainly_another_role():
    """Where two roles share a spelling, the cells decide or it is asked; that is for few words only."""
    shared = {key: {role for role, _ in roles} for key, roles in vocabulary().exact.items()}
    names = {"name", "externalId"}  # `Customer` heads both
    assert {key for key, roles in shared.items() if len(roles) > 1 and roles != names} <= {
        "cep", "aniversario", "distrito", "kraj",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("custPhone_No2", ("cust", "phone", "no", "2")),
        ("HTTPServer", ("http", "server")),
        ("Größe/Gewicht", ("grosse", "gewicht")),
        ("N° client", ("n", "client")),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", ("full", "width")),
        ("पहला नाम", ("पहला", "नाम")),
        ("", ()),
    ],
)
def test_words_of_a_header(text: str, parts: tuple[str, ...]):
    assert words(text) == parts


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Favourite Store", "favourite_store"),
        ("DSGVO_OK", "dsgvo_ok"),
        ("Consent for marketing by e-mail", "consent_for"),  # 20 characters at most, whole words
        ("Straße", "strasse"),
        ("ニュース", ""),  # no Latin letter: no name to propose
        ("A" * 30, "a" * 20),
    ],
)
def test_the_name_of_a_field_is_lower_case_and_short(header: str, name: str):
    assert snake(header, 20) == name


def test_consonants_say_something_from_four_on():
    assert skeleton("firstname") == "frstnm"
    assert skeleton("plz") == ""
    assert skeleton("имя") == ""


def test_a_known_header_needs_no_other_evidence():
    assert matches("E-mail")[0].strength == EXACT
    assert best("Store name") == ("store", True)
