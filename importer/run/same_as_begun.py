"""A run goes on, or goes again, only over the files and against the host that it was begun with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from importer.errors import RunError
from importer.journal import Journal, SheetEntry
from importer.run.order import Desk, Order
from importer.settings import TargetSystem


def as_begun(command: str, facts: Mapping[str, Any], sheets: Sequence[SheetEntry]) -> Order:
    """The order over the files of a run, read as they were then."""
    reading = facts.get("reading", {})
    return Order(
        command,
        tuple(sheet.path for sheet in sheets),
        Path(facts["mapping"]["path"]),
        format=reading.get("format"),
        max_bytes=reading.get("max_bytes"),
    )


def unchanged(desk: Desk, journal: Journal) -> None:
    """Refuse where the files are no longer those of the run. Raises RunError."""
    before = journal.facts["mapping"]["digest"]
    if desk.mapping.digest != before:
        raise RunError(
            f"{desk.mapping.path} has changed since this run began.",
            advice="Bring the old mapping back, or start a new run; rows that were sent would be sent again.",
        )
    same_sheets(desk, journal.sheets())


def same_sheets(desk: Desk, before: Sequence[SheetEntry]) -> None:
    """Refuse where a sheet is no longer the one of the run. Raises RunError."""
    for (sheet, _), entry in zip(desk.sheets, before, strict=True):
        if (sheet.digest, sheet.worksheet) != (entry.digest, entry.worksheet):
            raise RunError(
                f"{sheet.path} has changed since this run began.",
                advice="Bring the old file back, or start a new run; rows that were sent would be sent again.",
            )


def same_target(facts: Mapping[str, Any], target: TargetSystem) -> TargetSystem:
    """Refuse where the name stands for another host than when the run began. Raises RunError."""
    before = facts.get("host", target.host)
    if before != target.host:
        raise RunError(
            f"the target system {target.name!r} was {before} when this run began, and is {target.host} now.",
            advice="Put the old host back into importer.toml, or start a new run.",
        )
    return target
