"""The pace finds limits by itself: most of what is allowed is used, few requests are refused. Time is simulated."""

from __future__ import annotations

import pytest

from importer.apis import capillary
from importer.delivery import FixedPace, PaceMemory, TunedPace
from importer.delivery.simulated import Fixed, Sliding, refused, simulate, used

KINDS = [Fixed, Sliding]
MATRIX = [
    # allowed, window in s, warm-up in s, measured for s, workers
    (2, 1, 60, 260, 16),
    (5, 1, 60, 200, 16),
    (10, 1, 60, 120, 16),
    (20, 1, 60, 120, 16),
    (50, 1, 60, 60, 16),
    (100, 1, 60, 60, 16),
    (200, 1, 60, 60, 64),
    (500, 1, 60, 60, 64),
    (50, 60, 600, 1_800, 16),
    (100, 60, 600, 1_800, 16),
    (600, 60, 600, 600, 16),
    (1_000, 60, 600, 1_800, 16),
]
QUICK = {(2, 1), (10, 1), (50, 1), (50, 60), (100, 60)}
LIMITS = [
    pytest.param(*line, id=f"{line[0]}-in-{line[1]}-s", marks=() if line[:2] in QUICK else pytest.mark.long)
    for line in MATRIX
]


def replies(limit, seconds, *, pace=None, workers=16):
    """[(time in s, accepted)] of a delivery that lasts so long."""
    return simulate(capillary.endpoint(), pace or TunedPace(), limit, seconds, workers=workers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("allowed", "window_s", "warm_s", "measured_s", "workers"), LIMITS)
def test_an_unknown_limit_is_found_and_used(kind, allowed, window_s, warm_s, measured_s, workers):
    """At least 90 % after warm-up, and under 2 % refused over all."""
    seen = replies(kind(allowed, window_s), warm_s + measured_s, workers=workers)
    assert used(seen, warm_s, warm_s + measured_s, allowed / window_s) >= 0.9
    assert refused(seen) < 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("allowed", "window_s", "warm_s", "measured_s", "workers"), LIMITS)
def test_a_known_rate_is_used_and_never_exceeded(kind, allowed, window_s, warm_s, measured_s, workers):
    """Told as `--rate`: no refusal at all, and at least 97 % of it used."""
    seconds = min(measured_s, 300)
    seen = replies(kind(allowed, window_s), seconds, pace=FixedPace(allowed / window_s), workers=workers)
    assert refused(seen) == 0
    assert used(seen, 0, seconds, allowed / window_s) >= 0.97


HALVED = [
    # allowed and then, window in s, halved at, found again within s
    (40, 20, 1, 60, 10),
    pytest.param(200, 100, 1, 60, 10, marks=pytest.mark.long),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "after", "window_s", "at_s", "within_s"), HALVED)
def test_a_limit_that_halves_is_found_again_within_seconds(kind, before, after, window_s, at_s, within_s):
    """Used to 90 % soon afterwards, and over all few requests are refused."""
    first, then = kind(before, window_s), kind(after, window_s)
    end = at_s + within_s + 300
    seen = replies(lambda now: (first if now < at_s else then)(now), end)
    assert used(seen, at_s + within_s, end, after / window_s) >= 0.9
    assert refused(seen) < 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at_s", [900, *(pytest.param(at, marks=pytest.mark.long) for at in (915, 930, 947))])
@pytest.mark.parametrize("before", [100, *(pytest.param(rate, marks=pytest.mark.long) for rate in (600, 1_000))])
def test_a_limit_of_a_minute_that_halves_is_found_again_after_one_whole_window(kind, before, at_s):
    """The window in which it changes speaks of both limits; after the next one, 90 % of what is allowed is used."""
    first, then = kind(before, 60), kind(before // 2, 60)
    seen = replies(lambda now: (first if now < at_s else then)(now), at_s + 420)
    assert used(seen, at_s + 120, at_s + 420, before / 120) >= 0.9
    assert refused(seen) < 0.02


def test_a_limit_that_doubles_is_found_too():
    first, then = Sliding(20, 1), Sliding(40, 1)
    seen = replies(lambda now: (first if now < 60 else then)(now), 260)
    assert used(seen, 200, 260, 40) >= 0.9


def test_an_outage_says_nothing_of_the_limit():
    """Two minutes of 503: soon afterwards the rate is what it was."""
    limit = Sliding(20, 1)
    seen = replies(lambda now: None if 60 < now < 180 else limit(now), 400)
    assert used(seen, 300, 400, 20) >= 0.9


def test_what_was_found_is_where_the_next_run_starts():
    pace = TunedPace()
    replies(Sliding(20, 1), 60, pace=pace)
    assert pace.memory.ceiling == pytest.approx(20, rel=0.1)
    again = replies(Sliding(20, 1), 20, pace=TunedPace(PaceMemory(20.0)))
    assert used(again, 0, 20, 20) >= 0.9


def test_a_share_leaves_headroom_for_others():
    seen = replies(Sliding(20, 1), 120, pace=TunedPace(PaceMemory(20.0), share=0.5))
    assert used(seen, 10, 120, 20) < 0.6


def test_a_limit_of_a_minute_is_met_without_a_burst_at_its_turn():
    """100/min, fixed windows, warmed up: no second of a window has more than a few requests."""
    seen = replies(Fixed(100, 60), 1_800)
    late = [at for at, _ in seen if at > 600]
    assert max(sum(start <= at < start + 1 for at in late) for start in late) <= 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("allowed", "window_s"), [(20, 1), (100, 60)])
def test_a_quota_that_is_told_is_kept_to_before_anything_is_refused(kind, allowed, window_s):
    """`X-RateLimit-Remaining: 0` on a reply that accepts holds everybody; the limit is used all the same."""
    limit = kind(allowed, window_s)
    seen = simulate(capillary.endpoint(), TunedPace(), limit, 20 * window_s + 100, quota=limit.quota)
    assert used(seen, 6 * window_s, 20 * window_s + 100, allowed / window_s) >= 0.9
    assert refused(seen) < 0.02
    if kind is Fixed and window_s > 1:
        assert refused(seen) < 0.005  # those in flight when the first window ended
