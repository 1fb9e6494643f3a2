"""How a run begins: a folder with a journal that knows what was asked for; and what speaks against going on with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from importer import __version__
from importer.errors import RunError
from importer.journal import Journal, successor_of
from importer.run.ending import now
from importer.run.lineage import Past
from importer.run.order import Desk, Order, Sending, new_folder
from importer.run.page import versions


def begin(order: Order, desk: Desk, past: Past | None = None) -> Journal:
    """A new run folder with its journal."""
    folder = new_folder(order.runs, desk.mapping.name)
    mapping = desk.mapping
    sending = order.sending
    return Journal.create(
        folder,
        {
            "run": folder.name,
            "command": order.command,
            "importer": __version__,
            "started_at": now(),
            "mapping": {"name": mapping.name, "path": str(mapping.path), "digest": mapping.digest},
            "to": order.target.name if order.target else "",
            "target": order.target.name if order.target else "",
            "host": order.target.host if order.target else "",
            "sending": {
                "rate": sending.rate,
                "concurrency": sending.concurrency,
                "timeout_s": sending.timeout_s,
                "resend_unknown": sending.resend_unknown,
            },
            "accept": list(order.accept),
            "reject_only": list(order.reject_only),
            "reading": asdict(desk.reading),
            "versions": versions(),
            **(past.facts if past else {}),
        },
    )


def resumable(folder: Path, facts: Mapping[str, Any]) -> None:
    """Refuse where nothing can go on. Raises RunError."""
    if not facts.get("planned"):
        raise RunError(
            f"{folder}: this run ended before its plan was complete; nothing was sent.",
            advice="Start it again with `importer run`.",
        )
    if younger := successor_of(folder, facts):
        raise RunError(
            f"{folder}: the rows of this run went on in {younger}.",
            advice=f"Go on there: importer resume {folder.parent / younger}; or begin a new one over what is left:"
            f" importer retry {folder}",
        )


def as_told(now_: Sending, then: Sending) -> Sending:
    """How a resumed run sends: as told now, else as it was begun. A risk that was taken then is not taken back."""
    return Sending(
        now_.rate or then.rate, now_.concurrency or then.concurrency, now_.timeout_s or then.timeout_s,
        then.resend_unknown,
    )  # fmt: skip
