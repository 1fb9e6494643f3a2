"""The control surface below /_emulator/: seed, reset, switch, script faults, and read what was received.

No credentials: the server is bound to loopback. Bodies are JSON (customers also JSON lines or CSV).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import orjson
from pydantic import ValidationError

from importer.emulator.answers import Answer, plain
from importer.emulator.config import ConfigError
from importer.emulator.faults import Fault
from importer.emulator.record import Received, Statistics
from importer.emulator.seeds import read_seeds
from importer.emulator.service import Service

PREFIX = "/_emulator/"
REQUESTS_SHOWN = 1_000
SECRETS = frozenset({"password", "client_secret"})

Call = Callable[[Mapping[str, str], bytes], Any]


class Control:
    """Answers what is asked of the emulator itself."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._calls: dict[tuple[str, str], Call] = {
            ("GET", ""): self._index,
            ("POST", "reset"): self._reset,
            ("POST", "customers"): self._seed,
            ("GET", "customers"): self._customers,
            ("GET", "config"): self._config,
            ("PATCH", "config"): self._configure,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "outage"): self._outage,
            ("POST", "expire-tokens"): self._expire_tokens,
            ("GET", "requests"): self._requests,
            ("GET", "statistics"): self._statistics,
        }

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Answer:
        """Do what is asked; 400 with a sentence where it cannot be done."""
        call = self._calls.get((method, path.removeprefix(PREFIX)))
        if call is None:
            return plain({"error": f"There is no {method} {path}.", "there is": self._index(query, body)}, status=404)
        try:
            return plain(call(query, body))
        except (ConfigError, ValidationError, ValueError, KeyError, TypeError) as error:
            return plain({"error": str(error)}, status=400)

    def _index(self, _query: Mapping[str, str], _body: bytes) -> Any:
        """What can be asked."""
        return self.index()

    def index(self) -> dict[str, str]:
        """Every call and what it does."""
        return {
            f"{method} {PREFIX}{name}": (call.__doc__ or "").strip() for (method, name), call in self._calls.items()
        }

    def _reset(self, _query: Mapping[str, str], _body: bytes) -> Any:
        """Forget every request, customer, token and struck fault; the switches stay."""
        self._service.reset()
        return {"reset": True}

    def _seed(self, _query: Mapping[str, str], body: bytes) -> Any:
        """Add customers: a JSON list, JSON lines, or CSV with a header."""
        return {"ids": self._service.seed(read_seeds(body.decode("utf-8-sig")))}

    def _customers(self, query: Mapping[str, str], _body: bytes) -> Any:
        """Customers as they are stored; `value=` picks those with that identifier, `limit=` how many (default 1000)."""
        value, limit = query.get("value"), int(query.get("limit", REQUESTS_SHOWN))
        chosen = [
            one
            for one in self._service.customers
            if value is None or any(value in held.values() for held in one.identifiers.values())
        ]
        return {"total": len(chosen), "customers": [one.shown() for one in chosen[:limit]]}

    def _config(self, _query: Mapping[str, str], _body: bytes) -> Any:
        """The switches as they stand; secrets are not shown."""
        return self._service.config.model_dump(mode="json", exclude=set(SECRETS))

    def _configure(self, query: Mapping[str, str], body: bytes) -> Any:
        """Set switches; what is not named stays. Limits and faults count anew where they change."""
        self._service.configure(self._service.config.changed(**orjson.loads(body)))
        return self._config(query, body)

    def _add_faults(self, query: Mapping[str, str], body: bytes) -> Any:
        """Add one fault or a list of them; windows of time count from now."""
        given = orjson.loads(body)
        now = self._service.now()
        added = [Fault.model_validate(one) for one in (given if isinstance(given, list) else [given])]
        shifted = [one.model_copy(update={"from_s": one.from_s + now, "until_s": one.until_s + now}) for one in added]
        return self._put_faults((*self._service.config.faults, *shifted), query, body)

    def _clear_faults(self, query: Mapping[str, str], body: bytes) -> Any:
        """Remove every fault."""
        return self._put_faults((), query, body)

    def _outage(self, query: Mapping[str, str], body: bytes) -> Any:
        """Be down from now on: `{"seconds": 30, "status": 503}`; status 0 cuts connections."""
        given = orjson.loads(body)
        now, status = self._service.now(), int(given.get("status", 503))
        window = {"from_s": now, "until_s": now + float(given["seconds"]), "route": "any"}
        outage = Fault.model_validate(
            {**window, **({"kind": "status", "status": status} if status else {"kind": "drop"})}
        )
        return self._put_faults((outage, *self._service.config.faults), query, body)

    def _put_faults(self, faults: tuple[Fault, ...], query: Mapping[str, str], body: bytes) -> Any:
        self._service.configure(self._service.config.changed(faults=faults))
        return self._config(query, body)["faults"]

    def _expire_tokens(self, _query: Mapping[str, str], _body: bytes) -> Any:
        """End every token issued so far."""
        self._service.access.expire_all(self._service.now())
        return {"expired": True}

    def _requests(self, query: Mapping[str, str], _body: bytes) -> Any:
        """What was received: `route=`, `value=`, `after=NUMBER`, `limit=` (default 1000)."""
        after, limit, value = int(query.get("after", 0)), int(query.get("limit", REQUESTS_SHOWN)), query.get("value")
        kept = [
            one
            for one in self._service.record.requests(query.get("route", ""))
            if one.number > after and (value is None or one.value == value)
        ]
        return {"total": len(kept), "requests": [shown(one) for one in kept[:limit]]}

    def _statistics(self, _query: Mapping[str, str], _body: bytes) -> Any:
        """Counts over everything since start or reset."""
        return statistics(self._service).plain()


def statistics(service: Service) -> Statistics:
    """Counts over everything since start or reset."""
    return service.record.statistics(tokens=service.access.issued, customers=len(service.customers))


def shown(received: Received) -> dict[str, Any]:
    """A request as plain data; its body as JSON where it is JSON."""
    plain_data = asdict(received)
    try:
        plain_data["body"] = orjson.loads(received.body)
    except orjson.JSONDecodeError:
        plain_data["body"] = received.body.decode("utf-8", "replace")
    return plain_data
