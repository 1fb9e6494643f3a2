"""How long a reply asks us to wait: `Retry-After`, or the reset time of a quota that is used up.

Capillary documents none of these headers; a gateway in front of it may send any. Times are bounded, never negative.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER_S = 3_600.0  # an absurd wish is obeyed so far and no further
# `X-RateLimit-Reset` is a duration with some services and a moment with others: nobody asks for thirty years.
MOMENT_FROM = 1e9  # s since 1970
MOMENT_IN_MS_FROM = 1e12
RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
REMAINING = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
NOTHING_LEFT = re.compile(r";\s*r=0(?!\d)", re.ASCII)
_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,9})?", re.ASCII)
_FIELD_RESET = re.compile(r";\s*t=(\d{1,9})", re.ASCII)  # RateLimit: "default";r=0;t=30


def wait_s(headers: Mapping[str, str], *, limited: bool, now: datetime | None = None) -> float | None:
    """Seconds to wait, None where nothing is said. `limited`: the reply refuses for speed, so a quota's reset counts.

    `headers`: found by names in lower case.
    """
    asked = retry_after_s(headers.get("retry-after", ""), now)
    if asked is not None or not limited:
        return asked
    if found := _FIELD_RESET.search(headers.get("ratelimit", "")):
        return bounded(float(found[1]))
    resets = [reset_s(headers[name], now) for name in RESETS if name in headers]
    return max((reset for reset in resets if reset is not None), default=None)


def spent_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds until a quota is new of which nothing is left; None where something is left, or nothing is said."""
    for name in REMAINING:
        if name in headers:
            return wait_s(headers, limited=True, now=now) if headers[name].strip() == "0" else None
    return wait_s(headers, limited=True, now=now) if NOTHING_LEFT.search(headers.get("ratelimit", "")) else None


def retry_after_s(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); past ones are 0, absurd ones bounded."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return bounded(float(value))
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return bounded((when - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, OverflowError):
        return None


def reset_s(value: str, now: datetime | None = None) -> float | None:
    """Seconds until a quota is new, from a duration in s or a moment in s or ms since 1970."""
    value = value.strip()
    if not _NUMBER.fullmatch(value):
        return None
    number = float(value)
    if number >= MOMENT_FROM:
        moment = number / 1000 if number >= MOMENT_IN_MS_FROM else number
        number = moment - (now or datetime.now(UTC)).timestamp()
    return bounded(number)


def bounded(seconds: float) -> float:
    """Neither the past nor an eternity."""
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S) if math.isfinite(seconds) else LONGEST_RETRY_AFTER_S
