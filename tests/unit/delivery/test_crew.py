"""The crew keeps the delivery promise whatever the service answers; time is free."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.apis import capillary
from importer.apis.capillary.credentials import credentials
from importer.delivery import BreakerPolicy, Crew, FixedPace, FreePace, Means, RetryPolicy, Stop
from importer.delivery.courier import iso
from importer.delivery.testing import FixedCredentials, ListLedger, ListObserver, ScriptedTransport, run_free
from importer.errors import AccessRefused, GuardTripped, ServiceDead
from importer.records import Failure, Guards, Limit, Reply, Request, RowId, Status
from importer.settings import Auth, Secret, TargetSystem

DONE = Reply(200, b'{"createdId": 7, "warnings": []}')
WARNED = Reply(200, b'{"createdId": 7, "warnings": [{"code": 8059, "message": "index"}]}')
LOST = Reply(200, b'{"createdId": 7, "warnings": [{"code": 8057, "message": "email"}]}')
REFUSED = Reply(200, b'{"errors": [{"status": false, "code": 8015, "message": "not found"}]}')
BUSY = Reply(200, b'{"errors": [{"code": 521, "message": "several actions"}]}')
LIMITED = Reply(429)
DOWN = Reply(503)
GATEWAY = Reply(502, b"<html>bad gateway</html>")
TIMEOUT = Reply(None, failure=Failure.TIMEOUT)
UNCONNECTED = Reply(None, failure=Failure.CONNECT)
EXPIRED = Reply(498)
DENIED = Reply(403, b'{"errorCode": 4000, "errorMessage": "denied"}')
FORBIDDEN = Reply(403)


def requests(count, *, adds=False, lane=None, sheet=0):
    return [Request(RowId(sheet, row), f"/customer/{row}", b"{}", adds, lane) for row in range(2, count + 2)]


def deliver(given_requests, answer, *, stop=None, latency_s=0.02, **options):
    """(delivered, ledger, transport) of a delivery against a scripted service."""
    transport = ScriptedTransport(answer, latency_s)
    ledger = ListLedger()
    means = Means(
        endpoint=capillary.endpoint(),
        transport=transport,
        credentials=options.pop("credentials", FixedCredentials()),
        ledger=ledger,
        pace=options.pop("pace", FreePace()),
        observer=ListObserver(),
        seed=1,
        concurrency=options.pop("concurrency", 4),
        **options,
    )

    async def main():
        return await Crew(iter([given_requests]), means, stop or Stop()).deliver()

    return run_free(main()), ledger, transport


def script(*replies):
    """Answers each address with these replies in turn, the last one for ever."""
    turns = Counter()

    def answer(address, body, headers):
        turns[address] += 1
        return replies[min(turns[address], len(replies)) - 1]

    return answer


CASES = [
    # replies, adds, status, attempts: what each kind of answer makes of a row
    ([DONE], False, Status.UPDATED, 1),
    ([WARNED], False, Status.UPDATED_WITH_WARNINGS, 1),
    ([LOST], False, Status.PARTIAL, 1),
    ([REFUSED], False, Status.REJECTED, 1),  # business errors are never retried
    ([FORBIDDEN, DONE], False, Status.REJECTED, 1),  # a lone 403 without a code
    ([BUSY, BUSY, DONE], True, Status.UPDATED, 3),  # not applied: retried for every row
    ([BUSY], False, Status.FAILED, 6),
    ([LIMITED, LIMITED, DONE], True, Status.UPDATED, 1),  # a 429 consumes no attempt
    ([DOWN, DONE], True, Status.UPDATED, 2),
    ([UNCONNECTED, DONE], True, Status.UPDATED, 2),
    ([EXPIRED, DONE], True, Status.UPDATED, 1),  # renewed, and sent again
    ([GATEWAY, DONE], False, Status.UPDATED, 2),  # perhaps applied: retried when it only sets
    ([TIMEOUT, TIMEOUT, DONE], False, Status.UPDATED, 3),
    ([GATEWAY, DONE], True, Status.UNKNOWN, 1),  # perhaps applied: never again when it adds
    ([TIMEOUT, DONE], True, Status.UNKNOWN, 1),
    ([TIMEOUT, BUSY], False, Status.UNKNOWN, 6),  # the first attempt may have been applied
]


@pytest.mark.parametrize(("replies", "adds", "status", "attempts"), CASES)
def test_a_row_ends_as_its_replies_say(replies, adds, status, attempts):
    _, ledger, _ = deliver(
        requests(1, adds=adds), script(*replies), breaker=BreakerPolicy(patience_at_start_s=1e9, failures=99)
    )
    (outcome,) = ledger.outcomes.values()
    assert (outcome.status, outcome.attempts) == (status, attempts)


def test_an_outcome_tells_when_its_last_attempt_left_to_the_millisecond_in_utc():
    """Support asks for it; results.csv, the page's curve and the pace in the mean are made from it."""
    before = datetime.now(UTC)
    _, ledger, _ = deliver(requests(3), lambda *_: DONE)
    for one in ledger.outcomes.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", one.sent_at)
        assert before - timedelta(milliseconds=1) <= datetime.fromisoformat(one.sent_at) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("moment_ms", "expected"),
    [
        (0, "1970-01-01T00:00:00.000+00:00"),
        (1_772_366_400_001, "2026-03-01T12:00:00.001+00:00"),
        (1_772_366_399_999, "2026-03-01T11:59:59.999+00:00"),
    ],
)
def test_a_moment_keeps_its_milliseconds(moment_ms, expected):
    assert iso(moment_ms) == expected


