"""The courier carries one request at a time: gate, pace, intent, wire, reply, decision, outcome.

What it learns on the way it tells everybody: a refusal for speed shuts the gate, failures in a row open the breaker, an
award makes every request an adding one.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from importer.delivery.breaker import Breaker
from importer.delivery.gate import Gate
from importer.delivery.lanes import LaneKeeper
from importer.delivery.means import Delivered, Means
from importer.delivery.retry import Again, Decision, Finish, Halt, History, Renew, decide
from importer.delivery.watch import Watch
from importer.endpoint import Answer, Meaning
from importer.errors import AccessRefused, Stopped
from importer.records import Outcome, Reply, Request, RowId, Status

SHORTEST_PAUSE_S = 0.5  # after a refusal for speed; doubled with each that follows
LONGEST_PAUSE_S = 60.0
SPENT_FROM_S = 1.0  # a quota that is new sooner is met by the pace alone; resets are told in whole seconds
TOLD_FROM_S = 8.0  # shorter pauses are part of the day
CONCLUSIVE = (Meaning.ACCEPTED, Meaning.PARTIAL)
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
        self._gate = Gate(self._chance)
        self._breaker = Breaker(means.breaker, means.target)
        self._watch = Watch(means.guards, means.merged, means.awarded)
        self._awarding = means.awarding
        self._signed_with: Mapping[str, str] = {}
        self._headers: Mapping[str, str] = means.endpoint.headers
        self._admitted: Mapping[str, str] | None = None  # credentials that were good for a request
        self._past: dict[RowId, Past] = {}
        self._held: list[tuple[Outcome, Answer, bool]] = []  # 403 without a code: rejected, unless ten come in a row
        self._refused_since: float | None = None
        self._pauses = 0
        self._last_pause_at = 0.0
        self.sending: set[asyncio.Task[None]] = set()  # a graceful stop lets these finish

    async def carry(self, request: Request, worker: asyncio.Task[None]) -> None:
        """One attempt by this worker, and what follows from it. Raises JournalLost, AccessRefused, ServiceDead.

        A request that only sets comes with a durable intent (`staging`); one that adds waits here for its own.
        """
        means, now = self._means, asyncio.get_running_loop().time
        past = self._past.get(request.id) or Past(now(), request.perhaps)
        attempts = request.attempts + 1
        probe, headers = await self._my_turn(request)
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
            if answer.meaning in ADMITTED:
                self._admitted = headers
            past.perhaps |= answer.meaning is Meaning.PERHAPS
            if not past.perhaps and answer.meaning not in CONCLUSIVE:
                means.ledger.withdraw(request.id)
            verdict = self._learn(answer, left_at, came_at, reply.latency_ms / 1000, probe=probe)
        finally:
            if probe and not verdict:
                self._gate.retry_probe()
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
        if self._breaker.open and isinstance(decision, Finish):
            patient = decision.status is Status.FAILED or (decision.status is Status.UNKNOWN and not history.adds)
            return Again(0.0, counts=False) if patient else decision
        return decision

    # ── leaving ────────────────────────────────────────────────────────────────────────

    async def _my_turn(self, request: Request) -> tuple[bool, Mapping[str, str]]:
        """Wait for gate, pace and credentials: (whether this request probes a gate that was shut, headers to send).

        A probe's pause was its turn.
        """
        means = self._means
        probe = False
        try:
            while True:
                if means.hours:
                    await means.hours.opened()
                if not (probe := not self._gate.open and await self._gate.passed()):
                    await means.pace.turn()
                headers = await means.credentials.headers(means.transport)
                if means.hours and not means.hours.open:  # they ended while it waited
                    if probe:
                        self._gate.retry_probe()
                elif probe or self._gate.open:  # else a pause began meanwhile
                    return probe, headers
        except BaseException:  # cancelled or refused, it does not leave; raised again
            if probe:
                self._gate.retry_probe()
            self.never_left(request)
            raise

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

    # ── learning ───────────────────────────────────────────────────────────────────────

    def _learn(self, answer: Answer, left_at: float, now: float, latency_s: float, *, probe: bool) -> bool:
        """Tell gate, pace and breaker what came back; True: a probe has its verdict."""
        if self._held and answer.meaning is not Meaning.FORBIDDEN:
            self._judge_held()
        if answer.slows_down:
            self._slow_down(answer, left_at, now)
            if answer.meaning is Meaning.LIMITED:
                return True
        verdict = self._breaker.judge(answer, now, left_at)
        if isinstance(verdict, Stopped):
            self._fail(verdict)
        elif verdict is not None:
            self._gate.shut(verdict)
            self._tell(verdict, f"does not answer properly ({answer.code})")
        elif not answer.slows_down and (probe or not self._breaker.open):
            if self._pauses or self._refused_since is not None or probe:
                self._go_on(left_at, now, probe=probe)
            self._means.pace.accepted(latency_s)
            if (answer.retry_after_s or 0.0) > SPENT_FROM_S and answer.meaning in CONCLUSIVE:
                self._spent(answer.retry_after_s or 0.0, now)
        return True

    def _spent(self, seconds: float, now: float) -> None:
        """Accepted, and nothing is left of the quota: what would be refused waits before it is."""
        self._means.pace.refused()
        self._refused_since = self._refused_since or now
        self._last_pause_at = now
        self._hold(seconds)

    def _slow_down(self, answer: Answer, left_at: float, now: float) -> None:
        """Shut the gate for everybody; longer with each refusal that is news."""
        self._delivered.refusals += 1
        self._means.pace.refused()
        self._refused_since = self._refused_since or now
        if left_at >= self._last_pause_at:  # those that left before the pause began say nothing new
            pause = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2**self._pauses)
            self._pauses += 1
            self._last_pause_at = now
            self._hold(max(pause, answer.retry_after_s or 0.0))
        elif answer.retry_after_s:
            self._hold(answer.retry_after_s)

    def _hold(self, seconds: float) -> None:
        """Nobody sends for so long, here and in other runs that share the pace."""
        self._gate.shut(seconds)
        self._means.pace.held(seconds)
        self._tell(seconds, "asks for fewer requests")

    def _tell(self, seconds: float, why: str) -> None:
        """A pause that people would notice has its reason told."""
        if seconds >= TOLD_FROM_S:
            self._means.observer.say(f"{self._means.target} {why}; the next try is in {seconds:,.0f} s.")

    def _go_on(self, left_at: float, now: float, *, probe: bool) -> None:
        """A reply that was no refusal: the pauses are over, unless it left before the last one began."""
        if probe or left_at >= self._last_pause_at:
            self._pauses = 0
            if self._refused_since is not None:
                self._means.pace.resumed(now - self._refused_since)
                self._refused_since = None
        if probe:
            self._gate.release()

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
