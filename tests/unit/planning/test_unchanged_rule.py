"""Which rows need not be sent, given what was accepted before; and what becomes of rows whose credit another has."""

from __future__ import annotations

import pytest

from importer.planning import credited, unchanged
from importer.records import Origin, RowId, Status

OTHER = Origin("first", RowId(0, 9))

# (lane, place in the order in which contents were accepted) of rows 2, 3 …; the rows that need not be sent
LANES = [
    ([(None, 5), (None, None), (None, 1)], [2, 4]),  # rows without a lane are judged by themselves
    ([(0, 5), (0, 6)], [2, 3]),  # as they were accepted
    ([(0, 5), (0, 5)], [2, 3]),  # the same customer's, digested together
    ([(0, None), (0, 6)], []),  # the first is sent, so what it overwrites must be sent after it
    ([(0, 5), (0, None), (0, 7)], [2]),
    ([(0, 6), (0, 5)], [2]),  # accepted in another order: the last one would not have the last word
    ([(0, 6), (0, 5), (0, 7)], [2]),
    ([(0, None), (1, 3), (0, 4), (1, 5)], [3, 5]),  # one lane says nothing of another
]


@pytest.mark.parametrize(("rows", "left_out"), LANES)
def test_within_a_lane_every_row_after_the_first_that_is_sent_is_sent_too(rows, left_out):
    asked = [(RowId(0, number), lane, seq) for number, (lane, seq) in enumerate(rows, start=2)]
    found = list(unchanged(asked, lanes=2))
    assert [one.id.row for one in found] == left_out
    assert {one.status for one in found} <= {Status.UNCHANGED}


CREDITS = [
    # state, same content, the mapping skips -> how the row ends, what it says
    ("accepted", True, True, Status.UNCHANGED, "accepted before"),
    ("accepted", True, False, Status.SKIPPED, "accepted before"),
    ("accepted", False, True, Status.SKIPPED, "other content"),
    ("perhaps", True, True, Status.UNKNOWN, "--unknown"),
    ("held", True, True, Status.UNKNOWN, "at work"),
    ("same", False, False, Status.SUPERSEDED, "row 9 has the same credit"),
    ("again", True, True, None, ""),
]


@pytest.mark.parametrize(("state", "same", "skip", "status", "says"), CREDITS)
def test_a_row_ends_by_what_is_known_of_its_credit(state, same, skip, status, says):
    end = credited(RowId(0, 12), state, OTHER, same=same, skip=skip)
    assert (end.status if end else None) is status
    assert says in (end.message if end else "")
    assert (end.successor if end else None) == (OTHER.id if status is Status.SUPERSEDED else None)
