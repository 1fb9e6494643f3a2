"""What follows from an answer is a table: meaning, what went before, what the row does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.delivery.retry import Again, Finish, Halt, History, Renew, RetryPolicy, decide, wait_s
from importer.endpoint import Answer, Meaning
from importer.records import Notice, Status

FIRST = History(1, 0.0, perhaps=False, adds=False)
FIRST_ADDING = History(1, 0.0, perhaps=False, adds=True)
LAST = History(6, 20.0, perhaps=False, adds=False)
LATE = History(2, 301.0, perhaps=False, adds=False)
IN_DOUBT = History(1, 0.0, perhaps=True, adds=False)
IN_DOUBT_ADDING = History(1, 0.0, perhaps=True, adds=True)
IN_DOUBT_LAST = History(6, 20.0, perhaps=True, adds=False)

TABLE = [
    (Meaning.ACCEPTED, FIRST, Finish(Status.UPDATED)),
    (Meaning.ACCEPTED, IN_DOUBT, Finish(Status.UPDATED)),  # a setting row that was sent twice is simply updated
    (Meaning.PARTIAL, FIRST, Finish(Status.PARTIAL)),
    (Meaning.REFUSED, FIRST, Finish(Status.REJECTED)),  # business errors are never retried
    (Meaning.FORBIDDEN, FIRST, Finish(Status.REJECTED)),  # a lone 403; ten in a row are the breaker's matter
    (Meaning.UNAUTHORISED, FIRST, Renew()),
    (Meaning.UNAUTHORISED, LAST, Renew()),  # an old token costs no attempt
    (Meaning.DENIED, FIRST, Halt()),
    (Meaning.LIMITED, FIRST, Again(0.0, counts=False)),
    (Meaning.LIMITED, LATE, Again(0.0, counts=False)),  # too fast is nobody's fault, however long it lasts
    (Meaning.UNAVAILABLE, FIRST_ADDING, Again(0.25)),  # not applied: for every row
    (Meaning.UNAVAILABLE, LAST, Finish(Status.FAILED)),
    (Meaning.UNAVAILABLE, LATE, Finish(Status.FAILED)),  # bounded in time too
    (Meaning.UNAVAILABLE, IN_DOUBT_LAST, Finish(Status.UNKNOWN)),  # an earlier attempt was perhaps applied
    (Meaning.BUSY, FIRST_ADDING, Again(0.25)),
    (Meaning.BUSY, LAST, Finish(Status.FAILED)),
    (Meaning.PERHAPS, IN_DOUBT, Again(0.25)),  # sets: again
    (Meaning.PERHAPS, IN_DOUBT_ADDING, Finish(Status.UNKNOWN)),  # adds: never again
    (Meaning.PERHAPS, IN_DOUBT_LAST, Finish(Status.UNKNOWN)),
]


@pytest.mark.parametrize(("meaning", "history", "expected"), TABLE)
def test_an_answer_leads_to_one_decision(meaning, history, expected):
    assert decide(RetryPolicy(), history, Answer(meaning), chance=0.5) == expected


def test_every_meaning_has_its_line_in_the_table():
    assert {meaning for meaning, *_ in TABLE} == set(Meaning)


def test_warnings_that_cost_nothing_are_told_apart():
    answer = Answer(Meaning.ACCEPTED, warnings=(Notice("8059", "index"),))
    assert decide(RetryPolicy(), FIRST, answer, chance=0.5) == Finish(Status.UPDATED_WITH_WARNINGS)


def test_who_takes_the_risk_has_adding_rows_sent_again():
    policy = RetryPolicy(resend_unknown=True)
    assert decide(policy, IN_DOUBT_ADDING, Answer(Meaning.PERHAPS), chance=0.5) == Again(0.25)


def test_the_service_names_the_time_to_wait():
    for meaning in (Meaning.UNAVAILABLE, Meaning.BUSY, Meaning.LIMITED):
        decision = decide(RetryPolicy(), FIRST, Answer(meaning, retry_after_s=17.0), chance=0.5)
        assert decision == Again(17.0, counts=meaning is not Meaning.LIMITED)


@given(st.integers(1, 60), st.floats(0, 1))
def test_waits_are_spread_from_nothing_to_a_bound_that_doubles(attempts, chance):
    """min(30 s, 0.5 s * 2 ** (attempts - 1)), drawn evenly."""
    waited = wait_s(RetryPolicy(), attempts, chance)
    assert 0 <= waited <= min(30.0, 0.5 * 2 ** (attempts - 1))
    assert wait_s(RetryPolicy(), attempts, 1.0) == min(30.0, 0.5 * 2 ** (attempts - 1))
