"""Which states come back as rejects: `--reject-only invalid,rejected`."""

from __future__ import annotations

from difflib import get_close_matches

from importer.errors import WrongUse
from importer.records import Status


def read_statuses(text: str | None) -> tuple[Status, ...]:
    """The states that an option names; none where it is left out. Raises WrongUse."""
    if text is None:
        return ()
    return tuple(dict.fromkeys(_named(name.strip().lower()) for name in text.split(",")))


def _named(name: str) -> Status:
    known = [status.value for status in Status]
    if name in known:
        return Status[name.upper()]
    near = get_close_matches(name, known, n=1)
    raise WrongUse(
        f"--reject-only: {name!r} is no state" + (f"; was {near[0]!r} meant?" if near else "."),
        advice=f"The states are: {', '.join(known)}.",
    )
