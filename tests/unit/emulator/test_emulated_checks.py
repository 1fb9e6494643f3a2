"""Who may call, how often, and whom a query means: in the documented order."""

from __future__ import annotations

import json

import pytest

from importer.emulator.service import CUSTOM_FIELDS, DETAILS, EXTENDED_FIELDS, LOOKUP, SOURCES, TOKEN

MOBILE = "919876543210"


def error(answer: dict) -> int:
    return answer["errors"][0]["code"]


QUERIES = [
    ({"source": None}, 8001),
    ({"source": "Instore"}, 8003),  # the letter case counts
    ({"identifierName": "phone"}, 8013),
    ({"identifierName": None}, 8002),
    ({"identifierValue": None}, 8002),
    ({"source": "WECHAT"}, 8045),  # has several accounts
    ({"identifierValue": "12"}, 8015),  # not well-formed: nobody has it
    ({"identifierValue": "919999999999"}, 8015),  # belongs to nobody
    ({"identifierName": "externalId", "identifierValue": "MISSING-1"}, 8015),
    ({"source": None, "identifierName": "phone"}, 8001),  # source is looked at first
]


@pytest.mark.parametrize(("query", "code"), QUERIES)
def test_a_query_is_refused_with_http_200_and_the_documented_code(desk, query, code):
    one = desk()
    answer = one.put({}, **query)
    assert error(answer) == code
    assert set(answer) == {"errors"}
    assert set(answer["errors"][0]) == {"status", "code", "message"}
    assert one.received.status == 200
    assert not one.received.applied


def test_business_errors_are_http_400_by_switch(desk):
    one = desk(error_status=400)
    one.put({}, source="Instore")
    assert (one.received.status, one.received.code) == (400, 8003)


def test_a_missing_identifier_and_account_answer_by_switch(desk):
    one = desk(missing_identifier=11013, account_missing="warning", organisation={"accounts": {"LINE": ["A1"]}})
    assert error(one.put({}, identifierName=None)) == 11013
    assert one.put({}, source="WECHAT")["warnings"][0]["code"] == 8054
    assert error(one.put({}, source="LINE", accountId="A2")) == 8127
    assert one.put({}, source="LINE", accountId="A1")["createdId"]


def test_only_seeded_customers_exist_where_the_population_is_seeded(desk):
    one = desk(population="seeded")
    (number,) = one.service.seed([{"mobile": "9876543210", "email": "t@example.com"}])
    assert one.put({})["createdId"] == number  # ten Indian digits got their country code
    assert one.put({}, identifierName="id", identifierValue=str(number))["createdId"] == number
    assert error(one.put({}, identifierValue="919812345678")) == 8015
    assert error(one.put({}, source="MARTJACK", identifierName="email", identifierValue="t@example.com")) == 8065


def test_a_merge_victim_is_followed_with_a_warning_or_refused_by_switch(desk):
    for switch in ("follow", "refuse"):
        one = desk(population="seeded", merged=switch)
        survivor, _ = one.service.seed(
            [{"id": 7, "email": "s@example.com"}, {"id": 8, "mobile": MOBILE, "mergedInto": 7}]
        )
        answer = one.put({})
        if switch == "follow":
            assert (answer["createdId"], answer["warnings"][0]["code"]) == (survivor, 8069)
        else:
            assert error(answer) == 8069


@pytest.mark.parametrize("code", [618, 8026])
def test_a_seeded_customer_may_refuse_every_update(desk, code):
    one = desk(population="seeded")
    one.service.seed([{"mobile": MOBILE, "refuse": code}])
    assert error(one.put({})) == code


def test_a_seed_that_makes_no_sense_says_what_can_be_said(desk):
    with pytest.raises(ValueError, match=r"no phone; there are: .*mobile"):
        desk().service.seed([{"phone": MOBILE}])
    with pytest.raises(ValueError, match="mobile of a seeded customer"):
        desk().service.seed([{"mobile": "12"}])


