"""The organisation's own fields as Capillary lists them (documents EF and CF): where to ask, and what the replies say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from importer.apis.capillary.shapes import json_of

EXTENDED_FIELDS = "/v2/extendedFields"
# Disabled ones are asked for too: whoever maps one is told that it is disabled, not that there is none.
CUSTOM_FIELDS = "/v2/organization/customFields?scope=loyalty_registration&includeDisabled=true"
SCOPE = "loyalty_registration"  # customers
LONGEST_CUSTOM_NAME = 20  # characters (document CF)
ANY_TYPE = ("integer", "double", "date", "datetime", "enum", "list", "boolean")  # where a mapping may know better


@dataclass(frozen=True, slots=True)
class OwnField:
    """One field of the organisation, in the words of a mapping."""

    section: str  # extendedFields | fields
    name: str
    type: str
    also: tuple[str, ...] = ()  # other types that a mapping may declare for it
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says: fields that may be mapped, and sentences about those that may not."""

    fields: tuple[OwnField, ...]
    left_out: tuple[str, ...]


def extended_fields(body: bytes) -> Listed | None:
    """The customer's extended fields; None where this is no such list.

    The entity's key is `customer` in one document and `CUSTOMER` in another; names are not case-sensitive.
    """
    content = json_of(body)
    entity = content.get("entity") if isinstance(content, dict) else None
    if not isinstance(entity, dict):
        return None
    listed = [one for key, found in entity.items() if key.lower() == "customer" for one in _entries(found)]
    return _listed("extendedFields", listed, types()["extended"], str.casefold)


def custom_fields(body: bytes) -> Listed | None:
    """The custom fields of customers; None where this is no such list."""
    content = json_of(body)
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, list):
        return None
    listed = [one for one in _entries(data) if str(one.get("scope") or SCOPE).lower() == SCOPE]
    return _listed("fields", listed, types()["custom"], str)


def _entries(found: Any) -> Iterator[Mapping[str, Any]]:
    """The entries that have a name; whatever else stands among them is nobody's field."""
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str) and one["name"].strip():
            yield one


def _listed(section: str, entries: Iterable[Mapping[str, Any]], known: Mapping[str, Any], same: Any) -> Listed:
    """The entries in the words of a mapping; each name once."""
    fields: dict[str, OwnField] = {}
    left_out: list[str] = []
    for one in entries:
        name = one["name"].strip()
        address = f"{section}.{name}"
        if same(name) in fields:
            if fields[same(name)].name != name:
                left_out.append(f"{address} is listed as {fields[same(name)].name} too; names are not case-sensitive")
        elif _is_true(one.get("isDisabled")):
            left_out.append(f"{address} is disabled")
        elif section == "fields" and len(name) > LONGEST_CUSTOM_NAME:
            left_out.append(f"{address} has more than {LONGEST_CUSTOM_NAME} characters, which no update takes")
        else:
            fields[same(name)] = _field(section, name, str(one.get("dataType") or ""), known)
    return Listed(tuple(fields.values()), tuple(left_out))


def _field(section: str, name: str, data_type: str, known: Mapping[str, Any]) -> OwnField:
    """One entry. A data type that nobody knows is sent as text, and says so."""
    by_case = {key.casefold(): (key, facts) for key, facts in known.items()}
    key, facts = by_case.get(data_type.casefold(), (data_type or "no data type", None))
    if facts is None:
        return OwnField(section, name, "string", ANY_TYPE, f"{key}: unknown to the importer, sent as text")
    remark = "" if "remark" not in facts else f"{key}: {facts['remark']}" if facts["remark"] else key
    return OwnField(section, name, facts["type"], tuple(facts.get("also", ())), remark)


def _is_true(value: Any) -> bool:
    """Whether a flag is set; samples show booleans, texts and numbers."""
    return str(value).lower() in {"true", "1", "yes"}


@cache
def types() -> Mapping[str, Any]:
    """What to declare for each data type."""
    return tomllib.loads(resources.files(__package__).joinpath("own_fields.toml").read_text("utf-8"))
