"""Questions to a target system outside of any run: GET requests, which change nothing and may be asked again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from importer.apis import capillary
from importer.apis.capillary.credentials import credentials
from importer.delivery import HttpTransport
from importer.endpoint import Credentials, Meaning, Transport
from importer.errors import AccessRefused, ServiceDead, Stopped, WrongUse
from importer.records import Failure, Reply
from importer.run.order import DEFAULT_TIMEOUT_S
from importer.run.sending import reachable, run_loop
from importer.settings import TargetSystem

TRIES = 4
FIRST_WAIT_S = 1.0  # doubled with each try, unless the reply asks for longer
PASSES = frozenset({Meaning.LIMITED, Meaning.UNAVAILABLE})
SUCCESS = 200  # HTTP's


def ask(target: TargetSystem, addresses: Sequence[str]) -> list[Reply]:
    """The reply to each address, in order. Raises AccessRefused, ServiceDead, WrongUse."""
    with reachable(target) as system:
        try:
            return run_loop(_ask(system, addresses))
        except Stopped as stopped:  # credentials speak of resuming, and there is no run to resume
            advice = stopped.advice.partition(" Then: ")[0].partition("; then: ")[0]
            raise type(stopped)(str(stopped), advice=advice.rstrip(".") + ".") from None


async def _ask(system: TargetSystem, addresses: Sequence[str]) -> list[Reply]:
    timeout_s = system.timeout_s or DEFAULT_TIMEOUT_S
    async with HttpTransport(system.host, connections=1, timeout_s=timeout_s, ca_file=system.ca_file) as transport:
        signing = credentials(system)
        return [await ask_one(system.name, address, transport, signing) for address in addresses]


async def ask_one(name: str, address: str, transport: Transport, signing: Credentials) -> Reply:
    """The reply to one address; patient while the service is down, but not for long. Raises as `ask` does."""
    path = address.partition("?")[0]
    for number in range(TRIES):
        signed = await signing.headers(transport)
        reply = await transport.send("GET", address, None, {"Accept": "application/json", **signed})
        answer = capillary.endpoint().reader(reply)
        if reply.failure is None and reply.http_status == SUCCESS and answer.meaning is Meaning.PERHAPS:
            return reply  # no result of an update, and nothing that says why not
        told = f"HTTP {reply.http_status}" if reply.http_status else reply.detail or answer.code
        said = f": {answer.message}" if answer.message and reply.http_status else ""
        if answer.meaning is Meaning.UNAUTHORISED and number == 0:
            await signing.refused(transport, signed, admitted=False)
            continue
        if answer.meaning in {Meaning.UNAUTHORISED, Meaning.DENIED, Meaning.FORBIDDEN}:
            raise AccessRefused(
                f"{name} denies access to {path} ({told}{said}).",
                advice="Ask for read access to it in the client's access group, or use other credentials.",
            )
        if answer.meaning not in PASSES and reply.failure is None:
            raise WrongUse(f"{name} has no answer to {path} ({told}{said}).", advice="Check the host of this target.")
        if number + 1 == TRIES or (number == 0 and reply.failure is Failure.CONNECT):
            raise ServiceDead(
                f"{name} does not answer {path} ({told}{said}).", advice="Check its address; or try again later."
            )
        await asyncio.sleep(answer.retry_after_s or FIRST_WAIT_S * 2**number)
    raise AssertionError("the last try returns or raises")
