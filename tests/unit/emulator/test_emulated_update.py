"""What a body does to a customer."""

from __future__ import annotations

import pytest

MOBILE = "919876543210"


def codes(answer: dict, kind: str = "warnings") -> list[int]:
    return [one["code"] for one in answer.get(kind, [])]


def test_only_keys_that_are_passed_change(desk):
    """A second update with a last name keeps the first name, and names are trimmed."""
    one = desk()
    one.profile(firstName="  Tom ", fields={"store": "S1", "batch": "7"})
    answer = one.profile(lastName="Sawyer", fields={"store": "S2"})
    assert set(answer) == {"createdId", "warnings", "sideEffects"}
    assert codes(answer) == []
    customer = one.customer()
    assert (customer.first_name, customer.last_name) == ("Tom", "Sawyer")
    assert customer.fields == {"store": "S2", "batch": "7"}
    assert answer["createdId"] == customer.id


def test_a_name_keeps_a_hundred_characters(desk):
    one = desk()
    one.profile(firstName="x" * 130)
    assert one.customer().first_name == "x" * 100


EXTENDED = [
    ({"city": "Pune"}, {"city": "Pune"}, []),
    ({"CITY": "Pune"}, {"city": "Pune"}, []),  # names are not case-sensitive
    ({"nobody_knows": "x"}, {}, [91016]),  # not enabled for the organisation
    ({"dob_date": "1990-05-01"}, {"dob_date": "1990-05-01"}, []),
    ({"dob_date": "01/05/1990"}, {}, [91015]),  # outside the documented forms
    ({"dob": "1990-05-01T00:00:00+05:30"}, {"dob": "1990-05-01T00:00:00+05:30"}, []),
    ({"age": 42}, {"age": 42}, []),
    ({"age": "old"}, {}, [91015]),
    ({"age": True}, {}, [91015]),  # there is no boolean type
    ({"city": "", "zip": None, "area": "null", "state": "NULL"}, {}, []),  # dropped without a word
]


@pytest.mark.parametrize(("given", "stored", "warned"), EXTENDED)
def test_extended_fields_are_stored_by_name_and_type(desk, given, stored, warned):
    one = desk()
    assert codes(one.put({"extendedFields": given})) == warned
    assert one.customer().extended_fields == stored


def test_empty_extended_values_do_not_clear_by_default_and_do_by_switch(desk):
    strict, mild = desk(), desk(empty_extended_values="store")
    for one in (strict, mild):
        one.put({"extendedFields": {"city": "Pune"}})
        one.put({"extendedFields": {"city": ""}})
    assert strict.customer().extended_fields == {"city": "Pune"}
    assert mild.customer().extended_fields == {"city": ""}


def test_declared_custom_fields_must_fit_their_type_and_length(desk):
    one = desk(organisation={"custom_fields": {"visits": "Integer", "employee": "Boolean"}})
    given = {"visits": "x", "employee": "true", "free": "y", "n" * 21: "z", "long": "v" * 251}
    assert sorted(codes(one.profile(fields=given))) == [1017, 1017, 1018]
    assert one.customer().fields == {"employee": "true", "free": "y"}


CHANNELS = [
    ({"type": "mobile", "value": "919812345678"}, 1, []),
    ({"type": "mobile", "value": "12"}, 0, [8058]),
    ({"type": "email", "value": "no.address"}, 0, [8057]),
    ({"type": "mobilePush", "value": "token-1", "meta": {"lastViewedDate": "2024-10-25"}}, 1, []),
]


@pytest.mark.parametrize(("channel", "stored", "warned"), CHANNELS)
def test_a_malformed_channel_is_told_and_not_stored(desk, channel, stored, warned):
    one = desk()
    assert codes(one.profile(commChannels=[channel])) == warned
    assert len(one.customer().channels) == stored


def test_channels_read_back_with_residence_and_office_and_join_by_type_and_value(desk):
    one = desk()
    one.profile(
        commChannels=[{"type": "email", "value": "T@example.com", "primary": "true", "meta": {"residence": True}}]
    )
    one.profile(commChannels=[{"type": "email", "value": "u@example.com", "primary": True}])
    assert one.customer().channels == [
        {
            "type": "email", "value": "t@example.com", "primary": False, "verified": False,
            "meta": {"residence": True, "office": False}, "attributes": {},
        },
        {
            "type": "email", "value": "u@example.com", "primary": True, "verified": False,
            "meta": {"residence": False, "office": False}, "attributes": {},
        },
    ]  # fmt: skip


