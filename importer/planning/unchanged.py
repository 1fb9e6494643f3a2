"""What was accepted before need not be sent again: contents under `unchanged: skip`, credits under `credit_id`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from importer.records import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from importer.records import Origin, RowId

GOES = np.iinfo(np.int64).max  # some row of the lane is sent, so every one after it is, too


def unchanged(rows: Iterable[tuple[RowId, int | None, int | None]], lanes: int) -> Iterator[Outcome]:
    """The rows that need not be sent.

    `rows`: all that wait, in file order, each with its lane and the place of its content in the order in which contents
    were accepted, None where another one was accepted last for its customer, or none. `lanes`: how many there are (8
    bytes of memory each).

    Within a lane, every row after the first that is sent is sent, too: it would else keep what that one overwrites. The
    same holds where rows stand in another order than the one in which they were accepted.
    """
    last = np.zeros(lanes, np.int64)
    for row, lane, seq in rows:
        if lane is None:
            if seq is not None:
                yield Outcome(row, Status.UNCHANGED)
        elif seq is None or seq < last[lane]:
            last[lane] = GOES
        else:
            last[lane] = seq
            yield Outcome(row, Status.UNCHANGED)


def credited(row: RowId, state: str, by: Origin, *, same: bool, skip: bool) -> Outcome | None:
    """How a row ends that another row has the credit of; None where it goes all the same.

    Args:
        row: the row.
        state: "accepted", "perhaps" (applied), "held" (by a run that is at work), "same" (as a row's of this run).
        by: that other row.
        same: whether its content is the same.
        skip: the mapping says `unchanged: skip`.
    """
    match state:
        case "accepted" if same and skip:
            return Outcome(row, Status.UNCHANGED, message=f"its credit was accepted before: {by}")
        case "accepted":
            other = "" if same else ", with other content; this row's was not sent"
            return Outcome(row, Status.SKIPPED, message=f"its credit was accepted before: {by}{other}")
        case "perhaps":
            reason = f"its credit was perhaps applied before: {by}; --unknown sends it all the same"
            return Outcome(row, Status.UNKNOWN, message=reason)
        case "held":
            return Outcome(row, Status.UNKNOWN, message=f"its credit is being sent: {by}, which is at work")
        case "same":
            sheet = f" of sheet {by.id.sheet + 1}" if by.id.sheet else ""
            reason = f"row {by.id.row}{sheet} has the same credit, and stands in for it"
            return Outcome(row, Status.SUPERSEDED, message=reason, successor=by.id)
    return None
