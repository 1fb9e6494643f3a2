"""What a reply means: the body first, then the HTTP status, then what the network did.

`errors` in the body: not updated, even beside `createdId` or HTTP 200. `createdId` without `errors`: updated,
whatever the status. Never raises, whatever the bytes (documents STATUS, CODES, AUTHZ, OAUTH, C+).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from importer.apis.capillary.codes import codes, lossy
from importer.apis.capillary.shapes import (
    Said,
    awards,
    customer_id,
    entity_id,
    json_of,
    notices,
    refusal,
    side_effects,
)
from importer.apis.capillary.waiting import spent_s, wait_s
from importer.endpoint import Answer, Meaning
from importer.records import Failure, Notice, Outcome, Reply

MERGED = frozenset({"8050", "8051"})
# Body codes that say something other than "this row was refused", the most far-reaching first: of several, it decides.
BODY_MEANINGS = {"4000": Meaning.DENIED, "4001": Meaning.UNAVAILABLE, "521": Meaning.BUSY}
# HTTP statuses that say: not applied.
STATUS_MEANINGS = {
    401: Meaning.UNAUTHORISED,
    498: Meaning.UNAUTHORISED,
    403: Meaning.FORBIDDEN,
    429: Meaning.LIMITED,
    461: Meaning.UNAVAILABLE,
    503: Meaning.UNAVAILABLE,
    521: Meaning.UNAVAILABLE,
}
INNER_MEANINGS = {str(status): meaning for status, meaning in STATUS_MEANINGS.items()}
SLOWS_DOWN = frozenset({429, 461, 503, 521})
NO_RESULT = "answered without a readable result: perhaps applied"
REQUEST_ID_LENGTH = 200  # characters


def read(reply: Reply, customer_of: Callable[[Mapping[str, Any]], str] = customer_id) -> Answer:
    """The reply's meaning, with code, message, warnings and what else results need.

    `customer_of`: the customer's id in a body that accepts; "" where it names none.
    """
    if reply.failure is not None:
        return _failed(reply, reply.failure)
    content = json_of(reply.body)
    if isinstance(content, dict):
        if errors := notices(content.get("errors")):
            return _refused(reply, errors, content)
        if customer := customer_of(content):
            return _accepted(reply, content, customer)
    return _by_status(reply, refusal(reply.body, content))


def read_identity(reply: Reply) -> Answer:
    """The meaning of a reply to GET on the same path, which answers with the customer's id (document GETID)."""
    return read(reply, entity_id)


def effects(outcome: Outcome) -> tuple[bool, bool]:
    """Whether an outcome tells of merged accounts, and whether of an award; as `read` told it when it came."""
    merged = any(warning.code in MERGED for warning in outcome.warnings)
    return merged, any(awards(effect) for effect in outcome.side_effects)


# ── the body decides ───────────────────────────────────────────────────────────────────


def _refused(reply: Reply, errors: Sequence[Notice], content: Mapping[str, Any]) -> Answer:
    """`errors` is there. A code about the service or the credentials goes before one about the row."""
    status = reply.http_status or 0
    said = {error.code for error in errors}
    special = next((code for code in BODY_MEANINGS if code in said), "")
    code = special or errors[0].code
    meaning = BODY_MEANINGS.get(special, Meaning.REFUSED)
    repeats_status = not special and code in {"", str(status)}
    if repeats_status and status in STATUS_MEANINGS:
        meaning = STATUS_MEANINGS[status]
    elif not special and code in {"", "500"} and status >= 500:  # noqa: PLR2004 - HTTP's own classes
        meaning = Meaning.PERHAPS  # `errors` says no more than that the server failed
    limited = meaning is Meaning.LIMITED
    return Answer(
        meaning,
        code or ("" if _is_success(status) else str(status)),
        "; ".join(error.message for error in errors if error.message),
        tuple(notices(content.get("warnings"))),
        request_id=_request_id(reply),
        retry_after_s=wait_s(reply.headers, limited=limited),
        slows_down=limited or (repeats_status and status in SLOWS_DOWN) or special == "4001",
    )


def _accepted(reply: Reply, content: Mapping[str, Any], customer: str) -> Answer:
    """`createdId` without `errors`: code and message are those of the warnings, lost data first."""
    warnings = tuple(notices(content.get("warnings")))
    effects = side_effects(content)
    if not (warnings or effects):  # nearly every reply
        return Answer(
            Meaning.ACCEPTED, customer_id=customer, request_id=_request_id(reply), retry_after_s=spent_s(reply.headers)
        )
    lost = [warning for warning in warnings if warning.code in lossy()]
    shown = lost or warnings
    return Answer(
        Meaning.PARTIAL if lost else Meaning.ACCEPTED,
        shown[0].code if shown else "",
        "; ".join(warning.message for warning in shown if warning.message),
        warnings,
        effects,
        customer,
        _request_id(reply),
        spent_s(reply.headers),
        merged=any(warning.code in MERGED for warning in warnings),
        awards=any(awards(effect) for effect in effects),
    )


# ── the body does not decide ───────────────────────────────────────────────────────────


def _by_status(reply: Reply, said: Said) -> Answer:
    """HTTP status, save where an access refusal names a code of its own."""
    status = reply.http_status or 0
    meaning = BODY_MEANINGS.get(said.code) if status in {403, 503} or _is_success(status) else None
    code = said.code if meaning else str(status)
    if meaning is None and _is_success(status):
        # A gateway that says 200 and refuses inside (OAUTH's shape): a readable refusal, so nothing was applied.
        meaning, code = INNER_MEANINGS.get(said.code), said.code
        if meaning is None:
            return Answer(Meaning.PERHAPS, str(status), NO_RESULT, request_id=_request_id(reply))
    if meaning is None:
        meaning = STATUS_MEANINGS.get(status)
    if meaning is None:
        meaning = Meaning.PERHAPS if _server_side(status) else Meaning.REFUSED
    known = codes().get(str(status))
    return Answer(
        meaning,
        code,
        said.message or (known.meaning if known else f"HTTP {status}"),
        request_id=_request_id(reply),
        retry_after_s=wait_s(reply.headers, limited=meaning is Meaning.LIMITED),
        slows_down=status in SLOWS_DOWN or meaning is Meaning.LIMITED,
    )


def _failed(reply: Reply, failure: Failure) -> Answer:
    """The request did not leave; or no complete answer came, and a status that says "not applied" still counts."""
    if failure in {Failure.CONNECT, Failure.NOT_WRITTEN}:
        return Answer(Meaning.UNAVAILABLE, failure.value, reply.detail)
    if reply.http_status in STATUS_MEANINGS:
        return _by_status(reply, Said())
    return Answer(Meaning.PERHAPS, failure.value, reply.detail, request_id=_request_id(reply))


def _request_id(reply: Reply) -> str:
    return reply.headers.get("x-cap-requestid", "")[:REQUEST_ID_LENGTH]


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004 - HTTP's own classes


def _server_side(status: int) -> bool:
    """500 and more; and below 400 too: a redirect is no answer."""
    return status >= 500 or status < 400  # noqa: PLR2004 - HTTP's own classes
