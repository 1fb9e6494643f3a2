"""The guards of a run: held against the plan before anything is sent, and against all that was sent by earlier sessions."""

from __future__ import annotations

from typing import NamedTuple

from importer.apis import capillary
from importer.errors import GuardTripped
from importer.journal import Journal
from importer.mapping import Mapping
from importer.planning import Plan, accept, check_cleared, check_invalid
from importer.records import Guards, Limit, Status


class Irreversible(NamedTuple):
    """What earlier sessions of a run did that nobody can take back, in rows."""

    merged: int = 0
    awarded: int = 0  # by requests that only set something


def planned(journal: Journal, plan: Plan) -> None:
    """Remember that the plan is whole, and what its guards look at."""
    facts = {
        "read": plan.read,
        "invalid": plan.counts.get(Status.INVALID, 0),
        "clearing": plan.clears,
        "requests": plan.requests,
    }
    journal.note(planned=True, plan=facts)


def guards_of(mapping: Mapping, journal: Journal, accepted: tuple[str, ...]) -> Guards:
    """The mapping's guards, with what was accepted by name, which is journalled. Raises GuardTripped, WrongUse.

    Asked by a run and by each of its resumptions: what stopped the run stops them, too, until it is accepted.
    """
    guards = accept(mapping.guards, accepted)
    journal.note(accept=accepted)
    plan = journal.facts["plan"]
    check_invalid(guards, plan["invalid"], plan["read"])
    check_cleared(guards, plan["clearing"], plan["requests"])
    done = irreversible(journal)
    check_done("max_merged", guards.max_merged, done.merged, "merged, irreversibly,")
    check_done("max_awarded", guards.max_awarded, done.awarded, "awarded points or coupons for")
    return guards


def check_done(guard: str, limit: Limit, rows: int, what: str) -> None:
    """Raises GuardTripped where earlier sessions did what nobody can take back in more rows than are allowed.

    Shares count anew with each session.
    """
    if limit.count is not None and rows > limit.count:
        raise GuardTripped(
            f"Capillary {what} {rows:,} rows so far; the guard {guard} allows {limit}.",
            guard=guard,
            advice=f"Look at the results first. To go on: importer resume RUN --accept {guard}=VALUE",
        )


def irreversible(journal: Journal) -> Irreversible:
    """What the outcomes of earlier sessions tell of merges and awards."""
    effects = capillary.endpoint().effects
    merged = awarded = 0
    for outcome, adds in journal.remarkable():
        merges, awards = effects(outcome)
        merged += merges
        awarded += awards and not adds
    return Irreversible(merged, awarded)
