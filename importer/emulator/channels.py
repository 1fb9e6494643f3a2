"""Communication channels: which ones are stored, and how they read back."""

from __future__ import annotations

from typing import Any

from importer.emulator.codes import entry
from importer.emulator.config import EmulatorConfig
from importer.emulator.identifiers import INVALID_CHANNEL, stored
from importer.emulator.organisation import CHANNEL_TYPES


def new_channels(
    given: list[dict[str, Any]], config: EmulatorConfig
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str | None]:
    """(channels to store, warnings, the first type that does not exist).

    A malformed mobile or e-mail is told with 8058 or 8057 and not stored.
    """
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    warnings: list[dict[str, Any]] = []
    for channel in given:
        kind = channel["type"]
        if kind not in CHANNEL_TYPES or "value" not in channel:
            return [], [], kind
        value = stored(kind, channel["value"], config) if kind in INVALID_CHANNEL else str(channel["value"]).strip()
        if not value:
            if kind in INVALID_CHANNEL:
                warnings.append(entry(INVALID_CHANNEL[kind], kind))
            continue
        kept[kind, value] = read_back(kind, value, channel)
    return list(kept.values()), warnings, None


def read_back(kind: str, value: str, channel: dict[str, Any]) -> dict[str, Any]:
    """A channel as the API shows it: `residence` and `office` always there, booleans as booleans."""
    meta = channel.get("meta", {})
    shown: dict[str, Any] = {
        "type": kind,
        "value": value,
        "primary": _is_true(channel.get("primary", False)),
        "verified": _is_true(channel.get("verified", False)),
        "meta": {"residence": _is_true(meta.get("residence", False)), "office": _is_true(meta.get("office", False))},
        "attributes": channel.get("attributes", {}),
    }
    if "lastViewedDate" in meta:
        shown["meta"]["lastViewedDate"] = meta["lastViewedDate"]
    return shown


def _is_true(value: Any) -> bool:
    return value is True or value == "true"
