"""A plan in a few lines: counts, causes, targets, lanes, requests and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from importer.problems import Cause
from importer.records import Status
from importer.report.cause_words import cause_lines
from importer.report.closing import counts_table
from importer.report.masking import masked


class PlanFacts(Protocol):
    """What is told of a plan; the planning room's Plan has it."""

    @property
    def read(self) -> int:
        """Rows read."""

    @property
    def counts(self) -> Mapping[Status, int]:
        """Rows by state."""

    @property
    def causes(self) -> Sequence[Cause]:
        """Causes of problems, most rows first."""

    @property
    def targets(self) -> Sequence[Any]:
        """What each target would receive."""

    @property
    def lanes(self) -> Sequence[Any]:
        """The largest lanes."""

    @property
    def shared(self) -> Sequence[Any]:
        """Identifiers that several customers would share."""

    @property
    def notes(self) -> Sequence[str]:
        """What was found out about the sheets."""

    @property
    def rate_per_s(self) -> float | None:
        """The known rate, requests/s."""

    @property
    def adds(self) -> bool:
        """Whether some target may not be sent twice."""

    @property
    def requests(self) -> int:
        """How many would be sent."""

    @property
    def seconds(self) -> float | None:
        """How long that takes."""


def plan_words(plan: PlanFacts, *, full: bool = True) -> str:
    """The plan for people. `full`: with targets, lanes and notes."""
    parts: list[str] = []
    if plan.causes:
        parts += [*cause_lines(plan.causes), ""]
    if full and plan.targets:
        width = max(len(target.address) for target in plan.targets)
        parts += ["What each target would receive, in rows:", f"  {'':<{width}}      set    clear     left"]
        parts += [
            f"  {target.address:<{width}} {target.set:>8,} {target.clear:>8,} {target.left:>8,}"
            for target in plan.targets
        ]
        parts.append("")
    if full and plan.lanes:
        parts.append("Rows that share an identifier go one after the other; the largest such lanes:")
        parts += [f"  {lane.rows:,} rows share {lane.type} {masked(lane.key)}" for lane in plan.lanes]
        parts.append("")
    if full and plan.shared:
        parts.append("Identifiers that several customers would share (look at them before you send):")
        parts += [f"  {one.type} {masked(one.value)}: {one.customers:,} customers" for one in plan.shared]
        parts.append("")
    if full and plan.notes:
        parts += ["About sheet and mapping:", *(f"  {note}" for note in plan.notes), ""]
    parts += [counts_table(plan.counts, plan.read), "", requests_sentence(plan)]
    return "\n".join(parts)


def requests_sentence(plan: PlanFacts) -> str:
    """How many requests would be sent, and how long that takes where a rate is known."""
    planned = plan.counts.get(Status.PLANNED, 0)
    words = f"{planned:,} {'request' if planned == 1 else 'requests'} to send"
    if plan.seconds is not None:
        words += f", about {duration(plan.seconds)} at {plan.rate_per_s:g}/s"
    return words + ("; rows that add points are never sent twice." if plan.adds else ".")


def duration(seconds: float) -> str:
    """A duration in words that fit its size."""
    if seconds < 1:
        return "a second"
    return str(timedelta(seconds=round(seconds)))