def test_an_unknown_or_missing_channel_type_refuses_and_stores_nothing(desk):
    one = desk()
    assert codes(one.profile(firstName="Tom", commChannels=[{"type": "pager", "value": "1"}]), "errors") == [8010]
    assert codes(one.profile(firstName="Tom", commChannels=[{"value": "1"}]), "errors") == [8106]
    assert one.customer().first_name == ""


def test_an_empty_identifier_slot_is_filled_and_then_finds_the_customer(desk):
    one = desk()
    answer = one.profile(identifiers=[{"type": "email", "value": "Tom@Example.com"}])
    found = one.put({}, identifierName="email", identifierValue="tom@example.com")
    assert found["createdId"] == answer["createdId"]


@pytest.mark.parametrize(
    ("switches", "kind", "code", "stored"),
    [
        ({}, "warnings", 91006, "a@example.com"),  # documented default: a value that is there stays
        ({"primary_identifier": "email"}, "warnings", 91005, "a@example.com"),
        ({"identifier_change": "error"}, "errors", 8007, "a@example.com"),
        ({"identifier_change": "replace"}, "warnings", None, "b@example.com"),  # CONF_ALLOW_EMAIL_UPDATE
    ],
)
def test_an_identifier_with_another_value(desk, switches, kind, code, stored):
    one = desk(**switches)
    one.profile(identifiers=[{"type": "email", "value": "a@example.com"}])
    answer = one.profile(identifiers=[{"type": "email", "value": "b@example.com"}])
    assert codes(answer, kind) == ([code] if code else [])
    assert one.customer().identifiers["INSTORE", ""]["email"] == stored


def test_another_customers_identifier_in_the_same_source_refuses_the_whole_update(desk):
    one = desk()
    one.put(
        {"profiles": [{"identifiers": [{"type": "email", "value": "a@example.com"}]}]}, identifierValue="919812345678"
    )
    answer = one.profile(firstName="Tom", identifiers=[{"type": "email", "value": "a@example.com"}])
    assert codes(answer, "errors") == [8008]
    assert "createdId" not in answer
    assert one.customer().first_name == ""


def test_an_identifier_of_another_source_merges_into_the_one_who_was_there(desk):
    one = desk()
    there = one.put({}, source="MARTJACK", identifierName="email", identifierValue="a@example.com")["createdId"]
    here = one.put({})["createdId"]
    answer = one.profile(firstName="Tom", identifiers=[{"type": "email", "value": "a@example.com"}])
    assert codes(answer) == [8051]
    assert answer["createdId"] == there != here
    assert str(there) in answer["warnings"][0]["message"]
    assert one.service.customers.get(here).merged_into == there
    assert one.service.customers.get(there).first_name == "Tom"


INVALID = [("mobile", "12", 8056), ("email", "x@", 8055), ("externalId", "B1", 8064)]


@pytest.mark.parametrize(("kind", "value", "code"), INVALID)
def test_a_malformed_identifier_is_told_and_not_stored(desk, kind, value, code):
    one = desk(external_id_prefix="AB")
    customer = one.put({}, identifierName="cardnumber", identifierValue="C1")["createdId"]
    body = {"profiles": [{"identifiers": [{"type": kind, "value": value}]}]}
    assert codes(one.put(body, identifierName="cardnumber", identifierValue="C1")) == [code]
    assert one.service.customers.get(customer).identifiers["INSTORE", ""] == {"cardnumber": "C1"}


def test_a_card_needs_its_series_and_status_label(desk):
    one = desk()
    card = {"type": "cardnumber", "value": "C1"}
    assert codes(one.profile(identifiers=[card]), "errors") == [8013]
    assert codes(one.profile(identifiers=[card | {"seriesId": 3}]), "errors") == [8086]
    assert codes(one.profile(identifiers=[card | {"seriesId": 3, "statusLabel": "ACTIVE"}])) == []


def test_a_loyalty_customer_cannot_become_non_loyalty_but_the_reverse_works(desk):
    one = desk(born="non_loyalty")
    assert codes(one.put({"loyaltyInfo": {"loyaltyType": "loyalty"}})) == []
    assert codes(one.put({"loyaltyInfo": {"loyaltyType": "non_loyalty"}}), "errors") == [8018]


