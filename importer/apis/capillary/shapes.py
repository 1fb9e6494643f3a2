"""The shapes that replies come in: v2 bodies, access refusals in JSON or XML, and whatever a gateway puts in between.

Nothing here trusts a type: a code may be text or a number, `errors` a list, an object or a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from importer.records import Notice

MESSAGE_LENGTH = 500  # characters kept of one message
XML_LOOKED_AT = 10_000  # bytes
_XML_MESSAGE = re.compile(rb"<message>(?:\s*<!\[CDATA\[)?([^<\]]{0,500})", re.IGNORECASE)
_XML_CODE = re.compile(rb"<code>\s*(\d{1,6})\s*</code>", re.IGNORECASE)
AWARDS = frozenset({"points", "coupon", "alternate_currency"})
NOTHING = frozenset({"", "0", "0.0", "0.00", "False", "None"})


class Said(NamedTuple):
    """A code and a message found outside `errors`; both "" where there are none."""

    code: str = ""
    message: str = ""


def json_of(body: bytes) -> Any:
    """The body as JSON; None where it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def notices(value: Any) -> list[Notice]:
    """`errors` or `warnings`, whatever shape they came in; empty where there are none (`[{}]` holds none either)."""
    if not value:
        return []
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        value = [value]
    return [notice(one) for one in value if one]


def notice(value: Any) -> Notice:
    """One entry; of an entry without code and message, its JSON."""
    if not isinstance(value, dict):
        return Notice("", text(value))
    code, message = text(value.get("code")), text(value.get("message"))
    return Notice(code, message) if code or message else Notice("", text(value))


def refusal(body: bytes, content: Any) -> Said:
    """What an access refusal says: flat JSON (AUTHZ), `response.status` (OAUTH) or XML (seen by partners)."""
    if isinstance(content, dict):
        inner = content.get("response")
        status = inner.get("status") if isinstance(inner, dict) else None
        facts = status if isinstance(status, dict) else content
        code = facts.get("errorCode", facts.get("code"))
        return Said(text(code), text(facts.get("errorMessage", facts.get("message"))))
    code_tag = _XML_CODE.search(body[:XML_LOOKED_AT])
    message_tag = _XML_MESSAGE.search(body[:XML_LOOKED_AT])
    return Said(
        code_tag[1].decode("ascii") if code_tag else "",
        message_tag[1].decode("utf-8", "replace").strip() if message_tag else "",
    )


def customer_id(content: Mapping[str, Any]) -> str:
    """`createdId` as text, where it names a customer; else ""."""
    return _identity(content.get("createdId"))


def entity_id(content: Mapping[str, Any]) -> str:
    """`entity` as text, where it names a customer; else ""."""
    return _identity(content.get("entity"))


def _identity(value: Any) -> str:
    if type(value) is int and value > 0:  # nearly every reply
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    found = text(value)
    return "" if found in {"", "0", "-1"} else found


def side_effects(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The entries of `sideEffects` that are objects."""
    effects = content.get("sideEffects")
    if not effects:
        return ()
    return tuple(one for one in effects if isinstance(one, dict)) if isinstance(effects, list) else ()


def awards(effect: Mapping[str, Any]) -> bool:
    """Whether a side effect gives something away: points, a coupon, another currency (and not 0 of it)."""
    kind = text(effect.get("type")).lower()
    if "coupon" in kind:
        return True
    amount = effect.get("awardedPoints", effect.get("awardedValue", 1))
    return kind in AWARDS and text(amount) not in NOTHING


def text(value: Any) -> str:
    """Any JSON value as text, bounded: whole floats lose their `.0`, objects and lists stay JSON."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict | list):
        value = orjson.dumps(value).decode()
    return str(value).strip()[:MESSAGE_LENGTH]
