"""`GET /v2/customers/lookup/customerDetails`: what Capillary holds of a customer, beside what a request would have set.

It can show that a request was not applied: where nothing that it set is there. It can never show that points were
credited: a balance says nothing of where it comes from, and fields may have held the same values before.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from importer.apis.capillary.address import PATH
from importer.apis.capillary.replies import read
from importer.apis.capillary.shapes import json_of, text
from importer.endpoint import Answer, Meaning
from importer.records import Reply

DETAILS = PATH + "/customerDetails"


class Shown(enum.Enum):
    """What the details say of a request."""

    NOT_APPLIED = "Capillary holds nothing of what it set"
    THERE = "Capillary holds what it set, which it may have held before"
    MIXED = "Capillary holds a part of what it set"
    NOTHING = "what it set cannot be seen"


def details_address(address: str) -> str:
    """The address of the details, from that of an update."""
    return address.replace(PATH + "?", DETAILS + "?", 1)


def read_details(reply: Reply) -> Answer:
    """The reply as an answer whose only side effect is what it holds."""
    content = json_of(reply.body)
    if reply.http_status == 200 and isinstance(content, dict) and not content.get("errors") and content.get("profiles"):  # noqa: PLR2004 - HTTP's own
        return Answer(Meaning.ACCEPTED, side_effects=(content,))
    answer = read(reply)
    # Whatever else came, nothing is known of the customer; a question that succeeded otherwise is no answer.
    return answer if answer.meaning not in {Meaning.ACCEPTED, Meaning.PARTIAL} else Answer(Meaning.REFUSED)


def compare(body: bytes, details: Mapping[str, Any]) -> Shown:
    """Compare names, custom fields and extended fields of a request's body with the details."""
    found = [
        text(value) in {text(one.get(name)) for one in places} for name, value, places in _visible(body, details)
    ]  # fmt: skip
    if not found:
        return Shown.NOTHING
    if not any(found):
        return Shown.NOT_APPLIED
    return Shown.THERE if all(found) else Shown.MIXED


def _visible(body: bytes, details: Mapping[str, Any]) -> Iterator[tuple[str, Any, list[Mapping[str, Any]]]]:
    """(name, value that was sent, the objects in which the details would show it)."""
    sent = orjson.loads(body)
    shown: list[Mapping[str, Any]] = [one for one in details.get("profiles") or [] if isinstance(one, dict)]
    profile = (sent.get("profiles") or [{}])[0]
    for name in ("firstName", "lastName"):
        places = [one for one in shown if name in one]
        if name in profile and places:
            yield name, profile[name], places
    fields: list[Mapping[str, Any]] = [one["fields"] for one in shown if isinstance(one.get("fields"), dict)]
    for name, value in (profile.get("fields") or {}).items():
        if fields:
            yield name, value, fields
    extended = details.get("extendedFields")
    for name, value in (sent.get("extendedFields") or {}).items():
        if isinstance(extended, dict):
            yield name, value, [extended]
