"""What the documents show must be what is answered: by the emulator, and by a sandbox where one is named."""

from __future__ import annotations

import json
import os

import pytest

# The complete sample of this call (document SLATE), without the parts that depend on an organisation's set-up.
SAMPLE = {
    "profiles": [
        {
            "firstName": "Tom",
            "lastName": "Sawyer",
            "fields": {},
            "identifiers": [],
            "commChannels": [
                {
                    "type": "email",
                    "value": "tom.sawyer@example.com",
                    "primary": True,
                    "verified": False,
                    "meta": {"residence": True},
                }
            ],
            "source": "INSTORE",
        }
    ],
    "loyaltyInfo": {"loyaltyType": "loyalty"},
    "extendedFields": {"gender": "MALE", "city": "Bangalore"},
}
ENROLMENT = {
    "programId": 1016,
    "tierNumber": 1,
    "loyaltyPoints": 75,
    "tierExpiryDate": "2022-02-11T16:36:17+05:30",
    "pointsExpiryDate": "2022-02-11T11:06:17.000Z",  # as the OpenAPI's example writes it
}
emulator_only = pytest.mark.skipif(
    bool(os.environ.get("IMPORTER_CONTRACT_HOST")), reason="credits points or merges: never in somebody's organisation"
)


def test_the_sample_body_is_accepted_and_answered_as_documented(capillary):
    answer = capillary.put(SAMPLE)
    assert set(answer) >= {"createdId", "warnings", "sideEffects"}
    assert isinstance(answer["createdId"], int)
    assert not answer.get("errors")


def test_the_answer_names_the_customer_that_the_lookup_finds(capillary):
    query = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": capillary.mobile}
    status, body = capillary.ask("GET", "/v2/customers/lookup", **query)
    assert status == 200
    assert json.loads(body)["entity"] == capillary.put({"profiles": [{"firstName": "Tom"}]})["createdId"]


def test_what_was_sent_reads_back(capillary):
    capillary.put(SAMPLE)
    query = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": capillary.mobile}
    details = json.loads(capillary.ask("GET", "/v2/customers/lookup/customerDetails", **query)[1])
    assert details["profiles"][0]["firstName"] == "Tom"
    assert details["profiles"][0]["lastName"] == "Sawyer"


@emulator_only
def test_the_sample_with_enrolment_is_accepted(capillary):
    answer = capillary.put(SAMPLE | {"loyaltyProgramEnrollments": [ENROLMENT]})
    assert answer["createdId"]
    assert answer["warnings"] == []


REFUSED = [
    ({"identifierName": "externalId", "identifierValue": "no-such-customer-missing"}, {8015}),
    ({"source": "NO_SUCH_SOURCE"}, {8003, 8011, 8127}),
    ({"identifierName": "noSuchName"}, {8013, 8002}),
]


@pytest.mark.parametrize(("query", "codes"), REFUSED)
def test_a_refusal_lists_errors_with_status_code_and_message(capillary, query, codes):
    answer = capillary.put({"profiles": [{"firstName": "Tom"}]}, **query)
    assert "createdId" not in answer
    assert {"code", "message"} <= set(answer["errors"][0])
    assert int(answer["errors"][0]["code"]) in codes


def test_a_loyalty_customer_cannot_become_non_loyalty(capillary):
    capillary.put({"loyaltyInfo": {"loyaltyType": "loyalty"}})
    assert capillary.put({"loyaltyInfo": {"loyaltyType": "non_loyalty"}})["errors"][0]["code"] == 8018


def test_wrong_credentials_are_401_as_xml_or_json(capillary):
    status, body = capillary.ask("PUT", "/v2/customers/lookup", {}, {"Authorization": "Basic eDp5"}, source="INSTORE")
    assert status == 401
    assert b"401" in body


def test_a_token_works_in_its_header(capillary):
    status, body = capillary.ask(
        "POST", "/v3/oauth/token/generate", {"key": capillary.key, "secret": capillary.secret}, {}
    )
    issued = json.loads(body)
    assert status == 200
    assert issued["data"]["ttlSeconds"] > 0
    query = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": capillary.mobile}
    headers = {"X-CAP-API-OAUTH-TOKEN": issued["data"]["accessToken"]}
    assert capillary.ask("GET", "/v2/customers/lookup", headers=headers, **query)[0] == 200


def test_the_lists_of_fields_and_sources_have_their_documented_shape(capillary):
    extended = json.loads(capillary.ask("GET", "/v2/extendedFields")[1])
    assert extended["success"] is True
    entity = extended["entity"]
    assert {"id", "name", "label", "dataType"} <= set(next(iter(entity.get("customer") or entity["CUSTOMER"])))
    custom = json.loads(
        capillary.ask("GET", "/v2/organization/customFields", scope="loyalty_registration", includeDisabled="false")[1]
    )
    assert isinstance(custom["data"], list)