def test_an_adding_row_goes_again_only_where_the_user_takes_the_risk():
    _, ledger, _ = deliver(requests(1, adds=True), script(TIMEOUT, DONE), policy=RetryPolicy(resend_unknown=True))
    (outcome,) = ledger.outcomes.values()
    assert outcome.status is Status.UPDATED


def test_rows_of_one_lane_go_in_file_order_and_never_two_at_a_time():
    """Also while one of them is retried."""
    lane = [Request(RowId(0, row), "/customer/same", str(row).encode(), False, 1) for row in range(2, 30)]
    others = requests(50, sheet=1)
    replies = itertools.cycle([BUSY, DONE, DOWN, DONE, DONE])
    _, ledger, transport = deliver([*lane, *others], lambda *_: next(replies))
    assert transport.overlaps == 0
    first_seen = list(dict.fromkeys(body for _, address, body in transport.sent if address == "/customer/same"))
    assert first_seen == [str(row).encode() for row in range(2, 30)]
    assert len(ledger.outcomes) == len(lane) + len(others)


def test_a_long_lane_does_not_hold_up_the_others():
    """Thousands of rows with one junk identifier, and one row of somebody else behind them."""
    junk = [Request(RowId(0, row), "/junk", b"{}", False, 7) for row in range(2, 5_002)]
    other = Request(RowId(0, 9_000), "/other", b"{}", False)
    _, ledger, transport = deliver([*junk, other], script(DONE), latency_s=1.0)
    left_at = next(at for at, address, _ in transport.sent if address == "/other")
    assert left_at < 2
    assert len(ledger.outcomes) == 5_001


def test_one_refusal_holds_everybody_and_one_request_tries_the_way_first():
    """429: a shared pause of 0.5 s doubling; a single probe after each."""
    open_at = 10.0
    seen = []

    def answer(address, body, headers):
        import asyncio

        now = asyncio.get_running_loop().time()
        seen.append(now)
        return DONE if now >= open_at else LIMITED

    delivered, ledger, _ = deliver(requests(100), answer, concurrency=16)
    assert len(ledger.outcomes) == 100
    assert delivered.refusals <= 16 + 5  # those in flight at first, then one probe for each pause
    assert min(at for at in seen if at >= open_at) < 18.0


