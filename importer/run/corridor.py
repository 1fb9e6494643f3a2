"""The corridor: the only place that knows the order of the rooms.

A run has two passes. The first reads the sheets, judges every row, journals what will not be sent and keeps what it
prepared of the others; a plan ends there and keeps nothing. The second sends what the journal still waits for. Resuming
is the second pass, done again; retrying is a run that knows what became of its rows before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from importer.errors import GuardTripped, Stopped
from importer.journal import Family, Journal
from importer.planning import Choice, Plan
from importer.records import Status
from importer.report import Summary
from importer.run.beginning import as_told, begin, resumable
from importer.run.canary import Introductions
from importer.run.delivering import deliver
from importer.run.guarding import guards_of, planned
from importer.run.lineage import Past, Repairs, Retry
from importer.run.order import Desk, Order, Sending, lay_out
from importer.run.passes import first_pass, second_pass, unheard, whole_run_decides
from importer.run.passes import preview as first_bodies
from importer.run.questions import require_answers
from importer.run.rehearsal import require_tests
from importer.run.remembering import Remembering
from importer.run.reports import close
from importer.run.retrying import Retrying, retrying
from importer.run.same_as_begun import as_begun, same_sheets, same_target, unchanged
from importer.run.talking import Talk
from importer.run.verifying import verify
from importer.settings import TargetSystem


def plan(order: Order, reading: Callable[[int], None] = unheard) -> tuple[Plan, Summary]:
    """Everything but sending, and without network. `reading`: told how many rows were read so far."""
    with ExitStack() as stack:
        desk = lay_out(order, stack)
        require_tests(desk.mapping)
        journal = stack.enter_context(begin(order, desk))
        past = Repairs.of(order, desk, stack, joining=False)
        memory = Remembering(desk, journal, order.target, order.choice, stack, sending=False)
        found = first_pass(desk, journal, order.selection, order.sending.rate, past, memory, reading=reading)
        return found, close(desk, journal, waiting=Status.PLANNED)


def run(order: Order, target: TargetSystem, talk: Talk) -> Summary:
    """Plan, then deliver."""
    with ExitStack() as stack:
        desk = lay_out(order, stack)
        return carry_out(order, desk, target, talk, Repairs.of(order, desk, stack, joining=True), stack)


def retry(
    folder: Path, target: Callable[[str], TargetSystem], talk: Callable[[TargetSystem], Talk], told: Retrying
) -> Summary:
    """A new run over the rows of an ended one that may go again. `target` finds a target system by its name."""
    with ExitStack() as stack:
        family = stack.enter_context(Family.of(folder, joining=True))
        with Journal.open(folder, read_only=True) as before:
            facts, sheets = before.facts, before.sheets()
        order = retrying(folder, facts, sheets, target, told)
        desk = lay_out(order, stack)
        same_sheets(desk, sheets)
        changed = desk.mapping.digest != facts["mapping"]["digest"]
        past = Retry(family, facts["run"], told.choice, other_mapping=changed)
        assert order.target is not None
        return carry_out(order, desk, order.target, talk(order.target), past, stack)


def carry_out(order: Order, desk: Desk, target: TargetSystem, talk: Talk, past: Past, stack: ExitStack) -> Summary:
    """Plan, then deliver, knowing what became of rows before."""
    require_answers(desk.mapping)
    require_tests(desk.mapping)
    journal = stack.enter_context(begin(order, desk, past))
    memory = Remembering(desk, journal, target, order.choice, stack, sending=True, resting=past.runs)
    try:
        with journal.keeper() as keep:
            found = first_pass(
                desk, journal, order.selection, order.sending.rate or target.rate, past, memory, keep, talk.reading
            )
        past.join(journal)
        planned(journal, found)
        guards_of(desk.mapping, journal, order.accept)
        talk.planned(found, desk.mapping)
        if order.choice.verify:
            verify(desk, journal, target, order)
    except Stopped as stopped:
        return close(desk, journal, waiting=Status.NOT_SENT, stopped=stopped)
    introductions = Introductions(order.runs, desk.mapping.digest, target)
    return deliver(desk, journal, order, target, talk, memory, found.requests, introductions)


def resume(
    folder: Path,
    target: Callable[[str], TargetSystem],
    talk: Talk,
    sending: Sending,
    accepted: tuple[str, ...],
    reject_only: tuple[Status, ...] = (),
) -> Summary:
    """Go on with an interrupted run; refuses where sheet or mapping changed since. `target` finds one by its name."""
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(folder))
        facts, sheets = journal.facts, journal.sheets()
        resumable(folder, facts)
        order = as_begun("resume", facts, sheets)
        desk = lay_out(order, stack)
        unchanged(desk, journal)
        if reject_only:
            journal.note(reject_only=reject_only)
        told = Sending(**facts["sending"])
        if not told.resend_unknown:
            journal.settle_doubt()
        order = replace(
            order,
            sending=as_told(sending, told),
            accept=(*facts["accept"], *accepted),
        )
        system = same_target(facts, target(facts["to"]))
        try:
            guards_of(desk.mapping, journal, order.accept)
        except GuardTripped as tripped:
            return close(desk, journal, waiting=Status.NOT_SENT, stopped=tripped)
        memory = Remembering(desk, journal, system, Choice(unknown=told.resend_unknown), stack, sending=True)
        memory.resume()
        return deliver(desk, journal, order, system, talk, memory, journal.left())


def preview(order: Order, rows: int) -> list[tuple[str, bytes]]:
    """(address, body) of the first rows that would be sent; where the whole run decides which, a plan comes first."""
    with ExitStack() as stack:
        desk = lay_out(order, stack)
        if not whole_run_decides(desk):
            return first_bodies(desk, rows)
        past = Repairs.of(order, desk, stack, joining=False)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="importer-preview-")))  # readable by its owner only
        journal = stack.enter_context(begin(replace(order, runs=folder), desk))
        with journal.keeper() as keep:
            memory = Remembering(desk, journal, None, order.choice, stack, sending=False)
            first_pass(desk, journal, order.selection, None, past, memory, keep)
        requests = chain.from_iterable(second_pass(desk, journal))
        return [(one.address, one.body) for one in islice(requests, rows)]
