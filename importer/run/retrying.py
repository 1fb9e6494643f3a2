"""What a retry takes over from the run that it retries: sheets, mapping, target system, and how requests left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.errors import RunError
from importer.journal import SheetEntry
from importer.planning import Choice
from importer.records import Status
from importer.run.order import Order, Sending
from importer.run.same_as_begun import as_begun, same_target
from importer.settings import TargetSystem


@dataclass(frozen=True, slots=True)
class Retrying:
    """A retry, as asked for at the door: which rows, and how requests leave."""

    choice: Choice
    sending: Sending
    accept: tuple[str, ...] = ()
    reject_only: tuple[Status, ...] = ()


def retrying(
    folder: Path, facts: Mapping[str, Any], sheets: Sequence[SheetEntry], target: Callable[[str], TargetSystem],
    told: Retrying,
) -> Order:  # fmt: skip
    """The order of a retry: sheets, mapping and target system are the run's own. Raises RunError, SettingsError."""
    if facts["command"] == "plan":
        raise RunError(f"{folder}: this is a plan; it sent nothing.", advice="Start it with `importer run`.")
    if not facts.get("planned"):
        raise RunError(
            f"{folder}: this run ended before its plan was complete; nothing was sent.",
            advice="Start it again with `importer run`.",
        )
    before = Sending(**facts["sending"])
    return replace(
        as_begun("retry", facts, sheets),
        runs=folder.parent,
        target=same_target(facts, target(facts["to"])),
        choice=told.choice,
        accept=told.accept,
        reject_only=told.reject_only,
        sending=replace(
            told.sending,
            rate=told.sending.rate or before.rate,
            concurrency=told.sending.concurrency or before.concurrency,
            timeout_s=told.sending.timeout_s or before.timeout_s,
        ),
        canary=0,
    )