@pytest.mark.parametrize("after", ["7", "Wed, 21 Oct 2037 07:28:00 GMT"])
def test_retry_after_is_obeyed_and_bounded(after):
    replies = iter([Reply(429, headers={"retry-after": after})])
    _, ledger, transport = deliver(requests(3), lambda *_: next(replies, DONE), concurrency=1)
    waited = transport.sent[1][0] - transport.sent[0][0]
    assert 7 <= waited <= 3_602
    assert len(ledger.outcomes) == 3


def test_a_told_rate_is_met_smoothly():
    """100 a minute: in no minute more than that, and at least 97 % of it used."""
    delivered, _, transport = deliver(requests(500), script(DONE), pace=FixedPace(100 / 60), concurrency=4)
    times = [at for at, *_ in transport.sent]
    assert all(sum(start <= at < start + 60 for at in times) <= 100 for start in times)
    assert 500 / delivered.seconds >= 0.97 * 100 / 60


def test_a_dead_service_stops_the_run_and_its_rows_stay_unsent():
    delivered, ledger, _ = deliver(requests(50), script(UNCONNECTED))
    assert isinstance(delivered.stopped, ServiceDead)
    assert not ledger.outcomes
    assert not ledger.open  # all are known not to have been applied
    assert delivered.seconds < 60


def test_an_outage_in_between_is_waited_out():
    """Two minutes without the service, in the middle of a run: no row fails."""

    def answer(address, body, headers):
        import asyncio

        return UNCONNECTED if 5 < asyncio.get_running_loop().time() < 125 else DONE

    delivered, ledger, _ = deliver(requests(500), answer, pace=FixedPace(20))
    assert delivered.stopped is None
    assert Counter(one.status for one in ledger.outcomes.values()) == {Status.UPDATED: 500}


TOKEN_GAME = [
    # requests that a token is good for, before somebody else's ends it -> rows that end well of 40
    (3, 40),
    (0, 0),
]


@pytest.mark.parametrize(("good_for", "updated"), TOKEN_GAME)
def test_tokens_that_another_client_ends_within_seconds_are_renewed_while_requests_pass(good_for, updated):
    """Both ask with the same key, and each new token ends the one before."""
    target = TargetSystem(
        "shop", "http://127.0.0.1:1", Auth.OAUTH, client_key=Secret("made"), client_secret=Secret("up")
    )
    tokens, used = 0, 0

    def answer(address, body, headers):
        nonlocal tokens, used
        if address.endswith("/token/generate"):
            tokens, used = tokens + 1, 0
            return Reply(200, b'{"data": {"accessToken": "T%d", "ttlSeconds": 300}}' % tokens)
        used += 1
        return DONE if headers["X-CAP-API-OAUTH-TOKEN"] == f"T{tokens}" and used <= good_for else Reply(401)

    delivered, ledger, _ = deliver(requests(40), answer, credentials=credentials(target), concurrency=2)
    assert isinstance(delivered.stopped, AccessRefused) == (not updated)
    assert Counter(one.status for one in ledger.outcomes.values())[Status.UPDATED] == updated


@pytest.mark.parametrize("answer", [script(DENIED), script(FORBIDDEN)])
def test_access_refusals_stop_the_run(answer):
    """Code 4000 at once; 403 without a code when ten come in a row."""
    delivered, ledger, _ = deliver(requests(50), answer)
    assert isinstance(delivered.stopped, AccessRefused)
    assert all(one.status is Status.REJECTED for one in ledger.outcomes.values())


def test_too_many_refused_rows_stop_the_run():
    delivered, ledger, _ = deliver(requests(500), script(REFUSED))
    assert isinstance(delivered.stopped, GuardTripped)
    assert 100 <= len(ledger.outcomes) < 120


