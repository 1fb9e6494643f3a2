"""The second pass, sent while it is read: a canary first where one is due, then all that waits."""

from __future__ import annotations

import signal

from importer.delivery import Delivered, Stop
from importer.errors import ExitCode
from importer.journal import Journal
from importer.planning import accept
from importer.records import RowId, Status
from importer.report import Summary
from importer.run.canary import Introductions, canary_rows, send_ahead
from importer.run.order import Desk, Order
from importer.run.passes import second_pass
from importer.run.remembering import Remembering
from importer.run.reports import close
from importer.run.sending import reachable, send
from importer.run.talking import Talk
from importer.settings import TargetSystem

SIGNALLED: dict[int, ExitCode] = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


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
