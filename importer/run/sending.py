"""The part of a run that sends: connections, pace, signals, and the event loop in which they live."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from importer.apis import capillary
from importer.apis.capillary.credentials import credentials
from importer.delivery import (
    Crew,
    Delivered,
    Hours,
    HttpTransport,
    Means,
    Observer,
    RetryPolicy,
    Stop,
)
from importer.journal import Journal
from importer.records import Guards, Request
from importer.run.guarding import irreversible
from importer.run.order import DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT_S, Sending
from importer.run.pacing import pace_for
from importer.settings import Auth, Secret, TargetSystem

Result = TypeVar("Result")
UNREGISTERED = (
    "*0000404"  # identifiers that belong to nobody in the embedded emulator, so that a first try shows an 8015
)
OBJECTS_A_COLLECTION = 50_000
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def reachable(target: TargetSystem) -> Iterator[TargetSystem]:
    """The target system, with the embedded emulator serving for as long as this lasts."""
    if not target.embedded:
        yield target
        return
    from importer.emulator import Emulator, EmulatorConfig  # noqa: PLC0415 - a whole server, for those who want it

    config = EmulatorConfig(missing=(UNREGISTERED,))
    with Emulator(config) as server:
        yield TargetSystem(
            "the embedded emulator",
            server.url,
            Auth.BASIC,
            till=config.till,
            password=Secret(config.password),
            embedded=True,
        )


def send(
    batches: Iterator[Sequence[Request]],
    target: TargetSystem,
    sending: Sending,
    journal: Journal,
    guards: Guards,
    observer: Observer,
) -> tuple[Delivered, Stop]:
    """Send everything and come back when each request has its outcome, or the run was stopped."""
    with collecting_rarely():
        return run_loop(_send(batches, target, sending, journal, guards, observer))


async def _send(
    batches: Iterator[Sequence[Request]],
    target: TargetSystem,
    sending: Sending,
    journal: Journal,
    guards: Guards,
    observer: Observer,
) -> tuple[Delivered, Stop]:
    stop, before = Stop(), irreversible(journal)
    concurrency = sending.concurrency or target.concurrency or DEFAULT_CONCURRENCY
    timeout_s = sending.timeout_s or target.timeout_s or DEFAULT_TIMEOUT_S
    with heeding_signals(stop), pace_for(target, sending.rate, journal.folder.parent, observer.say) as pace:
        async with (
            HttpTransport(
                target.host, connections=concurrency, timeout_s=timeout_s, ca_file=target.ca_file
            ) as transport,
            journal.ledger() as ledger,
        ):
            means = Means(
                endpoint=capillary.endpoint(),
                transport=transport,
                credentials=credentials(target),
                ledger=ledger,
                pace=pace,
                hours=Hours(target.schedule, observer.say) if target.schedule else None,
                observer=observer,
                policy=RetryPolicy(resend_unknown=sending.resend_unknown),
                guards=guards,
                merged=before.merged,
                awarded=before.awarded,
                concurrency=concurrency,
                timeout_s=timeout_s,
                target=target.name,
                awarding=bool(journal.facts.get("awarding")),
            )
            return await Crew(batches, means, stop).deliver(), stop


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Requests and outcomes form no cycles: looking for some after every 700 objects costs a tenth of the speed."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what was imported stays until the end
    gc.set_threshold(OBJECTS_A_COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def heeding_signals(stop: Stop) -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP ask for a stop; the second one ends at once."""
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        for number in SIGNALS:
            if sys.platform == "win32":
                before = signal.signal(number, lambda got, _: loop.call_soon_threadsafe(stop.signalled, got))
                stack.callback(signal.signal, number, before)
            else:
                loop.add_signal_handler(number, stop.signalled, number)
                stack.callback(loop.remove_signal_handler, number)
        yield


def run_loop(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine on uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop  # noqa: PLC0415 - absent on Windows

    return uvloop.run(main)
