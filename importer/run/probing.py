"""A probe: are the customers there that a sheet is about? Asks with GET, changes nothing, keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import fields

from importer.apis import capillary
from importer.apis.capillary.credentials import credentials
from importer.delivery import Crew, Delivered, HttpTransport, Means, Observer, Stop
from importer.endpoint import Endpoint, Lookup
from importer.errors import WrongUse
from importer.payload import Assembler
from importer.planning import ANY_NUMBER, Planner, Selection, Spread
from importer.records import Guards, Outcome, Request, RowId
from importer.report import Asked, Probe
from importer.run.order import DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT_S, Order, lay_out
from importer.run.pacing import pace_for
from importer.run.passes import ROWS_A_CHUNK_WHEN_PLANNING, judge_for
from importer.run.sending import heeding_signals, reachable, run_loop
from importer.settings import TargetSystem

UNGUARDED = Guards(*[ANY_NUMBER] * len(fields(Guards)))  # finding out how many are missing is the point


class Unwritten:
    """Implements delivery's Ledger for requests that change nothing: keeps the outcomes for as long as this lasts."""

    def __init__(self) -> None:
        self.outcomes: dict[RowId, Outcome] = {}

    async def intend(self, requests: Sequence[Request]) -> None:
        """A question may be asked again without harm."""

    def withdraw(self, row: RowId) -> None:
        """Nothing was written down."""

    def conclude(self, outcome: Outcome) -> None:
        """What was answered."""
        self.outcomes[outcome.id] = outcome

    def awarding(self) -> None:
        """Questions award nothing."""


def probe(order: Order, target: TargetSystem, rows: int, observer: Observer) -> Probe:
    """Look so many of the sheet's customers up, spread over the sheet. Raises WrongUse where no row is sound."""
    read, sound, chosen = choose(order, rows)
    if not chosen:
        raise WrongUse(
            f"none of the {read:,} rows would be sent, so there is nobody to ask about.",
            advice=f"Look at what is wrong with them: importer plan {order.sheets[0]} -m {order.mapping}",
        )
    addresser = capillary.endpoint().addresser
    requests = [Request(row, addresser(lookup), b"", adds=False) for lookup, row in chosen]
    with reachable(target) as system:
        delivered, stop, outcomes = run_loop(ask(requests, system, order, observer))
    asked = tuple(
        Asked(row.row, lookup.identifier_name, lookup.identifier_value, outcomes.get(row)) for lookup, row in chosen
    )
    return Probe(target.name, read, sound, asked, delivered.stopped, stop.signal)


def choose(order: Order, rows: int) -> tuple[int, int, list[tuple[Lookup, RowId]]]:
    """(rows read, rows that would be sent, whom to ask about and the first row that was met of each)."""
    read = sound = 0
    spread: Spread[Lookup, RowId] = Spread(rows)
    with ExitStack() as stack:
        desk = lay_out(order, stack)
        judge, assembler = judge_for(desk), Assembler(desk.fitted.slots)
        planner = Planner(desk.fitted.slots, Selection())
        for sheet, fitted in desk.sheets:
            for chunk in sheet.chunks(ROWS_A_CHUNK_WHEN_PLANNING):
                mapped = fitted.apply(chunk)
                read += len(chunk.cells)
                for one in assembler.assemble(mapped, planner.sound(mapped, judge.judge(mapped))):
                    if one.body is not None:
                        sound += 1
                        spread.offer(one.lookup, RowId(sheet.number, one.row))
    return read, sound, spread.chosen()


async def ask(
    requests: Sequence[Request],
    target: TargetSystem,
    order: Order,
    observer: Observer,
    *,
    endpoint: Endpoint | None = None,
) -> tuple[Delivered, Stop, dict[RowId, Outcome]]:
    """Send the questions as a run would send its rows: same credentials, pace and patience."""
    stop, ledger, sending = Stop(), Unwritten(), order.sending
    concurrency = sending.concurrency or target.concurrency or DEFAULT_CONCURRENCY
    timeout_s = sending.timeout_s or target.timeout_s or DEFAULT_TIMEOUT_S
    with heeding_signals(stop), pace_for(target, sending.rate, order.runs, observer.say) as pace:
        async with HttpTransport(
            target.host, connections=concurrency, timeout_s=timeout_s, ca_file=target.ca_file
        ) as transport:
            means = Means(
                endpoint=endpoint or capillary.probe_endpoint(),
                transport=transport,
                credentials=credentials(target),
                ledger=ledger,
                pace=pace,
                observer=observer,
                guards=UNGUARDED,
                concurrency=concurrency,
                timeout_s=timeout_s,
                target=target.name,
            )
            return await Crew(iter([requests]), means, stop).deliver(), stop, ledger.outcomes