def test_basic_takes_the_md5_of_the_password(desk):
    """The documented pair: store.server with server123."""
    one = desk(till="store.server", password="server123")
    import base64

    header = base64.b64encode(b"store.server:8a16a6b70505eb1f1ff7cdc0cd5559a7").decode()
    headers = {"Authorization": f"Basic {header}", "Content-Type": "application/json"}
    assert one.put_raw(b"{}", headers).status == 200
    assert (
        one.put_raw(
            b"{}", headers | {"Authorization": "Basic " + base64.b64encode(b"store.server:server123").decode()}
        ).status
        == 401
    )
    assert one.put_raw(b"{}", headers | {"Authorization": "Basic ?"}).status == 401


REFUSALS = [
    ("auto", {}, "xml"),
    ("auto", {"X-CAP-API-OAUTH-TOKEN": "x"}, "json"),
    ("json", {}, "json"),
    ("xml", {"X-CAP-API-OAUTH-TOKEN": "x"}, "xml"),
]


@pytest.mark.parametrize(("switch", "headers", "shape"), REFUSALS)
def test_a_401_reads_as_xml_or_json(desk, switch, headers, shape):
    answer = desk(refusal=switch).put_raw(b"{}", headers)
    assert answer.status == 401
    assert answer.content_type == f"application/{shape}"
    if shape == "json":
        assert json.loads(answer.body)["response"]["status"]["code"] == "401"
    else:
        assert b"<code>401</code>" in answer.body


def token(one, **wrong: str) -> dict:
    asked = {"key": "emulator-key", "secret": "emulator-secret"} | wrong
    return json.loads(one.ask("POST", TOKEN, {}, {}, json.dumps(asked).encode()).body)


def test_a_token_is_issued_lives_its_seconds_and_then_answers_498(desk):
    one = desk(token_ttl_s=300)
    issued = token(one)
    assert issued["errors"] is None
    assert issued["data"]["ttlSeconds"] == 300
    headers = {"X-CAP-API-OAUTH-TOKEN": issued["data"]["accessToken"], "Content-Type": "application/json"}
    assert one.put_raw(b"{}", headers).status == 200
    one.clock.now += 299
    assert one.put_raw(b"{}", headers).status == 200
    one.clock.now += 1
    answer = one.put_raw(b"{}", headers)
    assert answer.status == 498
    assert b"Token expired at" in answer.body
    assert one.put_raw(b"{}", {"X-CAP-API-OAUTH-TOKEN": token(one)["data"]["accessToken"]}).status == 415


def test_a_wrong_secret_gets_no_token(desk):
    assert token(desk(), secret="x")["data"] is None
    assert token(desk(auth="basic"))["data"] is None


def test_access_denied_and_unavailable_carry_their_codes(desk):
    denied, unavailable = desk(access="denied").put_raw(b"{}"), desk(access="unavailable").put_raw(b"{}")
    assert (denied.status, json.loads(denied.body)["errorCode"]) == (403, 4000)
    assert (unavailable.status, json.loads(unavailable.body)["errorCode"]) == (503, 4001)


def test_credentials_come_before_access_access_before_rate_rate_before_content(desk):
    one = desk(access="denied", limits=["1/min"])
    assert one.put_raw(b"{", {}).status == 401
    assert one.put_raw(b"{").status == 403
    one.service.configure(one.service.config.changed(access="granted"))
    assert [one.put_raw(b"{").status, one.put_raw(b"{").status] == [400, 429]


def test_wrong_path_method_and_content_type(desk):
    one = desk(auth="none")
    assert one.ask("GET", "/v2/nothing", {}, {}).status == 404
    assert one.ask("DELETE", LOOKUP, {}, {}).status == 405
    assert one.put_raw(b"{}", {"Content-Type": "text/plain"}).status == 415
    assert (
        error(
            json.loads(
                one.put_raw(b"{}", {"Content-Type": "application/json", "X-CAP-API-ATTRIBUTION-LOOKUP": "t"}).body
            )
        )
        == 1061
    )


def test_a_fixed_window_turns_at_once_and_a_sliding_one_bit_by_bit(desk):
    """4 a minute: two at 0 s and two at 50 s; at 60 s fixed admits four more, sliding only two."""
    admitted = {}
    for window in ("fixed", "sliding"):
        one = desk(limits=["4/min"], window=window)
        statuses = [one.put_raw(b"{}").status for _ in range(2)]
        one.clock.now += 50
        statuses += [one.put_raw(b"{}").status for _ in range(3)]
        assert statuses == [200, 200, 200, 200, 429]
        one.clock.now += 10.001
        admitted[window] = [one.put_raw(b"{}").status for _ in range(5)].count(200)
    assert admitted == {"fixed": 4, "sliding": 2}


