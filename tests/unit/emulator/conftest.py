"""Two ways in: a desk that asks the service itself, without network and with a clock of its own; and plain HTTP."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from importer.emulator import Emulator, EmulatorConfig, Received
from importer.emulator.answers import Answer
from importer.emulator.service import LOOKUP, ROUTES, Service

MOBILE = "919876543210"


def signed(config: EmulatorConfig) -> dict[str, str]:
    """Headers of a till that is known."""
    digest = hashlib.md5(config.password.encode()).hexdigest()
    token = base64.b64encode(f"{config.till}:{digest}".encode()).decode()
    return {"Authorization": f"Basic {token}", "Content-Type": "application/json"}


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """Asks a service without network."""

    def __init__(self, **switches: Any) -> None:
        self.clock = Clock()
        self.service = Service(EmulatorConfig.of(switches), self.clock)
        self.received: Received | None = None

    def ask(self, method: str, path: str, query: dict, headers: dict, body: bytes = b"") -> Answer:
        """The answer, as the handler would get it."""
        received = self.received = self.service.record.arrive(self.service.now(), method, path)
        self.service.record.route(received, ROUTES.get((method, path), ("", ""))[0], body)
        answer = self.service.answer(received, query, headers, body)
        received.status, received.code = answer.status, answer.code
        self.service.record.conclude(received, self.service.now())
        return answer

    def put_raw(self, body: bytes, headers: dict | None = None, **query: str) -> Answer:
        asked = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": MOBILE} | query
        asked = {name: value for name, value in asked.items() if value is not None}
        return self.ask("PUT", LOOKUP, asked, signed(self.service.config) if headers is None else headers, body)

    def put(self, body: Any, **query: Any) -> dict:
        """What an update answers, as data."""
        return json.loads(self.put_raw(json.dumps(body).encode(), **query).body)

    def profile(self, **profile: Any) -> dict:
        """What an update with this one profile answers."""
        return self.put({"profiles": [profile]})

    def customer(self, value: str = MOBILE, kind: str = "mobile", source: str = "INSTORE") -> Any:
        return self.service.customers.peek((source, ""), kind, value)


@pytest.fixture
def desk() -> Callable[..., Desk]:
    """A desk with these switches."""
    return Desk


@pytest.fixture
def serve() -> Iterator[Callable[..., Emulator]]:
    """Starts emulators, and stops them after the test."""
    started: list[Emulator] = []

    def start(**switches: Any) -> Emulator:
        emulator = Emulator(EmulatorConfig.of(switches)).start()
        started.append(emulator)
        return emulator

    yield start
    for emulator in started:
        emulator.stop()


class Wire:
    """One HTTP request over a connection of its own."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict | None = None, timeout: float = 20
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers in lower case, body). Raises what http.client raises."""
        connection = http.client.HTTPConnection(urlsplit(self.emulator.url).netloc, timeout=timeout)
        try:
            connection.request(method, path, body, signed(self.emulator.config) if headers is None else headers)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def put(self, body: Any = None, value: str = MOBILE, **rest: Any) -> tuple[int, dict[str, str], bytes]:
        query = urlencode({"source": "INSTORE", "identifierName": "mobile", "identifierValue": value})
        return self.ask("PUT", f"{LOOKUP}?{query}", json.dumps(body or {}).encode(), **rest)


@pytest.fixture
def wire() -> Callable[[Emulator], Wire]:
    """A client of an emulator."""
    return Wire
