"""`--verify-unknown`: before rows that add and were perhaps applied go again, look at what Capillary holds of them.

Only a row of which nothing can be seen goes; every other stays unknown, and says what was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from importer.apis import capillary
from importer.apis.capillary.details import Shown, compare, details_address
from importer.journal import Journal
from importer.records import Outcome, Request, RowId, Status
from importer.run.order import Desk, Order
from importer.run.passes import second_pass
from importer.run.probing import ask
from importer.run.sending import reachable, run_loop
from importer.settings import TargetSystem

QUESTIONS_AT_ONCE = 1_000  # whose answers are held in memory together
UNANSWERED = "looked up, and the customer was not shown"


class Unseen:
    """Implements delivery's Observer: a question has no progress of its own."""

    def outcome(self, outcome: Outcome) -> None:
        """No row has ended."""

    def say(self, words: str) -> None:
        """The run itself says what holds it up."""


def verify(desk: Desk, journal: Journal, target: TargetSystem, order: Order) -> None:
    """Ask about every row in doubt that adds; conclude as unknown all but those that were certainly not applied."""
    doubtful = journal.in_doubt()
    for start in range(0, len(doubtful), QUESTIONS_AT_ONCE):
        wanted = frozenset(doubtful[start : start + QUESTIONS_AT_ONCE])
        rows = list(chain.from_iterable(second_pass(desk, journal, wanted)))
        questions = [
            one._replace(address=details_address(one.address), body=b"", adds=False, lane=None) for one in rows
        ]
        with reachable(target) as system:
            delivered, stop, answers = run_loop(
                ask(questions, system, order, Unseen(), endpoint=capillary.details_endpoint())
            )
        if delivered.stopped:
            raise delivered.stopped
        if stop.signal:
            return  # asked to stop: what is still in doubt stays so
        told = [(one.id, seen(one, answers.get(one.id))) for one in rows]
        journal.settled_doubt([row for row, what in told if what is Shown.NOT_APPLIED])
        journal.conclude(still_unknown(told))


def seen(request: Request, answer: Outcome | None) -> Shown | None:
    """What the details say of a request; None where there are none."""
    if answer is None or not answer.side_effects:
        return None
    return compare(request.body, answer.side_effects[0])


def still_unknown(told: Sequence[tuple[RowId, Shown | None]]) -> Iterator[Outcome]:
    """The outcomes of rows that do not go."""
    for row, what in told:
        if what is not Shown.NOT_APPLIED:
            said = what.value if what else UNANSWERED
            yield Outcome(row, Status.UNKNOWN, message=f"{said}; sending it again could credit it twice")
