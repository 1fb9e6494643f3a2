"""How answers and faults look on the wire: bytes cut short, held back, compressed, or never sent."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace

import orjson
from aiohttp import web

from importer.emulator.answers import HTML, Answer, errors, page
from importer.emulator.codes import entry
from importer.emulator.faults import Fault, FaultKind

SLOW_PIECES = 10
HANG_AT_MOST_S = 3_600.0  # a hang without seconds ends with the emulator


def respond(answer: Answer) -> web.StreamResponse:
    """The answer as it is. It leaves when the handler is done: whoever reads it finds the record complete."""
    return web.Response(
        status=answer.status, body=answer.body, headers={**answer.headers, "Content-Type": answer.content_type}
    )


def cut(request: web.BaseRequest) -> web.StreamResponse:
    """No answer: the connection is reset."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere; aiohttp wants one


async def hang(request: web.BaseRequest, seconds: float, closing: asyncio.Event) -> web.StreamResponse:
    """Silence for so long, then a cut."""
    await pause(seconds or HANG_AT_MOST_S, closing)
    return cut(request)


async def pause(seconds: float, closing: asyncio.Event) -> None:
    """Wait, but not beyond the emulator's end."""
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        return


def replaced(fault: Fault, customer_id: int) -> Answer:
    """What a fault answers in place of the right answer."""
    kind = fault.kind
    if kind is FaultKind.STATUS:
        return page(fault.status, {"Retry-After": fault.retry_after} if fault.retry_after else None)
    if kind is FaultKind.ERROR:
        return errors([entry(fault.code)])
    if kind is FaultKind.ID_WITH_ERRORS:
        content = {"createdId": customer_id or 1, "warnings": [], "errors": [entry(fault.code)]}
        return Answer(200, orjson.dumps(content), code=fault.code)
    if kind is FaultKind.MALFORMED:
        return Answer(200, b'{"createdId": ' + str(customer_id).encode() + b', "warnings": [')
    if kind is FaultKind.WRONG_SHAPE:
        return Answer(200, b'[{"result": "ok"}, 1, null]')
    return Answer(200)  # EMPTY


def decorated(fault: Fault, answer: Answer) -> Answer:
    """The right answer as a fault changes it; one that refuses stays as it is."""
    kind = fault.kind
    if kind is FaultKind.CONTENT_TYPE:
        return replace(answer, content_type=HTML)
    if kind is FaultKind.GZIP:
        return replace(answer, body=gzip.compress(answer.body), headers={**answer.headers, "Content-Encoding": "gzip"})
    if answer.code or answer.status != 200 or kind not in {FaultKind.WARNING, FaultKind.NO_WARNINGS, FaultKind.HUGE}:  # noqa: PLR2004 - HTTP's own
        return answer
    content = orjson.loads(answer.body)
    if kind is FaultKind.WARNING:
        content.setdefault("warnings", []).append(entry(fault.code))
        return replace(answer, body=orjson.dumps(content), warnings=(*answer.warnings, fault.code))
    if kind is FaultKind.NO_WARNINGS:
        return replace(answer, body=orjson.dumps({"createdId": content.get("createdId")}), warnings=())
    content["padding"] = "x" * fault.size
    return replace(answer, body=orjson.dumps(content))


async def respond_in_pieces(
    request: web.BaseRequest, answer: Answer, seconds: float, closing: asyncio.Event
) -> web.StreamResponse:
    """Headers at once, the body bit by bit over the given seconds."""
    response = await _begin(request, answer)
    length = max(len(answer.body) // SLOW_PIECES, 1)
    for start in range(0, len(answer.body), length):
        await response.write(answer.body[start : start + length])
        await pause(seconds / SLOW_PIECES, closing)
    await response.write_eof()
    return response


async def respond_truncated(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Half the body that the headers announce, then the end of the connection."""
    response = await _begin(request, answer)
    await response.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _begin(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.headers["Content-Type"] = answer.content_type
    response.content_length = len(answer.body)
    await response.prepare(request)
    return response
