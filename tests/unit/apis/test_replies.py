"""What a reply means."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.apis.capillary.replies import read
from importer.endpoint import Answer, Meaning
from importer.records import Failure, Reply

HTML = b"<html><head><title>520</title></head><body>cloud</body></html>"
OK = {"createdId": 162116213, "warnings": [], "sideEffects": []}


def error(*codes, **more):
    return {"errors": [{"status": False, "code": code, "message": f"says {code}"} for code in codes], **more}


def warned(*codes):
    return OK | {"warnings": [{"status": False, "code": code, "message": f"warns {code}"} for code in codes]}


def reply(status, content=b"", failure=None, **headers):
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, names, failure, "broke" if failure else "")


CASES = [
    # the body decides, whatever the status
    (200, OK, Meaning.ACCEPTED, ""),
    (200, {"createdId": 7}, Meaning.ACCEPTED, ""),  # without `warnings`, as public code has it
    (200, {"createdId": "7"}, Meaning.ACCEPTED, ""),  # one table says string
    (200, {"createdId": 162116213.0}, Meaning.ACCEPTED, ""),
    (500, OK, Meaning.ACCEPTED, ""),  # createdId without errors
    (200, {"createdId": 7, "errors": []}, Meaning.ACCEPTED, ""),
    (200, {"createdId": 7, "errors": None}, Meaning.ACCEPTED, ""),
    (200, {"createdId": 7, "errors": [{}]}, Meaning.ACCEPTED, ""),  # a documented bulk answer has such
    (200, error(8015), Meaning.REFUSED, "8015"),
    (400, error(8015), Meaning.REFUSED, "8015"),
    (500, error(8008), Meaning.REFUSED, "8008"),  # a business error is one under any status
    (503, error(8015), Meaning.REFUSED, "8015"),
    (200, error(8015, createdId=7), Meaning.REFUSED, "8015"),  # errors beside createdId: not updated
    (200, {"errors": {"code": "8015", "message": "x"}}, Meaning.REFUSED, "8015"),  # an object instead of a list
    (200, {"errors": "no such customer"}, Meaning.REFUSED, ""),
    (200, error(8015, 8008), Meaning.REFUSED, "8015"),  # the first decides
    # codes in the body that are not about the row
    (200, error(521), Meaning.BUSY, "521"),
    (521, error("521"), Meaning.BUSY, "521"),
    (200, error(4001), Meaning.UNAVAILABLE, "4001"),
    (200, error(4000), Meaning.DENIED, "4000"),
    (200, error(8015, 521), Meaning.BUSY, "521"),  # the busy customer first, then the rest
    (200, error(521, 4000), Meaning.DENIED, "4000"),  # the most far-reaching of several
    # errors that only repeat the status
    (429, error(429), Meaning.LIMITED, "429"),
    (403, error(403), Meaning.FORBIDDEN, "403"),
    (500, error(500), Meaning.PERHAPS, "500"),
    (200, error(500), Meaning.REFUSED, "500"),
    # warnings
    (200, warned(8050), Meaning.ACCEPTED, "8050"),
    (200, warned(521), Meaning.ACCEPTED, "521"),  # as a warning it only informs
    (200, warned(8059, 8057), Meaning.PARTIAL, "8057"),  # what was lost goes first
    (200, warned("91006"), Meaning.PARTIAL, "91006"),
    # access
    (401, b"<response><status><success>false</success><code>401</code><message>No</message></status></response>",
     Meaning.UNAUTHORISED, "401"),
    (401, {"response": {"status": {"success": "false", "code": "401", "message": "Unauthorized"}}},
     Meaning.UNAUTHORISED, "401"),
    (200, {"response": {"status": {"success": "false", "code": "498", "message": "Token expired"}}},
     Meaning.UNAUTHORISED, "498"),
    (498, b"", Meaning.UNAUTHORISED, "498"),
    (403, {"HttpStatusCode": 403, "errorMessage": "Access is denied!", "errorCode": 4000}, Meaning.DENIED, "4000"),
    (403, {"response": {"status": {"code": 403, "message": "no access"}}}, Meaning.FORBIDDEN, "403"),
    (403, b"", Meaning.FORBIDDEN, "403"),
    (503, {"errorCode": "4001", "errorMessage": "later"}, Meaning.UNAVAILABLE, "4001"),
    # the status alone: not applied …
    (429, b"", Meaning.LIMITED, "429"),
    (461, b"", Meaning.UNAVAILABLE, "461"),
    (503, HTML, Meaning.UNAVAILABLE, "503"),
    (521, HTML, Meaning.UNAVAILABLE, "521"),
    (400, b"", Meaning.REFUSED, "400"),
    (404, HTML, Meaning.REFUSED, "404"),
    (415, b"", Meaning.REFUSED, "415"),
    # … and perhaps applied
    (500, b"", Meaning.PERHAPS, "500"),
    (502, HTML, Meaning.PERHAPS, "502"),
    (504, HTML, Meaning.PERHAPS, "504"),
    (520, HTML, Meaning.PERHAPS, "520"),
    (200, b"", Meaning.PERHAPS, "200"),
    (200, HTML, Meaning.PERHAPS, "200"),
    (200, b'{"createdId": 16211', Meaning.PERHAPS, "200"),  # truncated
    (200, {"createdId": None, "warnings": []}, Meaning.PERHAPS, "200"),
    (200, {"createdId": True}, Meaning.PERHAPS, "200"),
    (200, [OK], Meaning.PERHAPS, "200"),  # JSON of another shape
    (204, b"", Meaning.PERHAPS, "204"),
    (302, b"", Meaning.PERHAPS, "302"),  # a redirect is no answer, and is not followed
]  # fmt: skip


@pytest.mark.parametrize(("status", "content", "meaning", "code"), CASES)
def test_a_reply_is_classified_by_body_first_and_then_by_status(status, content, meaning, code):
    answer = read(reply(status, content))
    assert (answer.meaning, answer.code) == (meaning, code)


FAILURES = [
    (Failure.CONNECT, None, Meaning.UNAVAILABLE, "connect"),
    (Failure.NOT_WRITTEN, None, Meaning.UNAVAILABLE, "not-written"),
    (Failure.TIMEOUT, None, Meaning.PERHAPS, "timeout"),
    (Failure.RESET, None, Meaning.PERHAPS, "reset"),
    (Failure.RESET, 200, Meaning.PERHAPS, "reset"),  # the answer broke off: it may have held errors
    (Failure.TOO_LARGE, 400, Meaning.PERHAPS, "too-large"),
    (Failure.TOO_LARGE, 429, Meaning.LIMITED, "429"),  # refused for speed, however long the page that says so
    (Failure.TIMEOUT, 503, Meaning.UNAVAILABLE, "503"),
]


@pytest.mark.parametrize(("failure", "status", "meaning", "code"), FAILURES)
def test_what_the_network_did_decides_whether_a_row_was_perhaps_applied(failure, status, meaning, code):
    answer = read(reply(status, failure=failure))
    assert (answer.meaning, answer.code) == (meaning, code)


@pytest.mark.parametrize(
    ("status", "content", "slows"),
    [
        (429, b"", True),
        (461, b"", True),
        (503, b"", True),
        (521, b"", True),
        (200, error(521), False),
        (500, b"", False),
    ],
)
def test_only_signs_of_overload_slow_everybody_down(status, content, slows):
    """A busy customer (body code 521) delays its lane alone."""
    assert read(reply(status, content)).slows_down is slows


def test_all_messages_of_several_errors_are_kept():
    assert read(reply(200, error(8015, 8008))).message == "says 8015; says 8008"


def test_a_reply_keeps_its_request_id_customer_and_side_effects():
    answer = read(
        reply(200, OK | {"sideEffects": [{"type": "points", "awardedPoints": 25}, "odd"]}, x_cap_requestid="r-1")
    )
    assert (answer.request_id, answer.customer_id) == ("r-1", "162116213")
    assert answer.side_effects == ({"type": "points", "awardedPoints": 25},)
    assert answer.awards


@pytest.mark.parametrize(
    ("effect", "awards"),
    [
        ({"type": "points", "awardedPoints": 25}, True),
        ({"type": "points", "awardedPoints": 0}, False),  # evaluated, nothing given
        ({"type": "points"}, True),  # in doubt, given
        ({"type": "coupon", "couponCode": "X"}, True),
        ({"type": "alternate_currency", "awardedValue": 2.5}, True),
        ({"type": "alternate_currency", "awardedValue": 0.0}, False),
        ({"type": "points", "awardedPoints": [1]}, True),
        ({"type": "segment"}, False),
        ({}, False),
    ],
)
def test_side_effects_that_give_something_away_are_awards(effect, awards):
    assert read(reply(200, OK | {"sideEffects": [effect]})).awards is awards


@pytest.mark.parametrize(("code", "merged"), [(8050, True), ("8051", True), (8052, False)])
def test_a_merge_of_accounts_is_noticed(code, merged):
    assert read(reply(200, warned(code))).merged is merged


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "999999999999"}, 3600.0),  # absurd, bounded
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),  # past
        ({"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 3600.0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-5"}, None),
        ({}, None),
        ({"ratelimit_reset": "12"}, 12.0),
        ({"x_ratelimit_reset": "12.5"}, 12.5),
        ({"ratelimit": '"default";r=0;t=30'}, 30.0),
        ({"x_ratelimit_reset": "1"}, 1.0),
        ({"x_ratelimit_reset": "1000000000"}, 0.0),  # a moment in 2001
        ({"retry_after": "3", "ratelimit_reset": "50"}, 3.0),  # what is asked for directly decides
    ],
)
def test_a_refusal_for_speed_says_how_long_to_wait(headers, expected):
    assert read(reply(429, **headers)).retry_after_s == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "12"}, 12.0),
        ({"ratelimit_remaining": " 0 ", "ratelimit_reset": "12"}, 12.0),
        ({"ratelimit": '"default";r=0;t=30'}, 30.0),
        ({"ratelimit": '"default";r=05;t=30'}, None),
        ({"x_ratelimit_remaining": "1", "x_ratelimit_reset": "12"}, None),  # there is one left
        ({"x_ratelimit_remaining": "0"}, None),  # until when is not said
        ({"x_ratelimit_reset": "12"}, None),
        ({}, None),
    ],
)
def test_an_accepted_row_may_have_spent_the_quota(headers, expected):
    answer = read(reply(200, {"createdId": 7, "warnings": []}, **headers))
    assert (answer.meaning, answer.retry_after_s) == (Meaning.ACCEPTED, expected)


def test_a_date_to_wait_for_is_counted_from_now():
    from importer.apis.capillary.waiting import reset_s, retry_after_s

    now = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after_s("Sun, 01 Mar 2026 12:00:20 GMT", now) == 20.0
    assert reset_s(str(now.timestamp() + 20), now) == 20.0
    assert reset_s(str(int(now.timestamp() + 20) * 1000), now) == 20.0


def test_a_reset_of_the_quota_counts_only_where_speed_was_refused():
    assert read(reply(503, ratelimit_reset="50")).retry_after_s is None
    assert read(reply(503, retry_after="50")).retry_after_s == 50.0


KEYS = st.sampled_from(
    ["errors", "warnings", "sideEffects", "createdId", "code", "message", "type", "response", "status", "errorCode",
     "awardedPoints", "errorMessage", "x"]
)  # fmt: skip
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | FLOATS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


@given(
    status=st.none() | st.integers(0, 999),
    content=st.binary(max_size=200) | json.map(orjson.dumps),
    failure=st.none() | st.sampled_from(Failure),
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "ratelimit", "ratelimit-reset", "x-ratelimit-reset", "x-cap-requestid"]),
        st.text(max_size=40) | st.sampled_from(["Sun, 99 Mar 2026 12:00:20 GMT", "1" * 400, "²", "1e5"]),
    ),
)
def test_no_reply_whatsoever_raises(status, content, failure, headers):
    answer = read(Reply(status, content, headers, failure))
    assert isinstance(answer, Answer)
    assert isinstance(answer.code, str)
    assert isinstance(answer.message, str)
    assert answer.retry_after_s is None or 0 <= answer.retry_after_s <= 3600
    if answer.meaning in {Meaning.ACCEPTED, Meaning.PARTIAL}:
        assert answer.customer_id
        assert failure is None
