"""What became of a row before decides whether it goes again: in a retry, or where repaired rejects are imported.

Two tables, one rule for each row; what they answer is how the row ends now, or None where it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.records import Outcome, Status

if TYPE_CHECKING:
    from importer.records import Earlier, Origin, RowId

ACCEPTED = frozenset({Status.UPDATED, Status.UPDATED_WITH_WARNINGS, Status.UNCHANGED})
DOUBLING = "sending it again could credit it twice"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asks for beyond the rule."""

    rejected: bool = False  # retry what was refused, too
    unknown: bool = False  # send what was perhaps applied and adds
    older_too: bool = False  # send also what a later accepted row has overtaken
    verify: bool = False  # look at Capillary before such rows go
    full: bool = False  # send also what was accepted before


def retried(row: RowId, earlier: Earlier, choice: Choice) -> Outcome | None:
    """In a retry: rows that failed, that were not sent, and that only set something and may have been applied."""
    match earlier.status:
        case Status.FAILED | Status.NOT_SENT:
            return None
        case Status.UNKNOWN:
            if not earlier.adds or choice.unknown or choice.verify:
                return None
            reason = f"perhaps applied in {earlier.run}, and {DOUBLING}: --unknown sends it all the same"
        case Status.REJECTED:
            if choice.rejected:
                return None
            reason = f"rejected in {earlier.run}: --rejected sends it again"
        case Status.SUPERSEDED if earlier.successor and retried(row, earlier.successor, choice) is None:
            return None  # it goes with the row that stood in for it
        case status:
            reason = f"{status.value} in {earlier.run}"
    return Outcome(row, Status.SKIPPED, message=f"not retried: {reason}")


def repaired(row: RowId, earlier: Earlier, choice: Choice) -> Outcome | None:
    """In a file of repaired rejects: all but rows that were accepted since, and adding ones that may have been applied."""
    if earlier.status in ACCEPTED and (earlier.adds or not choice.full):
        hint = "" if earlier.adds else "; --full sends it all the same"
        return Outcome(row, Status.SKIPPED, message=f"{earlier.origin} was accepted since, in {earlier.run}{hint}")
    if earlier.adds and not choice.unknown and earlier.status in {Status.UNKNOWN, Status.PARTIAL}:
        how = "perhaps applied" if earlier.status is Status.UNKNOWN else "accepted in part"
        reason = f"{earlier.origin} was {how}, and {DOUBLING}: --unknown sends it all the same"
        return Outcome(row, Status.UNKNOWN, message=reason)
    return None


def overtaken(row: RowId, by: Origin, run: str, *, here: bool) -> Outcome:
    """An older row never overwrites a later accepted one. `here`: that one is a row of this run's sheets, too."""
    reason = f"{by} is newer and was accepted in {run}; --older-too sends this one all the same"
    return Outcome(row, Status.SUPERSEDED, message=reason, successor=by.id if here else None)