def test_merges_stop_the_run_unless_accepted():
    merged = Reply(200, b'{"createdId": 7, "warnings": [{"code": 8051, "message": "merged"}]}')
    assert deliver(requests(50), script(merged))[0].stopped.guard == "max_merged"
    assert deliver(requests(50), script(merged), guards=Guards(max_merged=Limit(count=50)))[0].stopped is None


def test_once_a_setting_request_awards_all_count_as_adding():
    """After an award, a lost answer is no longer repeated."""
    award = Reply(200, b'{"createdId": 7, "sideEffects": [{"type": "points", "awardedPoints": 5}]}')
    answers = iter([award])
    _, ledger, _ = deliver(
        requests(2), lambda *_: next(answers, TIMEOUT), concurrency=1, guards=Guards(max_awarded=Limit(count=5))
    )
    assert [one.status for one in ledger.outcomes.values()] == [Status.UPDATED, Status.UNKNOWN]
    assert ledger.awarded


def test_a_stop_lets_what_is_in_flight_finish_and_sends_nothing_more():
    stop = Stop()
    turns = itertools.count()

    def answer(address, body, headers):
        if next(turns) == 10:
            stop.signalled(2)
        return DONE

    delivered, ledger, transport = deliver(requests(100), answer, stop=stop)
    assert delivered.interrupted
    assert 10 < len(ledger.outcomes) == len(transport.sent) < 20
    assert not ledger.open


def test_a_second_stop_ends_at_once_and_leaves_the_intent_open():
    stop = Stop()

    def answer(address, body, headers):
        stop.signalled(2)
        # never answers

    delivered, ledger, _ = deliver(requests(8), answer, stop=stop, concurrency=2)
    assert delivered.interrupted
    assert ledger.open  # perhaps applied: resume knows


def test_what_reading_raises_ends_the_delivery():
    def batches():
        yield requests(3)
        raise ValueError("the sheet broke off")

    means = Means(
        capillary.endpoint(),
        ScriptedTransport(script(DONE)),
        FixedCredentials(),
        ListLedger(),
        FreePace(),
        ListObserver(),
    )

    async def main():
        await Crew(batches(), means, Stop()).deliver()

    with pytest.raises(ValueError, match="broke off"):
        run_free(main())


REPLIES = [DONE, LOST, REFUSED, BUSY, LIMITED, DOWN, GATEWAY, TIMEOUT, UNCONNECTED, EXPIRED]
NOT_APPLIED = {id(one) for one in (BUSY, LIMITED, DOWN, UNCONNECTED, EXPIRED, REFUSED)}


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 3)), min_size=1, max_size=25),
    faults=st.lists(st.sampled_from(REPLIES), max_size=60),
    concurrency=st.integers(1, 6),
)
def test_no_row_is_lost_doubled_or_raced_under_any_script(rows, faults, concurrency):
    """Every row ends once; adding rows are never perhaps applied twice; lanes never overlap and keep their order."""
    given_requests = [
        Request(RowId(0, row), f"/lane/{lane}" if lane is not None else f"/row/{row}", str(row).encode(), adds, lane)
        for row, (adds, lane) in enumerate(rows, start=2)
    ]
    coming = iter(faults)
    perhaps = Counter()

    def answer(address, body, headers):
        reply = next(coming, DONE)
        perhaps[body] += id(reply) not in NOT_APPLIED
        return reply

    patient = BreakerPolicy(patience_s=1e9, patience_at_start_s=1e9)
    _, ledger, transport = deliver(given_requests, answer, concurrency=concurrency, breaker=patient)
    assert set(ledger.outcomes) == {one.id for one in given_requests}
    assert transport.overlaps == 0
    assert all(perhaps[str(one.id.row).encode()] <= 1 for one in given_requests if one.adds)
    for lane in range(4):
        expected = [str(one.id.row).encode() for one in given_requests if one.lane == lane]
        seen = list(dict.fromkeys(body for _, address, body in transport.sent if address == f"/lane/{lane}"))
        assert seen == expected
