"""One HTTP request from arrival to answer: noted, struck by faults before or after the write, served, concluded."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping
from typing import Any

import orjson
from aiohttp import web

from importer.emulator import wire
from importer.emulator.access import ANONYMOUS, Caller, Verdict
from importer.emulator.answers import Answer, accepted, page
from importer.emulator.control import PREFIX, Control
from importer.emulator.faults import Fault, FaultKind
from importer.emulator.record import UPDATE, Received
from importer.emulator.service import ROUTES, Service

REQUEST_ID = "X-Cap-Requestid"


class Handler:
    """Called by aiohttp for every request."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._control = Control(service)
        self.closing = asyncio.Event()  # set when the server ends: nobody waits any longer

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve a request."""
        path = request.path
        if path.startswith(PREFIX) and self._service.config.control:
            return wire.respond(self._control.answer(request.method, path, request.query, await request.read()))
        service = self._service
        record = service.record
        received = record.arrive(service.now(), request.method, path)
        keys: tuple[Hashable, ...] = ()
        try:
            body = await request.read()
            query: Mapping[str, str] = request.query
            record.route(received, ROUTES.get((request.method, path), ("", ""))[0], body)
            received.source, received.account = query.get("source", ""), query.get("accountId", "")
            received.name, received.value = query.get("identifierName", ""), query.get("identifierValue", "")
            if received.route == UPDATE:
                keys = shared(received, body, service)
                others = service.in_flight.enter(request, keys)
                if any(waits_for_answer(other) for other in others):
                    record.overlap(received)
            return await self._serve(request, received, query, body)
        finally:
            if keys:
                service.in_flight.leave(request, keys)
            record.conclude(received, service.now())

    async def _serve(
        self, request: web.BaseRequest, received: Received, query: Mapping[str, str], body: bytes
    ) -> web.StreamResponse:
        """Strike, serve, strike again, answer."""
        service = self._service
        fault: Fault | None = None
        fault_s = late_s = 0.0
        if service.script:
            identity = f"{received.source}|{received.account}|{received.name}|{received.value}"
            struck = service.script.strike(received.route, identity, received.value, service.now())
            received.faults = tuple(one.kind.value for one, _ in struck)
            early_s = sum(seconds for one, seconds in struck if one.kind is FaultKind.DELAY and not one.after_write)
            late_s = sum(seconds for one, seconds in struck if one.kind is FaultKind.DELAY and one.after_write)
            fault, fault_s = next(
                ((one, seconds) for one, seconds in struck if one.kind is not FaultKind.DELAY), (None, 0.0)
            )
            if early_s:
                await wire.pause(early_s, self.closing)
        if fault is not None and fault.kind is FaultKind.TOKEN_EXPIRED:
            service.access.expire_all(service.now())
            fault = None
        if fault is not None and not fault.strikes_after_write:
            return await self._struck(request, received, fault, fault_s, None)
        if received.overlapped and service.config.overlap == "http":
            answer = page(521)
        else:
            answer = service.answer(received, query, request.headers, body)
        if late_s:
            await wire.pause(late_s, self.closing)
        if fault is not None:
            return await self._struck(request, received, fault, fault_s, answer)
        return wire.respond(self._noted(received, answer))

    async def _struck(
        self, request: web.BaseRequest, received: Received, fault: Fault, seconds: float, answer: Answer | None
    ) -> web.StreamResponse:
        """Answer as the fault wants it. `answer`: the right one, where the request was served."""
        kind = fault.kind
        if kind is FaultKind.DROP:
            return wire.cut(request)
        if kind is FaultKind.HANG:
            return await wire.hang(request, seconds, self.closing)
        if kind is FaultKind.UNAUTHORISED:
            by = "oauth" if "X-CAP-API-OAUTH-TOKEN" in request.headers else "basic"
            refusal = self._service.unauthorised(Caller(Verdict.WRONG, ANONYMOUS, by))
            return wire.respond(self._noted(received, refusal))
        if kind is FaultKind.TRUNCATED:
            whole = answer or accepted(received.customer or 1, [], [])
            return await wire.respond_truncated(request, self._noted(received, whole))
        if kind is FaultKind.SLOW_BODY and answer is not None:
            return await wire.respond_in_pieces(request, self._noted(received, answer), seconds, self.closing)
        if answer is not None and fault.decorates:
            return wire.respond(self._noted(received, wire.decorated(fault, answer)))
        return wire.respond(self._noted(received, wire.replaced(fault, received.customer)))

    def _noted(self, received: Received, answer: Answer) -> Answer:
        """The answer with its request id, noted in the record."""
        received.status, received.code, received.warnings = answer.status, answer.code, answer.warnings
        received.request_id = f"emulated-{received.number:08d}"
        return Answer(
            answer.status, answer.body, answer.content_type, {**answer.headers, REQUEST_ID: received.request_id},
            answer.code, answer.warnings,
        )  # fmt: skip


def shared(received: Received, body: bytes, service: Service) -> tuple[Hashable, ...]:
    """What a request shares with others of the same customer: the customer, and every identifier it names."""
    keys: dict[Hashable, None] = {(received.name, received.value): None}
    place = (received.source, received.account)
    if (customer := service.customers.peek(place, received.name, received.value)) is not None:
        keys[customer.id] = None
    try:
        content: Any = orjson.loads(body) if b'"identifiers"' in body else {}
    except orjson.JSONDecodeError:
        content = {}
    for profile in _objects(content, "profiles"):
        for identifier in _objects(profile, "identifiers"):
            kind, value = str(identifier.get("type")), str(identifier.get("value"))
            keys[kind, value] = None
            if (owner := service.customers.peek(place, kind, value)) is not None:
                keys[owner.id] = None
    return tuple(keys)


def _objects(content: Any, key: str) -> list[dict[str, Any]]:
    """The objects of a list in a body that nobody has examined yet."""
    listed = content.get(key) if isinstance(content, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def waits_for_answer(request: object) -> bool:
    """Whether the client of a request in flight is still there; one that gave up does not race with itself."""
    transport = request.transport if isinstance(request, web.BaseRequest) else None
    return transport is not None and not transport.is_closing()
