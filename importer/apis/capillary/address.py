"""Where a request goes: path and query below the host (documents OAS, LOOKUP)."""

from __future__ import annotations

from urllib.parse import quote

from importer.endpoint import Lookup

PATH = "/v2/customers/lookup"
SOURCES = "/v2/meta/sources"  # the organisation's sources: a question without any customer in it (document SLATE)


def address(lookup: Lookup) -> str:
    """Path and query, every reserved character percent-encoded: `@` is %40, `+` is %2B, a blank is %20."""
    pairs = [("source", lookup.source)]
    if lookup.account_id:
        pairs.append(("accountId", lookup.account_id))
    pairs += [("identifierName", lookup.identifier_name), ("identifierValue", lookup.identifier_value)]
    return PATH + "?" + "&".join(f"{name}={quoted(value)}" for name, value in pairs)


def quoted(value: str) -> str:
    """Percent-encoded; identifiers are mostly letters and digits, which need no looking at."""
    return value if value.isascii() and value.isalnum() else quote(value, safe="")
