"""The corridor: the only place that knows the order of the rooms.

A run has two passes. The first reads the sheets, judges every row, journals what will not be sent and keeps what it
prepared of the others; a plan ends there and keeps nothing. The second sends what the journal still waits for. Resuming
is the second pass, done again.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from importer import __version__
from importer.delivery import Delivered, Observer, Stop
from importer.errors import ExitCode, GuardTripped, RunError, Stopped
from importer.journal import Family, Journal, successor_of
from importer.mapping import Mapping
from importer.planning import Choice, Plan, accept
from importer.records import RowId, Status
from importer.report import Summary
from importer.run.bundling import Bundled, support_bundle
from importer.run.canary import Canary, Introductions, canary_rows, send_ahead
from importer.run.checking import Checked, CheckOrder, check
from importer.run.checkup import Check, Verdict, checkup, exit_code_of
from importer.run.ending import now
from importer.run.guarding import guards_of, planned
from importer.run.history import PastRun, folder_of, history
from importer.run.lineage import Past, Repairs, Retry
from importer.run.order import Desk, Order, Sending, lay_out, new_folder
from importer.run.own_fields import Pulled, Rewritten, declare_fields, pull_fields
from importer.run.page import versions
from importer.run.passes import first_pass, second_pass, unheard, whole_run_decides
from importer.run.passes import preview as first_bodies
from importer.run.probing import probe
from importer.run.pruning import Goes, Pruning, old_runs, read_age, remove
from importer.run.questions import questions, require_answers
from importer.run.rehearsal import Rehearsed, failures, record_tests, require_tests, test_mapping
from importer.run.remembering import Remembering
from importer.run.reporting import report
from importer.run.reports import close
from importer.run.retrying import Retrying, retrying
from importer.run.same_as_begun import as_begun, same_sheets, same_target, unchanged
from importer.run.sending import reachable, send
from importer.run.suggesting import Suggested, SuggestOrder, suggest
from importer.run.verifying import verify
from importer.settings import TargetSystem

__all__ = [
    "Bundled",
    "Canary",
    "Check",
    "CheckOrder",
    "Checked",
    "Goes",
    "Order",
    "PastRun",
    "Pruning",
    "Pulled",
    "Rehearsed",
    "Retrying",
    "Rewritten",
    "Sending",
    "SuggestOrder",
    "Suggested",
    "Talk",
    "Verdict",
    "check",
    "checkup",
    "declare_fields",
    "exit_code_of",
    "failures",
    "folder_of",
    "history",
    "old_runs",
    "plan",
    "preview",
    "probe",
    "pull_fields",
    "questions",
    "read_age",
    "record_tests",
    "remove",
    "report",
    "resume",
    "retry",
    "run",
    "suggest",
    "support_bundle",
    "test_mapping",
]

SIGNALLED: dict[int, ExitCode] = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


class Talk(Protocol):
    """Whoever speaks with the user."""

    def reading(self, rows: int) -> None:
        """The first pass has read so many rows."""

    def planned(self, plan: Plan, mapping: Mapping) -> None:
        """The first pass is over. Raises WrongUse or Stopped where the user does not want to send."""

    def watching(self, rows: int) -> Observer:
        """Requests are about to leave: who is told of each outcome."""

    def canary(self, canary: Canary) -> bool | None:
        """The rows that went ahead are back: whether the others should follow; None where nobody can be asked."""


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
        if not facts.get("planned"):
            raise RunError(
                f"{folder}: this run ended before its plan was complete; nothing was sent.",
                advice="Start it again with `importer run`.",
            )
        if younger := successor_of(folder, facts):
            raise RunError(
                f"{folder}: the rows of this run went on in {younger}.",
                advice=f"Go on there: importer resume {folder.parent / younger}; or begin a new one over what is left:"
                f" importer retry {folder}",
            )
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
            sending=Sending(
                sending.rate or told.rate, sending.concurrency or told.concurrency, sending.timeout_s or told.timeout_s,
                told.resend_unknown,
            ),
            accept=(*facts["accept"], *accepted),
        )  # fmt: skip
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


def begin(order: Order, desk: Desk, past: Past | None = None) -> Journal:
    """A new run folder with its journal."""
    folder = new_folder(order.runs, desk.mapping.name)
    mapping = desk.mapping
    sending = order.sending
    return Journal.create(
        folder,
        {
            "run": folder.name,
            "command": order.command,
            "importer": __version__,
            "started_at": now(),
            "mapping": {"name": mapping.name, "path": str(mapping.path), "digest": mapping.digest},
            "to": order.target.name if order.target else "",
            "target": order.target.name if order.target else "",
            "host": order.target.host if order.target else "",
            "sending": {
                "rate": sending.rate,
                "concurrency": sending.concurrency,
                "timeout_s": sending.timeout_s,
                "resend_unknown": sending.resend_unknown,
            },
            "accept": list(order.accept),
            "reject_only": list(order.reject_only),
            "reading": asdict(desk.reading),
            "versions": versions(),
            **(past.facts if past else {}),
        },
    )


def deliver(
    desk: Desk, journal: Journal, order: Order, target: TargetSystem, talk: Talk, memory: Remembering, rows: int,
    introductions: Introductions | None = None,
) -> Summary:  # fmt: skip
    """The second pass, sent while it is read; then the reports. `introductions`: a canary may go ahead."""
    guards = accept(desk.mapping.guards, order.accept)
    observer = talk.watching(rows)
    journal.note(ended=None)  # until it has; a process that dies leaves it so
    with reachable(target) as system:

        def some(only: frozenset[RowId] | None) -> tuple[Delivered, Stop]:
            return send(second_pass(desk, journal, only), system, order.sending, journal, guards, observer)

        if introductions and (ahead := canary_rows(order.canary, introductions)):
            delivered, stop = send_ahead(ahead, journal, some, talk.canary, introductions)
        else:
            delivered, stop = some(None)
    if introductions and not (delivered.stopped or delivered.interrupted):
        introductions.make()
    memory.remember()
    if not journal.left():
        journal.prepared.remove()
    code = SIGNALLED.get(stop.signal, ExitCode.TERMINATED) if delivered.interrupted and stop.signal else None
    return close(desk, journal, waiting=Status.NOT_SENT, delivered=delivered, stopped=delivered.stopped, exit_code=code)
