"""Whether a body has the documented shape (400 where not), and which of its keys mean nothing here.

Unknown keys are passed over, as a lenient reader does, but noted in the record, so that a test sees a misspelt one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from importer.emulator.organisation import is_moment

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _text_or_number(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in {"true", "false"}  # documented samples use both


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _natural(value: Any) -> bool:
    return _whole(value) and value >= 0


def _table(value: Any) -> bool:
    return isinstance(value, dict)


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


BODY: dict[str, Check] = {
    "profiles": _tables,
    "loyaltyInfo": _table,
    "extendedFields": _table,
    "loyaltyProgramEnrollments": _tables,
}
PROFILE: dict[str, Check] = {
    "firstName": _text,
    "lastName": _text,
    "fields": _table,
    "identifiers": _tables,
    "commChannels": _tables,
    "source": _text,
    "accountId": _text,
}
IDENTIFIER: dict[str, Check] = {
    "type": _text,
    "value": _text_or_number,
    "seriesId": _whole,
    "seriesCode": _text_or_number,
    "statusLabel": _text,
    "cardExternalId": _text,
    "extendedFields": _table,
    "customFields": _table,
}
CHANNEL: dict[str, Check] = {
    "type": _text,
    "value": _text_or_number,
    "primary": _boolean,
    "verified": _boolean,
    "subscribed": _boolean,
    "meta": _table,
    "attributes": _table,
}
META: dict[str, Check] = {"residence": _boolean, "office": _boolean, "lastViewedDate": _text}
LOYALTY: dict[str, Check] = {"loyaltyType": lambda value: value in {"loyalty", "non_loyalty"}}
ENROLMENT: dict[str, Check] = {
    "programId": _whole,
    "tierNumber": lambda value: _whole(value) and value >= 1,
    "loyaltyPoints": _natural,
    "tierExpiryDate": is_moment,
    "pointsExpiryDate": is_moment,
}


class MalformedBody(ValueError):
    """The body does not have the documented shape; the message is the path of the first wrong value."""


def examine(body: Any) -> list[str]:
    """Paths of keys that mean nothing to this call. Raises MalformedBody."""
    ignored: list[str] = []
    if not isinstance(body, dict):
        raise MalformedBody("the body is no object")
    _level(body, BODY, "", ignored)
    for place, profile in enumerate(body.get("profiles", ())):
        path = f"profiles[{place}]."
        _level(profile, PROFILE, path, ignored)
        for number, identifier in enumerate(profile.get("identifiers", ())):
            _level(identifier, IDENTIFIER, f"{path}identifiers[{number}].", ignored)
        for number, channel in enumerate(profile.get("commChannels", ())):
            _level(channel, CHANNEL, f"{path}commChannels[{number}].", ignored)
            _level(channel.get("meta", {}), META, f"{path}commChannels[{number}].meta.", ignored)
    _level(body.get("loyaltyInfo", {}), LOYALTY, "loyaltyInfo.", ignored)
    for number, enrolment in enumerate(body.get("loyaltyProgramEnrollments", ())):
        path = f"loyaltyProgramEnrollments[{number}]."
        _level(enrolment, ENROLMENT, path, ignored)
        if "programId" not in enrolment:
            raise MalformedBody(path + "programId")
    return ignored


def _level(table: dict[str, Any], known: dict[str, Check], path: str, ignored: list[str]) -> None:
    """Check one object; unknown keys go to `ignored`."""
    for key, value in table.items():
        check = known.get(key)
        if check is None:
            ignored.append(path + key)
        elif not check(value):
            raise MalformedBody(path + key)
