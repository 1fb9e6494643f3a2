"""The GET calls: who is meant, what is stored, and what the organisation has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importer.emulator.answers import Answer, plain
from importer.emulator.codes import entry
from importer.emulator.config import EmulatorConfig
from importer.emulator.customers import Customer

# Channels that each source supports, as far as documented (document SLATE, the page of sources).
SOURCE_CHANNELS = {
    "INSTORE": ["EMAIL", "MOBILE", "POSTMAIL", "WHATSAPP"],
    "WECHAT": ["EMAIL", "MOBILE", "WECHAT"],
    "WEB_ENGAGE": ["ANDROID", "EMAIL", "IOS", "MOBILE"],
    "MOBILE_APP": ["ANDROID", "IOS", "WHATSAPP"],
    "LINE": ["EMAIL", "LINE"],
    "WEBSITE": ["ANDROID", "EMAIL", "IOS", "MOBILE", "WECHAT", "WHATSAPP"],
    "ECOMMERCE": ["EMAIL", "MOBILE", "WHATSAPP"],
    "FACEBOOK": ["EMAIL", "MOBILE"],
    "MARTJACK": ["EMAIL", "WHATSAPP"],
    "TMALL": ["MOBILE"],
    "TAOBAO": ["EMAIL"],
    "JD": ["EMAIL"],
}

LOYALTY = "loyalty_registration"  # the scope of customers' custom fields


def identity(customer: Customer, warnings: list[dict[str, Any]]) -> Answer:
    """GET /v2/customers/lookup: the id alone (document GETID)."""
    return plain({"entity": customer.id, "warnings": warnings})


def details(customer: Customer, warnings: list[dict[str, Any]]) -> Answer:
    """GET /v2/customers/lookup/customerDetails: what is stored."""
    shown = customer.shown()
    del shown["mergedInto"]
    return plain({**shown, "warnings": warnings, "errors": []})


def extended_fields(config: EmulatorConfig) -> Answer:
    """GET /v2/extendedFields (document EF)."""
    fields = [
        {
            "id": number,
            "name": name,
            "label": name.replace("_", " ").capitalize(),
            "dataType": data_type,
            "parentId": -1,
        }
        for number, (name, data_type) in enumerate(config.organisation.extended_fields.items(), start=1)
    ]
    return plain({"entity": {config.entity_key: fields}, "warnings": [], "errors": [], "success": True})


def custom_fields(config: EmulatorConfig, query: Mapping[str, str]) -> Answer:
    """GET /v2/organization/customFields: those of one scope, disabled ones where they are asked for (document CF)."""
    disabled = frozenset(config.organisation.disabled_fields)
    with_disabled = query.get("includeDisabled", "").lower() == "true"
    listed = config.organisation.custom_fields if query.get("scope", LOYALTY) == LOYALTY else {}
    fields = [
        {
            "name": name,
            "type": "checkbox" if data_type == "Boolean" else "text",
            "dataType": data_type,
            "label": name,
            "scope": LOYALTY,
            "isDisabled": name in disabled,
            "isCompulsory": False,
            "isUpdatable": True,
            "disableAtServer": False,
            "isPiiData": False,
        }
        for name, data_type in listed.items()
        if with_disabled or name not in disabled
    ]
    return plain({"data": fields, "warnings": [], "errors": []})


def sources(config: EmulatorConfig) -> Answer:
    """GET /v2/meta/sources (document SLATE, the page of sources)."""
    listed = [
        {"name": name, "commChannels": SOURCE_CHANNELS.get(name, ["EMAIL", "MOBILE"])}
        for name in config.organisation.sources
    ]
    return plain({"data": listed, "warnings": [], "errors": []})


def merged(survivor: Customer) -> dict[str, Any]:
    """The warning that goes with a merge victim's survivor."""
    return entry(8069, survivor.id)