ENROLMENT = {"programId": 973, "tierNumber": 1, "loyaltyPoints": 75, "tierExpiryDate": "2027-02-11T16:36:17+05:30"}


@pytest.mark.parametrize(
    ("switch", "points", "code"), [("credit", 150, None), ("ignore", 75, None), ("error", 75, 8007)]
)
def test_a_repeated_enrolment_never_changes_details_and_credits_by_switch(desk, switch, points, code):
    """By default the points are credited twice: the danger that the importer must avoid, and the record tells it."""
    one = desk(enrolled_again=switch)
    one.put({"loyaltyProgramEnrollments": [ENROLMENT]})
    answer = one.put({"loyaltyProgramEnrollments": [ENROLMENT | {"tierNumber": 2}]})
    assert codes(answer, "errors") == ([code] if code else [])
    enrolment = one.customer().enrolments[973]
    assert (enrolment.tier, enrolment.points) == (1, points)


def test_the_same_body_credited_twice_is_a_double_credit_and_another_body_is_not(desk):
    one = desk()
    one.put({"loyaltyProgramEnrollments": [ENROLMENT]})
    one.put({"loyaltyProgramEnrollments": [ENROLMENT | {"loyaltyPoints": 5}]})
    assert one.service.record.statistics().double_credits == 0
    one.put({"loyaltyProgramEnrollments": [ENROLMENT]})
    assert one.service.record.statistics().double_credits == 1
    assert sorted((credit.times, credit.points) for credit in one.service.record.credits()) == [(1, 5), (2, 150)]


def test_enrolment_needs_a_known_program_and_a_loyalty_customer(desk):
    one = desk(organisation={"programs": [973]}, born="non_loyalty")
    assert codes(one.put({"loyaltyProgramEnrollments": [{"programId": 1}]}), "errors") == [885]
    assert codes(one.put({"loyaltyProgramEnrollments": [ENROLMENT]}), "errors") == [8089]
    assert codes(one.put({"loyaltyInfo": {"loyaltyType": "loyalty"}, "loyaltyProgramEnrollments": [ENROLMENT]})) == []


def test_side_effects_tell_awards_unless_the_work_is_asynchronous(desk):
    one = desk(award_points=25)
    assert one.put({})["sideEffects"][0]["awardedPoints"] == 25
    assert one.put({}, use_async="true")["sideEffects"] == []


MALFORMED = [
    b"{", b"[]", b'{"profiles": {}}', b'{"profiles": ["x"]}', b'{"profiles": [{"firstName": 1}]}',
    b'{"loyaltyInfo": {"loyaltyType": "gold"}}', b'{"loyaltyProgramEnrollments": [{}]}',
    b'{"loyaltyProgramEnrollments": [{"programId": "973"}]}', b'{"loyaltyProgramEnrollments": [{"programId": 1, "loyaltyPoints": 1.5}]}',
    b'{"loyaltyProgramEnrollments": [{"programId": 1, "tierExpiryDate": "2027-02-11"}]}', b'{"extendedFields": {"age": NaN}}',
    b'{"profiles": [{"commChannels": [{"type": "email", "value": "a@example.com", "primary": "yes"}]}]}',
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED)
def test_a_body_of_another_shape_is_a_bad_request_and_stores_nothing(desk, body):
    one = desk()
    answer = one.put_raw(body)
    assert (answer.status, answer.code) == (400, 400)
    assert len(one.service.customers) == 0


def test_keys_that_mean_nothing_are_passed_over_but_noted(desk):
    one = desk()
    answer = one.put(
        {
            "profile": [],
            "profiles": [
                {"Firstname": "Tom", "commChannels": [{"type": "line", "value": "x", "meta": {"home": True}}]}
            ],
        }
    )
    assert codes(answer) == []
    assert one.received.ignored == ("profile", "profiles[0].Firstname", "profiles[0].commChannels[0].meta.home")


def test_an_update_that_is_not_remembered_leaves_no_customer_behind(desk):
    one = desk(remember=False)
    assert one.profile(firstName="Tom", identifiers=[{"type": "email", "value": "a@example.com"}])["createdId"]
    assert len(one.service.customers) == 0
    assert one.profile(firstName="Tom", identifiers=[{"type": "email", "value": "a@example.com"}])["createdId"]
