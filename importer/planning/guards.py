"""Guards that stop a run before anything is sent, and what `--accept` puts in their place."""

from __future__ import annotations

import difflib
import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from importer.errors import GuardTripped, WrongUse
from importer.records import Guards, Limit

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUE = re.compile(r"(\d+(?:\.\d+)?)(%?)", re.ASCII)
NAMES = tuple(field.name for field in fields(Guards))
ANY_NUMBER = Limit(share=1.0)


def check_invalid(guards: Guards, invalid: int, read: int) -> None:
    """Raises GuardTripped where more rows are invalid than `max_invalid` allows. Both in rows."""
    if guards.max_invalid.exceeded(invalid, read):
        raise GuardTripped(
            f"{invalid:,} of {read:,} rows ({100 * invalid / read:.3g}%) are invalid; the mapping's guard"
            f" max_invalid allows {guards.max_invalid}. Nothing was sent.",
            guard="max_invalid",
            advice="Look at the causes first: one wrong converter often spoils a whole column. To send the"
            f" sound rows all the same: --accept max_invalid={_enough(guards.max_invalid, invalid, read)}",
        )


def check_cleared(guards: Guards, clearing: int, sent: int) -> None:
    """Raises GuardTripped where more rows ask to clear something than `max_cleared` allows. Both in rows."""
    limit = guards.max_cleared
    if clearing and (limit is None or limit.exceeded(clearing, sent)):
        allowed = "does not state" if limit is None else f"allows {limit} under"
        raise GuardTripped(
            f"{clearing:,} of {sent:,} rows would clear something that Capillary holds; the mapping {allowed}"
            " guards.max_cleared. Nothing was sent.",
            guard="max_cleared",
            advice="Check the blank cells of the columns with `blank: clear`. To send these rows all"
            f" the same: --accept max_cleared={_enough(limit or Limit(count=0), clearing, sent)}",
        )


def accept(guards: Guards, accepted: Iterable[str]) -> Guards:
    """The guards with those replaced that were accepted by name.

    `max_invalid=30%`, `max_merged=5`, or `max_invalid` alone for any number. Raises WrongUse.
    """
    for one in accepted:
        name, equals, value = (part.strip() for part in one.partition("="))
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise WrongUse(f"--accept {one}: there is no guard {name}.{meant}", advice=f"Guards: {', '.join(NAMES)}.")
        guards = replace(guards, **{name: _limit(one, value) if equals else ANY_NUMBER})
    return guards


def _limit(option: str, value: str) -> Limit:
    """A share (30%) or a count (5)."""
    found = VALUE.fullmatch(value)
    if found is not None and found[2] and float(found[1]) <= 100:  # noqa: PLR2004 - percent
        return Limit(share=float(found[1]) / 100)
    if found is not None and not found[2] and "." not in found[1]:
        return Limit(count=int(found[1]))
    raise WrongUse(
        f"--accept {option}: “{value}” is neither a share such as 30% nor a count such as 5.",
        advice="For example: --accept max_invalid=30%",
    )


def _enough(limit: Limit, rows: int, of: int) -> str:
    """The smallest round limit of the same kind that would let these rows pass."""
    return str(rows) if limit.count is not None else f"{-(-100 * rows // of)}%"
