"""How requests are signed, and what happens when a signature is refused. No test waits: the clock is the test's own."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from importer.apis.capillary import credentials as module
from importer.apis.capillary.credentials import TOKEN_HEADER, TOKEN_PATH, credentials, read_token
from importer.errors import AccessRefused, ServiceDead
from importer.records import Failure, Reply
from importer.settings import Auth, Secret, TargetSystem

DOWN = Reply(503, b"<html></html>")
REFUSED = Reply(401, b"<status><code>401</code></status>")
NOT_THERE = Reply(None, failure=Failure.CONNECT, detail="connection refused")


def token(name="T1", life_s=300):
    return Reply(200, orjson.dumps({"data": {"accessToken": name, "ttlSeconds": life_s}, "errors": None}))


class Script:
    """A transport that answers from a list, and remembers what was asked."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.asked = []

    async def send(self, method, address, body, headers):
        self.asked.append((method, address, body, dict(headers)))
        await asyncio.sleep(0)
        return self.replies.pop(0)


class Clock:
    """Loop time, and a sleep that only moves it."""

    def __init__(self):
        self.now = 1_000.0
        self.slept = []

    def run(self, main):
        async def timed():
            asyncio.get_running_loop().time = lambda: self.now
            return await main()

        return asyncio.run(timed())


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    turn = asyncio.sleep

    async def sleep(seconds):
        if seconds:
            clock.slept.append(seconds)
            clock.now += seconds
        await turn(0)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    return clock


@pytest.fixture
def oauth():
    return credentials(
        TargetSystem(
            "shop", "https://example.com", Auth.OAUTH, client_key=Secret("key"), client_secret=Secret("s3cret")
        )
    )


def basic(**more):
    return credentials(
        TargetSystem(
            "shop", "https://example.com", Auth.BASIC, till="store.server", password=Secret("server123"), **more
        )
    )


def test_basic_signs_with_the_md5_of_the_password_as_documented():
    headers = asyncio.run(basic().headers(Script()))
    assert headers == {"Authorization": "Basic c3RvcmUuc2VydmVyOjhhMTZhNmI3MDUwNWViMWYxZmY3Y2RjMGNkNTU1OWE3"}


def test_attribution_headers_go_along():
    given = {"X-CAP-API-ATTRIBUTION-ENTITY-TYPE": "STORE_CODE"}
    assert asyncio.run(basic(attribution=given).headers(Script())).items() >= given.items()


def test_a_refused_password_cannot_be_renewed():
    with pytest.raises(AccessRefused, match="shop refused the credentials"):
        asyncio.run(basic().refused(Script(), {}, admitted=True))


