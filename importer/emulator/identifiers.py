"""What a well-formed identifier is, and in which spelling it is stored (section 6 of the facts)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from importer.emulator.config import EmulatorConfig

LONGEST_EMAIL = 255  # characters (document ADD)
LONGEST_OTHER = 250  # characters; no limit is public, this one is ours
_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_INDIAN = re.compile(r"(?:91)?([6-9][0-9]{9})")
_GENERIC = re.compile(r"[1-9][0-9]{8,14}")
_LENGTH = re.compile(r"[0-9]{4,15}")
INVALID_IDENTIFIER = {"email": 8055, "mobile": 8056, "externalId": 8064}
INVALID_CHANNEL = {"email": 8057, "mobile": 8058}


def stored(kind: str, value: Any, config: EmulatorConfig) -> str | None:
    """The value as it is stored and looked up, or None where it is not well-formed.

    A mobile of ten Indian digits gets its country code (document SETUP); e-mail addresses are compared without case.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    # One documented sample sends a mobile as a JSON number.
    return _spelled(kind, str(value).strip(), config.mobile_rule, config.external_id_prefix, config.external_id_length)


@lru_cache(maxsize=4096)  # one request asks for the same value several times
def _spelled(kind: str, text: str, mobile_rule: str, prefix: str, length: int | None) -> str | None:
    """The stored spelling of a trimmed value, or None."""
    if not text:
        return None
    if kind == "mobile":
        return _mobile(text, mobile_rule)
    if kind == "email":
        return text.lower() if len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) else None
    if kind == "externalId":
        return text if text.startswith(prefix) and length in {None, len(text)} else None
    if kind == "id":
        return text if text.isascii() and text.isdigit() else None
    return text if len(text) <= LONGEST_OTHER else None


def _mobile(text: str, rule: str) -> str | None:
    """Digits with country code, or None."""
    if rule == "length":
        return text if _LENGTH.fullmatch(text) else None
    if indian := _INDIAN.fullmatch(text):
        return "91" + indian[1]
    return text if rule == "india-and-other" and _GENERIC.fullmatch(text) else None
