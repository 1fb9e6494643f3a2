"""Guards while sending: shares and counts of outcomes at which the run stops by itself."""

from __future__ import annotations

from importer.endpoint import Answer
from importer.errors import GuardTripped
from importer.records import Guards, Limit, Status

SHARES_APPLY_FROM_REPLIES = 100


class Watch:
    """Counts final replies against the mapping's guards: shares of this session's, counts over the whole run."""

    def __init__(self, guards: Guards, merged: int = 0, awarded: int = 0) -> None:
        """`merged`, `awarded`: rows of earlier sessions."""
        self._guards = guards
        self._replies = self._rejected = self._partial = 0
        # Where a share is allowed, it is one of this session's replies.
        self._merged = merged if guards.max_merged.count is not None else 0
        self._awarded = awarded if guards.max_awarded.count is not None else 0

    def take(self, status: Status, answer: Answer, *, adds: bool) -> GuardTripped | None:
        """Count one final reply; the reason to stop where a guard forbids going on."""
        self._replies += 1
        plain = status is Status.UPDATED and not (answer.merged or answer.awards)
        if plain and self._replies != SHARES_APPLY_FROM_REPLIES:
            return None  # it adds to nothing that is limited
        self._rejected += status is Status.REJECTED
        self._partial += status is Status.PARTIAL
        self._merged += answer.merged
        self._awarded += answer.awards and not adds
        guards = self._guards
        shares = self._replies >= SHARES_APPLY_FROM_REPLIES
        if shares and guards.max_rejected.exceeded(self._rejected, self._replies):
            return self._tripped("max_rejected", guards.max_rejected, self._rejected, "Capillary refused")
        if shares and guards.max_warned.exceeded(self._partial, self._replies):
            return self._tripped("max_warned", guards.max_warned, self._partial, "Capillary stored only in part")
        if guards.max_merged.exceeded(self._merged, self._replies):
            return self._tripped("max_merged", guards.max_merged, self._merged, "Capillary merged, irreversibly,")
        if guards.max_awarded.exceeded(self._awarded, self._replies):
            return self._tripped(
                "max_awarded", guards.max_awarded, self._awarded, "Capillary awarded points or coupons for"
            )
        return None

    def _tripped(self, guard: str, limit: Limit, rows: int, what: str) -> GuardTripped:
        return GuardTripped(
            f"{what} {rows:,} rows, with {self._replies:,} replies in this session; the guard {guard} allows {limit}.",
            guard=guard,
            advice=f"Look at the results first. To go on: importer resume RUN --accept {guard}=VALUE",
        )
