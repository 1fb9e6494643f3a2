"""What a reply means: the body first, then the HTTP status, then what the network did.

`errors` in the body: not updated, even beside `createdId` or HTTP 200. `createdId` without `errors`: updated. Never
raises, whatever the bytes (documents STATUS, CODES, AUTHZ, OAUTH, C+; sections 3.1 to 3.4 of the facts).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from importer.apis.capillary.codes import codes, lossy
from importer.endpoint import Answer, Meaning
from importer.records import Failure, Notice, Reply

LONGEST_RETRY_AFTER_S = 3_600.0  # an absurd wish is obeyed so far and no further
MESSAGE_LENGTH = 500  # characters kept of one message
MERGED = frozenset({"8050", "8051"})
AWARDS = ("points", "coupon", "alternate_currency")
# Body codes that say something other than "this row was refused".
BODY_MEANINGS = {"521": Meaning.BUSY, "4001": Meaning.UNAVAILABLE, "4000": Meaning.DENIED}
STATUS_MEANINGS = {
    401: Meaning.UNAUTHORISED,
    498: Meaning.UNAUTHORISED,
    403: Meaning.FORBIDDEN,
    429: Meaning.LIMITED,
    461: Meaning.UNAVAILABLE,
    503: Meaning.UNAVAILABLE,
    521: Meaning.UNAVAILABLE,
}
SLOWS_DOWN = frozenset({429, 461, 503, 521})
_XML_MESSAGE = re.compile(rb"<message>([^<]{0,500})</message>")
_XML_CODE = re.compile(rb"<code>\s*(\d{1,6})\s*</code>")


def read(reply: Reply) -> Answer:
    """The reply's meaning, with code, message, warnings and what else results need."""
    request_id = reply.headers.get("x-cap-requestid", "")
    retry_after = retry_after_s(reply.headers.get("retry-after", ""))
    if reply.failure in {Failure.CONNECT, Failure.NOT_WRITTEN}:
        return Answer(Meaning.UNAVAILABLE, reply.failure.value, reply.detail)
    if reply.failure is not None:
        return Answer(Meaning.PERHAPS, reply.failure.value, reply.detail, request_id=request_id)
    status = reply.http_status or 0
    content = _json(reply.body)
    if isinstance(content, dict):
        if errors := _entries(content.get("errors")):
            return _refused(errors, content, status, request_id, retry_after)
        if _is_id(content.get("createdId")) and _is_success(status):
            return _accepted(content, request_id)
    return _by_status(reply, content, status, request_id, retry_after)


def retry_after_s(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); past ones are 0, absurd ones bounded."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER_S)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max((when - (now or datetime.now(UTC))).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


# ── bodies ─────────────────────────────────────────────────────────────────────────────


def _refused(
    errors: Sequence[Notice],
    content: Mapping[str, Any],
    status: int,
    request_id: str,
    retry_after: float | None,
) -> Answer:
    """`errors` is there. A code that concerns the service or the credentials goes before one that concerns the row."""
    special = [error for error in errors if error.code in BODY_MEANINGS]
    first = special[0] if special else errors[0]
    meaning = BODY_MEANINGS.get(first.code, Meaning.REFUSED)
    if not special and (by_status := STATUS_MEANINGS.get(status)) and first.code in {"", str(status)}:
        meaning = by_status  # `errors` only repeats the HTTP status
    elif not special and first.code in {"", "500"} and status >= 500:  # noqa: PLR2004 - HTTP's own classes
        meaning = Meaning.PERHAPS
    return Answer(
        meaning,
        first.code or str(status),
        "; ".join(error.message for error in errors),
        tuple(_entries(content.get("warnings"))),
        request_id=request_id,
        retry_after_s=retry_after,
        slows_down=meaning in {Meaning.LIMITED, Meaning.UNAVAILABLE},
    )


def _accepted(content: Mapping[str, Any], request_id: str) -> Answer:
    """`createdId` without `errors`."""
    warnings = tuple(_entries(content.get("warnings")))
    effects = content.get("sideEffects")
    side_effects = tuple(one for one in effects if isinstance(one, dict)) if isinstance(effects, list) else ()
    lost = [warning for warning in warnings if warning.code in lossy()]
    shown = lost or warnings
    return Answer(
        Meaning.PARTIAL if lost else Meaning.ACCEPTED,
        shown[0].code if shown else "",
        "; ".join(warning.message for warning in shown),
        warnings,
        side_effects,
        str(content["createdId"]),
        request_id,
        merged=any(warning.code in MERGED for warning in warnings),
        awards=any(_awards(effect) for effect in side_effects),
    )


def _by_status(reply: Reply, content: Any, status: int, request_id: str, retry_after: float | None) -> Answer:
    """Nothing in the body decides: HTTP status, then the codes of access refusals inside other shapes."""
    code, message = _other_shape(reply.body, content)
    if _is_success(status):
        return Answer(
            Meaning.PERHAPS,
            str(status),
            "answered without a readable result: perhaps applied",
            request_id=request_id,
        )
    meaning = STATUS_MEANINGS.get(status)
    if code in BODY_MEANINGS and status in {0, 403, 503}:
        meaning = BODY_MEANINGS[code]
    if meaning is None:
        server_side = status >= 500 or status < 400  # noqa: PLR2004 - HTTP's own classes; a redirect is no answer
        meaning = Meaning.PERHAPS if server_side else Meaning.REFUSED
    known = codes().get(str(status))
    said = message or (known.meaning if known else f"HTTP {status}")
    return Answer(
        meaning,
        code if code in codes() and meaning is BODY_MEANINGS.get(code) else str(status),
        said,
        request_id=request_id,
        retry_after_s=retry_after,
        slows_down=status in SLOWS_DOWN,
    )


def _other_shape(body: bytes, content: Any) -> tuple[str, str]:
    """(code, message) from the shapes of access refusals: flat JSON, `response.status`, or XML (AUTHZ, OAUTH)."""
    if isinstance(content, dict):
        inner = content.get("response")
        status = inner.get("status") if isinstance(inner, dict) else None
        facts = status if isinstance(status, dict) else content
        code = _text(facts.get("errorCode", facts.get("code", "")))
        return code, _text(facts.get("errorMessage", facts.get("message", "")))
    coded = _XML_CODE.search(body[:10_000])
    said = _XML_MESSAGE.search(body[:10_000])
    return (
        coded[1].decode("ascii") if coded else "",
        said[1].decode("utf-8", "replace").strip() if said else "",
    )


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _entries(value: Any) -> list[Notice]:
    """`errors` or `warnings` as notices, whatever shape they came in; empty where there are none."""
    if isinstance(value, dict):
        value = [value] if value else []
    if not isinstance(value, list):
        return [Notice("", _text(value))] if value else []
    return [
        Notice(_text(one.get("code", "")), _text(one.get("message", "")))
        if isinstance(one, dict)
        else Notice("", _text(one))
        for one in value
        if one
    ]


def _text(value: Any) -> str:
    """A scalar as text, bounded; floats that are whole lose their `.0`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)[:MESSAGE_LENGTH]


def _is_id(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip() not in {"", "0", "-1"}


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004 - HTTP's own classes


def _awards(effect: Mapping[str, Any]) -> bool:
    """Whether a side effect gives something away."""
    kind = str(effect.get("type", "")).lower()
    if "coupon" in kind:
        return True
    amount = effect.get("awardedPoints", effect.get("awardedValue", 1))
    return kind in AWARDS and amount not in {0, "0", None}
