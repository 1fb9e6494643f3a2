"""What customerDetails can show of a request, and what it cannot."""

from __future__ import annotations

import orjson
import pytest

from importer.apis.capillary.details import Shown, compare, details_address, read_details
from importer.endpoint import Meaning
from importer.records import Reply

HELD = {
    "profiles": [{"firstName": "Ann", "lastName": "", "fields": {"store": "7"}}, {"firstName": "Anna", "fields": {}}],
    "extendedFields": {"city": "Pune"},
    "loyaltyProgramEnrollments": [{"programId": 973, "loyaltyPoints": 10}],
}
CASES = [
    # body, what the details say
    ({"profiles": [{"firstName": "Bob"}]}, Shown.NOT_APPLIED),
    (
        {"profiles": [{"firstName": "Bob", "fields": {"store": "8"}}], "extendedFields": {"city": "Goa"}},
        Shown.NOT_APPLIED,
    ),
    ({"profiles": [{"fields": {"batch": "1"}}]}, Shown.NOT_APPLIED),  # it would stand there
    ({"profiles": [{"firstName": "Anna"}]}, Shown.THERE),  # in one of the profiles
    ({"profiles": [{"fields": {"store": 7}}]}, Shown.THERE),  # numbers may come back as text
    ({"profiles": [{"firstName": "Ann", "fields": {"store": "8"}}]}, Shown.MIXED),
    ({"loyaltyProgramEnrollments": [{"programId": 973, "loyaltyPoints": 10}]}, Shown.NOTHING),  # never: a balance
    ({}, Shown.NOTHING),
]


@pytest.mark.parametrize(("body", "shown"), CASES)
def test_only_where_nothing_of_it_is_there_a_request_was_not_applied(body, shown):
    assert compare(orjson.dumps(body), HELD) is shown


@pytest.mark.parametrize("details", [{}, {"profiles": None}, {"profiles": ["odd"], "extendedFields": []}])
def test_details_of_another_shape_show_nothing(details):
    assert compare(b'{"profiles": [{"firstName": "Bob"}], "extendedFields": {"city": "Goa"}}', details) is Shown.NOTHING


REPLIES = [
    (Reply(200, orjson.dumps({**HELD, "errors": []})), Meaning.ACCEPTED),
    (Reply(200, b'{"errors": [{"code": 8015, "message": "none"}]}'), Meaning.REFUSED),  # nobody is there
    (Reply(200, b'{"createdId": 7}'), Meaning.REFUSED),  # whatever that is, it is no answer
    (Reply(429), Meaning.LIMITED),  # asked again later
]


@pytest.mark.parametrize(("reply", "meaning"), REPLIES)
def test_only_a_customer_that_is_shown_is_an_answer(reply, meaning):
    answer = read_details(reply)
    assert answer.meaning is meaning
    assert bool(answer.side_effects) is (meaning is Meaning.ACCEPTED)


def test_the_details_have_the_address_of_the_update_with_one_word_more():
    assert details_address("/v2/customers/lookup?source=A").startswith("/v2/customers/lookup/customerDetails?source=A")
