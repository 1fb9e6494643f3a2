"""Guards stop a run before anything is sent, and are accepted by name only."""

from __future__ import annotations

import pytest

from importer.errors import ExitCode, GuardTripped, WrongUse
from importer.planning import accept, check_cleared, check_invalid
from importer.records import Guards, Limit


@pytest.mark.parametrize(
    ("limit", "invalid", "read", "trips"),
    [
        (Limit(share=0.1), 10, 100, False),  # exactly the share
        (Limit(share=0.1), 11, 100, True),  # one more
        (Limit(share=0.1), 19, 19, False),  # shares apply from 20 rows on
        (Limit(share=0.0), 1, 20, True),  # none allowed
        (Limit(count=3), 3, 5, False),  # counts apply to any number of rows
        (Limit(count=3), 4, 5, True),
    ],
)
def test_max_invalid_trips_above_its_limit(limit, invalid, read, trips):
    guards = Guards(max_invalid=limit)
    if not trips:
        check_invalid(guards, invalid, read)
        return
    with pytest.raises(GuardTripped) as caught:
        check_invalid(guards, invalid, read)
    assert caught.value.exit_code == ExitCode.STOPPED
    assert caught.value.guard == "max_invalid"


def test_the_sentence_names_counts_limit_and_the_option_that_would_accept_it():
    with pytest.raises(GuardTripped) as caught:
        check_invalid(Guards(), 1_201, 4_000)
    assert "1,201 of 4,000 rows (30%)" in str(caught.value)
    assert "allows 10%" in str(caught.value)
    assert caught.value.advice.endswith("--accept max_invalid=31%")


@pytest.mark.parametrize(
    ("guards", "invalid", "read"), [(Guards(), 1_201, 4_000), (Guards(max_invalid=Limit(count=0)), 1, 1)]
)
def test_what_the_advice_says_would_be_accepted_is_accepted(guards, invalid, read):
    with pytest.raises(GuardTripped) as caught:
        check_invalid(guards, invalid, read)
    option = caught.value.advice.rpartition("--accept ")[2]
    check_invalid(accept(guards, [option]), invalid, read)


def test_clearing_trips_where_no_limit_is_stated_or_it_is_exceeded():
    with pytest.raises(GuardTripped, match="1 of 5 rows"):
        check_cleared(Guards(), 1, 5)
    with pytest.raises(GuardTripped, match="3 of 100 rows"):
        check_cleared(Guards(max_cleared=Limit(count=2)), 3, 100)
    check_cleared(Guards(), 0, 5)
    check_cleared(Guards(max_cleared=Limit(share=0.5)), 50, 100)


def test_accepted_guards_replace_those_of_the_mapping():
    accepted = accept(Guards(), ["max_invalid=30%", "max_merged = 5", "max_rejected"])
    assert accepted.max_invalid == Limit(share=0.3)
    assert accepted.max_merged == Limit(count=5)
    assert not accepted.max_rejected.exceeded(1_000, 1_000)
    assert accepted.max_warned == Guards().max_warned


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("max_invald=30%", "max_invalid"),  # a slip, with the nearest name
        ("everything", "there is no guard"),  # nothing near
        ("max_invalid=lots", "neither a share"),
        ("max_invalid=101%", "neither a share"),
        ("max_invalid=-1", "neither a share"),
        ("max_invalid=1.5", "neither a share"),  # a count is whole
        ("max_invalid=", "neither a share"),
    ],
)
def test_what_names_no_guard_or_no_limit_is_refused(option, says):
    with pytest.raises(WrongUse, match=says):
        accept(Guards(), [option])