def test_a_token_is_asked_for_once_by_all_who_need_it(clock, oauth):
    script = Script(token())

    async def main():
        return await asyncio.gather(*(oauth.headers(script) for _ in range(20)))

    found = clock.run(main)
    assert all(headers == {TOKEN_HEADER: "T1"} for headers in found)
    assert script.asked == [
        ("POST", TOKEN_PATH, b'{"key":"key","secret":"s3cret"}',
         {"Content-Type": "application/json", "Accept": "application/json"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("life_s", "after_s", "renewed"),
    [
        (300, 269, False),
        (300, 271, True),  # 30 s early
        (60, 53, False),
        (60, 55, True),  # a tenth early
        (0, 0.5, False),  # born old: asked for again, but not with every request
        (0, 1, True),
    ],
)
def test_a_token_is_renewed_a_little_before_its_end(clock, oauth, life_s, after_s, renewed):
    script = Script(token("T1", life_s), token("T2"))

    async def main():
        await oauth.headers(script)
        clock.now += after_s
        return await oauth.headers(script)

    assert clock.run(main)[TOKEN_HEADER] == ("T2" if renewed else "T1")


def test_a_refused_token_is_renewed_once_for_all_who_were_refused(clock, oauth):
    script = Script(token("T1"), token("T2"))

    async def main():
        sent = await oauth.headers(script)
        await asyncio.gather(*(oauth.refused(script, sent, admitted=True) for _ in range(16)))
        return await oauth.headers(script)

    assert clock.run(main)[TOKEN_HEADER] == "T2"
    assert len(script.asked) == 2


def test_a_renewed_token_that_is_refused_at_once_ends_the_run(clock, oauth):
    script = Script(token("T1"), token("T2"))

    async def main():
        await oauth.refused(script, await oauth.headers(script), admitted=False)
        await oauth.refused(script, await oauth.headers(script), admitted=False)

    with pytest.raises(AccessRefused, match="refuses tokens that it has just issued"):
        clock.run(main)


EARLY_DEATHS = [
    # each token lives for s, lets requests in -> tokens that are asked for before the run ends; None: it goes on
    (0, False, 2),
    (4, False, 2),
    (4, True, module.EARLY_DEATHS + 1),  # refused and renewed all the time, and requests pass
    (10, False, module.EARLY_DEATHS + 1),
    (10, True, None),  # somebody else's tokens end ours, now and then
]


@pytest.mark.parametrize(("lived_s", "admitted", "asked"), EARLY_DEATHS)
def test_tokens_that_die_before_their_stated_end_are_renewed_as_long_as_they_are_good_for_something(
    clock, oauth, lived_s, admitted, asked
):
    script = Script(*(token(f"T{number}") for number in range(100)))

    async def main():
        for _ in range(90):
            sent = await oauth.headers(script)
            clock.now += lived_s
            await oauth.refused(script, sent, admitted=admitted)

    if asked is None:
        clock.run(main)
        assert len(script.asked) == 91
        return
    with pytest.raises(AccessRefused):
        clock.run(main)
    assert len(script.asked) == asked


def test_a_service_that_is_down_for_a_while_is_asked_again(clock, oauth):
    slow = Reply(429, headers={"retry-after": "20"})
    headers = clock.run(lambda: oauth.headers(Script(DOWN, slow, DOWN, token())))
    assert headers[TOKEN_HEADER] == "T1"
    assert clock.slept == [1.0, 20.0, 4.0]


def test_an_outage_at_renewal_is_waited_for_even_where_nothing_connects(clock, oauth):
    script = Script(token("T1", 10), NOT_THERE, NOT_THERE, token("T2"))

    async def main():
        await oauth.headers(script)
        clock.now += 10
        return await oauth.headers(script)

    assert clock.run(main)[TOKEN_HEADER] == "T2"


ENDINGS = [
    ([REFUSED], AccessRefused),  # wrong key or secret
    ([Reply(404)], AccessRefused),  # wrong host
    ([Reply(200, b'{"data":null,"errors":[{"code":1}]}')], AccessRefused),  # said in so many words
    ([NOT_THERE], ServiceDead),  # nobody there at the very start: a wrong host should end soon
    ([DOWN] * 100, ServiceDead),
]


@pytest.mark.parametrize(("replies", "error"), ENDINGS)
def test_no_token_ends_the_run_in_bounded_time_and_without_naming_a_secret(clock, oauth, replies, error):
    with pytest.raises(error) as caught:
        clock.run(lambda: oauth.headers(Script(*replies)))
    assert sum(clock.slept) <= module.TOKEN_PATIENCE_S
    assert "s3cret" not in str(caught.value) + caught.value.advice


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"data": {"accessToken": "T", "ttlSeconds": 60}}, ("T", 60.0)),
        ({"data": {"accessToken": "T", "ttlSeconds": "60"}}, ("T", 60.0)),
        ({"data": {"accessToken": "T"}}, ("T", 300.0)),  # life unstated
        ({"data": {"accessToken": "T", "ttlSeconds": "soon"}}, ("T", 300.0)),
        ({"data": {"accessToken": "two\nlines", "ttlSeconds": 60}}, ("", 0.0)),  # no header can carry it
        ({"data": {"accessToken": "", "ttlSeconds": 60}}, ("", 0.0)),
        ({"data": [1]}, ("", 0.0)),
        ([], ("", 0.0)),
        ("<html>", ("", 0.0)),
    ],
)
def test_a_token_is_read_from_the_documented_shape_alone(content, expected):
    assert read_token(Reply(200, orjson.dumps(content))) == expected
