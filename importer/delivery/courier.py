"""The courier carries one request at a time: its turn, intent, wire, reply, decision, outcome.

What it learns on the way it tells everybody: signs of overload and failure go to the throttle, an award makes every
request an adding one.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from importer.delivery.lanes import LaneKeeper
from importer.delivery.means import Delivered, Means
from importer.delivery.retry import Again, Decision, Finish, Halt, History, Renew, decide
from importer.delivery.throttle import CONCLUSIVE, Throttle
from importer.delivery.watch import Watch
from importer.endpoint import Answer, Meaning
from importer.errors import AccessRefused
from importer.records import Outcome, Reply, Request, RowId, Status

ADMITTED = (*CONCLUSIVE, Meaning.REFUSED)  # the request got past the door
AWARDED_MEANWHILE = "an attempt was perhaps applied, and this run was seen to award: not sent again"


@dataclass(slots=True)
class Past:
    """What earlier attempts of a request left behind. Times are the loop's, in s."""

    first_at: float
    perhaps: bool = False


class Courier:
    """Carries requests for all workers of one delivery. `fail` ends it; `ended` is called after each row."""

    def __init__(
        self, means: Means, keeper: LaneKeeper, delivered: Delivered,
        fail: Callable[[BaseException], None], ended: Callable[[], None],
    ) -> None:  # fmt: skip
        self._means = means
        self._keeper = keeper
        self._delivered = delivered
        self._fail = fail
        self._ended = ended
        self._chance = random.Random(means.seed)  # noqa: S311 - jitter is no secret
        self._throttle = Throttle(means, delivered, fail, self._chance)
        self._watch = Watch(means.guards, means.merged, means.awarded)
        self._awarding = means.awarding
        self._signed_with: Mapping[str, str] = {}
        self._headers: Mapping[str, str] = means.endpoint.headers
        self._admitted: Mapping[str, str] | None = None  # credentials that were good for a request
        self._past: dict[RowId, Past] = {}
        self._held: list[tuple[Outcome, Answer, bool]] = []  # 403 without a code: rejected, unless ten come in a row
        self.sending: set[asyncio.Task[None]] = set()  # a graceful stop lets these finish

    async def carry(self, request: Request, worker: asyncio.Task[None]) -> None:
        """One attempt by this worker, and what follows from it. Raises JournalLost, AccessRefused, ServiceDead.

        A request that only sets comes with a durable intent (`staging`); one that adds waits here for its own.
        """
        means, now = self._means, asyncio.get_running_loop().time
        past = self._past.get(request.id) or Past(now(), request.perhaps)
        attempts = request.attempts + 1
        try:
            probe, headers = await self._throttle.turn()
        except BaseException:  # cancelled or refused, it does not leave; raised again
            self.never_left(request)
            raise
        verdict = False
        try:
            if past.perhaps and self.adds(request):
                awarded = Answer(Meaning.PERHAPS, message=AWARDED_MEANWHILE)
                self._finish(request, awarded, Status.UNKNOWN, None, attempts - 1)
                return
            if self.adds(request):
                await self.intend((request,))
            sent_at, left_at = time.time(), now()
            self.sending.add(worker)
            try:
                reply = await means.transport.send(
                    means.endpoint.method, request.address, request.body, self._signed(headers)
                )
            finally:
                self.sending.discard(worker)
            came_at = now()
            answer = means.endpoint.reader(reply)
            self._delivered.requests += 1
            if answer.meaning in ADMITTED and headers is self._signed_with:  # a late reply speaks of an older token
                self._admitted = headers
            past.perhaps |= answer.meaning is Meaning.PERHAPS
            if not past.perhaps and answer.meaning not in CONCLUSIVE:
                means.ledger.withdraw(request.id)
            if self._held and answer.meaning is not Meaning.FORBIDDEN:
                self._judge_held()
            verdict = self._throttle.learn(answer, left_at, came_at, reply.latency_ms / 1000, probe=probe)
        finally:
            if probe and not verdict:
                self._throttle.retry_probe()
        history = History(attempts, came_at - past.first_at, past.perhaps, self.adds(request))
        decision = self._decide(history, answer)
        if isinstance(decision, Finish):
            self._finish(request, answer, decision.status, reply, attempts, iso(int(1000 * sent_at)))
            return
        again = await self._before_another(decision, answer, headers)
        if again.counts or past.perhaps:
            self._past[request.id] = past
        else:
            self._past.pop(request.id, None)  # a refusal for speed starts no clock
        self._keeper.again(request._replace(attempts=attempts if again.counts else attempts - 1), again.after_s)

    async def _before_another(
        self, decision: Again | Renew | Halt, answer: Answer, headers: Mapping[str, str]
    ) -> Again:
        """What must happen before another attempt, and when that may be. Raises AccessRefused, ServiceDead."""
        means = self._means
        match decision:
            case Again():
                return decision
            case Renew():
                await means.credentials.refused(means.transport, headers, admitted=headers is self._admitted)
            case Halt():
                self._fail(
                    AccessRefused(
                        f"{means.target} denies access: {answer.message} ({answer.code}).",
                        advice="The client or till needs the right to write customers. Then: importer resume RUN",
                    )
                )
        return Again(0.0, counts=False)

    def settle(self, *, refused: bool) -> None:
        """The delivery is over. `refused`: for lack of rights; the rows that showed it stay unsent, not rejected."""
        if refused:
            self._held.clear()
        self._judge_held()

    def adds(self, request: Request) -> bool:
        """Whether sending it twice may harm, and nobody has taken that risk."""
        return (request.adds or self._awarding) and not self._means.policy.resend_unknown

    def _decide(self, history: History, answer: Answer) -> Decision:
        """The decision; while the service is gone, no row ends for it that may be sent again."""
        decision = decide(self._means.policy, history, answer, self._chance.random())
        if self._throttle.service_gone and isinstance(decision, Finish):
            patient = decision.status is Status.FAILED or (decision.status is Status.UNKNOWN and not history.adds)
            return Again(0.0, counts=False) if patient else decision
        return decision

    # ── leaving ────────────────────────────────────────────────────────────────────────

    async def intend(self, requests: Sequence[Request]) -> None:
        """Durable when this returns: these are about to leave; taken back where it is cancelled. Raises JournalLost."""
        try:
            await self._means.ledger.intend(requests)
        except asyncio.CancelledError:
            for request in requests:
                self.never_left(request)
            raise

    def _signed(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Everything that goes above the body; put together anew where the credentials changed."""
        if headers is not self._signed_with:
            self._signed_with, self._headers = headers, {**self._means.endpoint.headers, **headers}
        return self._headers

    def never_left(self, request: Request) -> None:
        """A request with an intent stays here after all, because the run stops."""
        past = self._past.get(request.id)
        if not (past.perhaps if past else request.perhaps):
            self._means.ledger.withdraw(request.id)

    # ── ending a row ───────────────────────────────────────────────────────────────────

    def _finish(
        self, request: Request, answer: Answer, status: Status, reply: Reply | None, attempts: int, sent_at: str = "",
    ) -> None:  # fmt: skip
        """Write down how a row ended, and let the next of its lane go."""
        outcome = Outcome(
            request.id, status, answer.code, answer.message, answer.warnings, answer.side_effects,
            reply.http_status if reply else None, answer.customer_id, attempts,
            round(reply.latency_ms, 1) if reply else None, answer.request_id, sent_at,
        )  # fmt: skip
        if answer.meaning is Meaning.FORBIDDEN:
            self._held.append((outcome, answer, request.adds))
        else:
            self._conclude(outcome, answer, adds=request.adds)
        self._past.pop(request.id, None)
        self._keeper.done(request)
        self._ended()

    def _judge_held(self) -> None:
        """Another answer came between: those 403 concerned their rows alone."""
        while self._held:
            outcome, answer, adds = self._held.pop(0)
            self._conclude(outcome, answer, adds=adds)

    def _conclude(self, outcome: Outcome, answer: Answer, *, adds: bool) -> None:
        if answer.awards and not adds and not self._awarding:
            self._awarding = True
            self._means.ledger.awarding()  # before the outcome: a crash in between must not forget it
        self._means.ledger.conclude(outcome)
        statuses = self._delivered.statuses
        statuses[outcome.status] = statuses.get(outcome.status, 0) + 1
        self._means.observer.outcome(outcome)
        if tripped := self._watch.take(outcome.status, answer, adds=adds):
            self._fail(tripped)


@lru_cache(maxsize=64)
def iso(moment_ms: int) -> str:
    """A moment in ms since 1970 as ISO 8601, UTC."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat(timespec="milliseconds")
