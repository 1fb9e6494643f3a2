"""Whom a query means: source, accountId, identifierName and identifierValue, checked in the documented order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from importer.emulator.answers import Answer, refused
from importer.emulator.codes import entry
from importer.emulator.config import EmulatorConfig
from importer.emulator.customers import Customer, Customers, Place
from importer.emulator.organisation import LOOKUP_NAMES, SOURCES_WITH_ACCOUNTS


@dataclass(frozen=True, slots=True)
class Meant:
    """The customer that a query means, where it was found, and what is to be warned of."""

    customer: Customer
    place: Place
    warnings: list[dict[str, Any]]


def meant(query: Mapping[str, str], customers: Customers, config: EmulatorConfig) -> Meant | Answer:
    """The customer, or the refusal (section 9.2 of the facts)."""
    warnings: list[dict[str, Any]] = []
    if refusal := _refusal(query, config, warnings):
        code, about = refusal
        return refused(code, about, status=config.error_status)
    source, account = query["source"], query.get("accountId", "")
    found = customers.find((source, account), query["identifierName"], query["identifierValue"])
    if isinstance(found, int):
        return refused(found, source, status=config.error_status)
    if found.merged_into is not None:
        found = customers.survivor(found)
        if config.merged == "refuse":
            return refused(8069, found.id, status=config.error_status)
        warnings.append(entry(8069, found.id))
    return Meant(found, (source, account), warnings)


def _refusal(
    query: Mapping[str, str], config: EmulatorConfig, warnings: list[dict[str, Any]]
) -> tuple[int, str] | None:
    """The code that refuses the query, and what it is about."""
    source, name, account = query.get("source", ""), query.get("identifierName", ""), query.get("accountId", "")
    if not source:
        return 8001, ""
    if source not in config.organisation.sources:  # the letter case counts (document C+)
        return 8003, source
    if name and name not in LOOKUP_NAMES:
        return 8013, name
    if not name or not query.get("identifierValue", "").strip():
        return config.missing_identifier, ""
    if not account and source in SOURCES_WITH_ACCOUNTS and config.account_missing != "accept":
        if config.account_missing == "error":
            return 8045, source
        warnings.append(entry(8054, source))
    known = config.organisation.accounts.get(source)
    if account and known is not None and account not in known:
        return 8127, account
    return None