def test_a_429_is_bare_unless_switched_otherwise(desk):
    bare = desk(limits=["1/min"])
    told = desk(limits=["1/min"], retry_after="seconds", rate_headers="x-ratelimit")
    dated = desk(limits=["1/min"], retry_after="date", rate_headers="ratelimit")
    first, second, third = [[one.put_raw(b"{}") for _ in range(2)][1] for one in (bare, told, dated)]
    assert (first.status, first.body, dict(first.headers)) == (429, b"", {})
    assert second.headers["Retry-After"] == "60"
    assert second.headers["X-RateLimit-Remaining"] == "0"
    assert third.headers["Retry-After"].endswith("GMT")
    assert third.headers["RateLimit-Limit"] == "1"


def test_the_quota_is_told_with_every_answer_where_that_is_switched_on(desk):
    one = desk(limits=["3/min"], rate_headers="ratelimit")
    one.clock.now += 20
    left = [one.put_raw(b"{}").headers for _ in range(4)]
    assert [headers["RateLimit-Remaining"] for headers in left] == ["2", "1", "0", "0"]
    assert {headers["RateLimit-Limit"] for headers in left} == {"3"}
    assert {headers["RateLimit-Reset"] for headers in left} == {"40"}


def test_the_limit_can_change_in_mid_run(desk):
    one = desk(limits=["4/s"])
    assert [one.put_raw(b"{}").status for _ in range(5)].count(200) == 4
    one.service.configure(one.service.config.changed(limits=["2/s"]))
    assert [one.put_raw(b"{}").status for _ in range(5)].count(200) == 2


def test_the_reads_show_what_is_stored(desk):
    one = desk(auth="none")
    number = one.profile(firstName="Tom")["createdId"]
    query = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": MOBILE}
    assert json.loads(one.ask("GET", LOOKUP, query, {}).body) == {"entity": number, "warnings": []}
    details = json.loads(one.ask("GET", DETAILS, query, {}).body)
    assert details["profiles"][0]["firstName"] == "Tom"
    assert details["profiles"][0]["identifiers"] == [{"type": "mobile", "value": MOBILE}]
    fields = json.loads(one.ask("GET", EXTENDED_FIELDS, {}, {}).body)["entity"]["customer"]
    assert {"name": "gender", "dataType": "STANDARD_ENUM"}.items() <= fields[0].items()
    assert "INSTORE" in [source["name"] for source in json.loads(one.ask("GET", SOURCES, {}, {}).body)["data"]]


# ── lists of the organisation's own fields ─────────────────────────────────────────────


def listed(desk, path, switches=None, **query):
    return json.loads(desk(auth="none", **(switches or {})).ask("GET", path, query, {}).body)


@pytest.mark.parametrize("key", ["customer", "CUSTOMER"])
def test_extended_fields_are_listed_below_either_key_of_the_documents(desk, key):
    fields = listed(desk, EXTENDED_FIELDS, {"entity_key": key})["entity"][key]
    assert {"name": "dob_date", "dataType": "DATE"}.items() <= next(
        one for one in fields if one["name"] == "dob_date"
    ).items()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["a"]),
        ({"scope": "loyalty_registration", "includeDisabled": "false"}, ["a"]),
        ({"scope": "loyalty_registration", "includeDisabled": "true"}, ["a", "b"]),
        ({"scope": "loyalty_transaction"}, []),
    ],
)
def test_custom_fields_are_listed_by_scope_and_disabled_ones_where_they_are_asked_for(desk, query, names):
    organisation = {"custom_fields": {"a": "String", "b": "Integer"}, "disabled_fields": ["b"]}
    fields = listed(desk, CUSTOM_FIELDS, {"organisation": organisation}, **query)["data"]
    assert [one["name"] for one in fields] == names
    assert [one["isDisabled"] for one in fields] == [name == "b" for name in names]
