"""The emulator as a server on loopback: in a thread beside a test or a run, or in the foreground for the command."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import ipaddress
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, Self, TypeVar

from aiohttp import web

from importer.emulator.config import ConfigError, EmulatorConfig
from importer.emulator.control import PREFIX, statistics
from importer.emulator.customers import Customer
from importer.emulator.faults import Fault
from importer.emulator.handler import Handler
from importer.emulator.record import Record, Statistics
from importer.emulator.service import Service

LOOPBACK = "127.0.0.1"
GARBAGE_THRESHOLD = 50_000  # new objects; Python's default is 700
END_WITHIN_S = 1.0  # for requests that are still served when it stops

T = TypeVar("T")


class Emulator:
    """A local Capillary in a thread of its own.

    For example::

        with Emulator(EmulatorConfig(population="seeded")) as emulator:
            emulator.seed([{"mobile": "919876543210"}])
            ...  # requests to emulator.url
            emulator.record.updates()

    Every method may be called from any thread.
    """

    def __init__(self, config: EmulatorConfig | None = None) -> None:
        """Nothing is served yet. Raises ValueError where the configured seed file cannot be read."""
        self._service = Service(config or EmulatorConfig())
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self.url = ""  # scheme, address and port, once started

    # ── life ───────────────────────────────────────────────────────────────────────────

    def start(self) -> Self:
        """Serve on a free port of loopback; answers once requests are accepted."""
        if self._thread is not None:
            return self
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            failure, self._failure, self._thread = self._failure, None, None
            raise failure
        return self

    def stop(self) -> None:
        """End: connections are closed, the thread is gone. What was recorded stays readable."""
        thread, loop, end = self._thread, self._loop, self._end
        if thread is None or loop is None or end is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop ended by itself
            loop.call_soon_threadsafe(end.set)
        thread.join()
        self._thread = self._loop = self._end = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        """The thread."""
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - handed to whoever called start()
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with serving(self._service, LOOPBACK, 0) as port:
            self.url = f"http://{LOOPBACK}:{port}"
            self._ready.set()
            await self._end.wait()

    def _call(self, function: Callable[[], T]) -> T:
        """Run it where the service lives: in the server's thread, or right here while nothing is served."""
        if self._loop is None:
            return function()

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    # ── control and record ─────────────────────────────────────────────────────────────

    @property
    def config(self) -> EmulatorConfig:
        """The switches as they stand."""
        return self._service.config

    @property
    def record(self) -> Record:
        """What was received since start or reset."""
        return self._service.record

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Everybody who exists, as stored."""
        return self._call(lambda: tuple(self._service.customers))

    def customer(self, value: str, name: str = "mobile", source: str = "INSTORE", account: str = "") -> Customer | None:
        """Who has this identifier; nobody is born by asking."""
        return self._call(lambda: self._service.customers.peek((source, account), name, value))

    def statistics(self) -> Statistics:
        """Counts over everything since start or reset."""
        return self._call(lambda: statistics(self._service))

    def seed(self, customers: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add customers; their ids. Raises ValueError."""
        return self._call(lambda: self._service.seed(customers))

    def reset(self) -> None:
        """Forget every request, customer, token and struck fault; the switches stay."""
        self._call(self._service.reset)

    def configure(self, **switches: Any) -> None:
        """Set switches; what is not named stays. Raises ConfigError."""
        self._call(lambda: self._service.configure(self._service.config.changed(**switches)))

    def script(self, *faults: Fault) -> None:
        """Put these faults in the place of the present ones; ordinals count anew."""
        self.configure(faults=faults)

    def expire_tokens(self) -> None:
        """End every token issued so far."""
        self._call(lambda: self._service.access.expire_all(self._service.now()))


@contextlib.asynccontextmanager
async def serving(service: Service, host: str, port: int) -> AsyncIterator[int]:
    """Serve inside this context; gives the port. Raises OSError where it is taken."""
    handler = Handler(service)
    server = web.Server(handler, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=END_WITHIN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_address=True)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        handler.closing.set()
        await runner.cleanup()


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """That of uvloop where it is installed, else the platform's."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop  # noqa: PLC0415 - not on Windows

    return uvloop.new_event_loop


def serve(host: str = LOOPBACK, port: int = 8080, config: EmulatorConfig | None = None) -> None:
    """Serve in the foreground until interrupted; prints where, and with which credentials.

    Raises ConfigError where the address is not loopback, or the port is taken.
    """
    if not is_loopback(host):
        raise ConfigError(f"{host} is not loopback. The emulator has no protection: use 127.0.0.1, ::1 or localhost.")
    service = Service(config or EmulatorConfig())

    async def run() -> None:
        end = asyncio.Event()
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows has no handlers on the loop
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
        try:
            async with serving(service, host, port) as bound:
                sys.stdout.write(welcome(service.config, host, bound))
                sys.stdout.flush()
                await end.wait()
        except OSError as error:
            raise ConfigError(
                f"Port {port} of {host} cannot be opened: {error}. Choose another with --port."
            ) from error

    usual = gc.get_threshold()
    gc.set_threshold(GARBAGE_THRESHOLD)  # this process serves nothing else, and customers stay: look at them less often
    try:
        with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run())
    finally:
        gc.set_threshold(*usual)
    sys.stdout.write(f"Stopped. {service.record.statistics().requests:,} requests were received.\n")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def welcome(config: EmulatorConfig, host: str, port: int) -> str:
    """What a user needs to know, as text for the terminal."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    who = (
        "every well-formed identifier belongs to a customer"
        if config.population == "open"
        else "only seeded customers exist"
    )
    lines = [
        f"A local Capillary listens on {url} (nothing leaves this machine; Ctrl-C stops it).",
        f"  Basic   till {config.till}, password {config.password}",
        f"  OAuth   client key {config.client_key}, client secret {config.client_secret}",
        f"  Who     {who}; limits: {', '.join(config.limits) or 'none'}; faults: {len(config.faults)}",
        "",
        "  importer run SHEET -m MAPPING --to " + url,
        f"  with IMPORTER_TILL={config.till} IMPORTER_PASSWORD={config.password}",
    ]
    if config.control:
        lines += [
            "",
            f"  curl {url}{PREFIX}                what can be asked",
            f"  curl {url}{PREFIX}statistics      what was received",
            f"""  curl {url}{PREFIX}customers -d '[{{"mobile": "919876543210", "firstName": "Tom"}}]'   add customers""",
        ]
    return "\n".join(lines) + "\n"
