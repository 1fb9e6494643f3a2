"""Questions to a target system: patient while it is down, not for long, and never a traceback."""

from __future__ import annotations

import json

import pytest

from importer.apis.capillary.credentials import credentials
from importer.delivery.testing import FixedCredentials, ScriptedTransport, run_free
from importer.errors import AccessRefused, ServiceDead, WrongUse
from importer.records import Failure, Reply
from importer.run.asking import TRIES, ask_one
from importer.settings import Auth, Secret, TargetSystem

LIST = Reply(200, b'{"data": []}')
REFUSED = json.dumps({"errors": [{"code": 8099, "message": "no such scope"}]}).encode()
DENIED = json.dumps({"httpStatusCode": 403, "errorMessage": "no access", "errorCode": 4000}).encode()


def asked(*replies):
    """(reply, transport, credentials) of a service that answers one after the other, the last for ever."""
    left = list(replies)
    transport = ScriptedTransport(lambda *_: left.pop(0) if len(left) > 1 else left[0])
    signing = FixedCredentials()
    return run_free(ask_one("test", "/v2/x?scope=a", transport, signing)), transport, signing


@pytest.mark.parametrize(
    "first",
    [
        Reply(429),
        Reply(503, headers={"retry-after": "7"}),
        Reply(None, failure=Failure.TIMEOUT),
        Reply(None, failure=Failure.RESET),
    ],
)
def test_what_passes_is_waited_for(first):
    reply, transport, _ = asked(first, LIST)
    assert reply == LIST
    assert transport.sent[1][0] >= (7 if first.headers else 1)


def test_refused_credentials_are_renewed_once():
    reply, _, signing = asked(Reply(498), LIST)
    assert (reply, signing.refusals) == (LIST, 1)


def test_a_question_with_a_token_that_has_ended_is_asked_again_with_a_new_one():
    target = TargetSystem(
        "shop", "http://127.0.0.1:1", Auth.OAUTH, client_key=Secret("made"), client_secret=Secret("up")
    )
    tokens = iter([b"T1", b"T2"])

    def answer(address, body, headers):
        if body:
            return Reply(200, b'{"data": {"accessToken": "%b", "ttlSeconds": 300}}' % next(tokens))
        return LIST if headers["X-CAP-API-OAUTH-TOKEN"] == "T2" else Reply(498)

    assert run_free(ask_one("test", "/v2/x", ScriptedTransport(answer), credentials(target))) == LIST


@pytest.mark.parametrize(
    ("reply", "error", "says", "times"),
    [
        (Reply(401), AccessRefused, "HTTP 401", 2),
        (Reply(403, DENIED), AccessRefused, "HTTP 403: no access", 1),
        (Reply(403), AccessRefused, "HTTP 403", 1),
        (Reply(503), ServiceDead, "HTTP 503", TRIES),
        (
            Reply(None, failure=Failure.TIMEOUT, detail="no complete reply within 30 s"),
            ServiceDead,
            "within 30 s",
            TRIES,
        ),
        (Reply(None, failure=Failure.CONNECT, detail="refused"), ServiceDead, "refused", 1),  # nobody is there
        (Reply(404, b"<html>"), WrongUse, "HTTP 404", 1),
        (Reply(200, REFUSED), WrongUse, "no such scope", 1),
    ],
)
def test_a_service_that_denies_or_does_not_answer_is_an_error_in_a_sentence(reply, error, says, times):
    left = ScriptedTransport(lambda *_: reply)
    with pytest.raises(error) as caught:
        run_free(ask_one("test", "/v2/x?scope=a", left, FixedCredentials()))
    assert says in str(caught.value)
    assert "/v2/x" in str(caught.value)
    assert "scope" not in str(caught.value).replace("no such scope", "")
    assert caught.value.advice.endswith(".")
    assert len(left.sent) == times
