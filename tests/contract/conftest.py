"""The documented examples, put to the emulator, or to another host that the environment names.

IMPORTER_CONTRACT_HOST    e.g. https://sandbox.example.com; without it the emulator is asked
IMPORTER_CONTRACT_TILL, IMPORTER_CONTRACT_PASSWORD      a till of a test organisation
IMPORTER_CONTRACT_KEY, IMPORTER_CONTRACT_SECRET         a client of it
IMPORTER_CONTRACT_MOBILE  of an INSTORE customer that exists there and may be changed
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from importer.emulator import Emulator, EmulatorConfig

HOST = os.environ.get("IMPORTER_CONTRACT_HOST", "").rstrip("/")


class Capillary:
    """Whoever answers."""

    def __init__(self, host: str, till: str, password: str, key: str, secret: str, mobile: str) -> None:
        self.host = host
        self.key, self.secret, self.mobile = key, secret, mobile
        digest = hashlib.md5(password.encode()).hexdigest()
        self.basic = "Basic " + base64.b64encode(f"{till}:{digest}".encode()).decode()

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict | None = None, **query: str
    ) -> tuple[int, bytes]:
        """(HTTP status, body)."""
        address = f"{self.host}{path}" + (f"?{urlencode(query)}" if query else "")
        sent = {"Accept": "application/json", "Content-Type": "application/json"}
        sent |= {"Authorization": self.basic} if headers is None else headers
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def put(self, body: Any, **query: str) -> dict:
        """The JSON that answers an update of the customer."""
        asked = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": self.mobile} | query
        return json.loads(self.ask("PUT", "/v2/customers/lookup", body, **asked)[1])


@pytest.fixture
def capillary() -> Iterator[Capillary]:
    """The emulator, or the host that the environment names."""
    if HOST:
        assert urlsplit(HOST).scheme == "https"
        names = ("TILL", "PASSWORD", "KEY", "SECRET", "MOBILE")
        yield Capillary(HOST, *(os.environ[f"IMPORTER_CONTRACT_{name}"] for name in names))
        return
    config = EmulatorConfig()
    with Emulator(config) as emulator:
        yield Capillary(
            emulator.url, config.till, config.password, config.client_key, config.client_secret, "919876543210"
        )
