"""Rates and shares as people write them."""

from __future__ import annotations

import re

from importer.errors import SettingsError

PER = {"s": 1.0, "min": 60.0, "h": 3600.0}  # s
HUNDRED = 100
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*/\s*(s|min|h)", re.ASCII)
_SHARE = re.compile(r"(\d{1,3})\s*%", re.ASCII)


def parse_rate(text: str) -> float:
    """Requests/s from `20/s`, `100/min` or `5000/h`. Raises SettingsError."""
    found = _RATE.fullmatch(text.strip())
    if not found or float(found[1]) <= 0:
        raise SettingsError(f"{text!r} is no rate.", advice="Write it as 20/s, 100/min or 5000/h.")
    return float(found[1]) / PER[found[2]]


def parse_share(text: str) -> float:
    """0 to 1 from `80%`. Raises SettingsError."""
    found = _SHARE.fullmatch(text.strip())
    if not found or not 0 < int(found[1]) <= HUNDRED:
        raise SettingsError(f"{text!r} is no share.", advice='Write it as "80%".')
    return int(found[1]) / HUNDRED
