"""The wire: one attempt at a time over aiohttp, with everything that would retry or guess switched off."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import aiohttp
from yarl import URL

from importer.records import Failure, Reply

MAX_REPLY_BYTES = 1_000_000  # replies of this call are some hundred bytes
CONNECT_TIMEOUT_S = 10.0


class HttpTransport:
    """Implements `endpoint.Transport`. `async with` opens and closes its connections."""

    def __init__(self, host: str, *, connections: int, timeout_s: float = 30.0, ca_file: Path | None = None) -> None:
        """`host`: scheme, name and port. `timeout_s`: for one request, connecting included."""
        base = URL(host, encoded=True)
        self._scheme, self._authority, self._path = base.scheme, base.raw_authority, base.raw_path.rstrip("/")
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._ca_file = ca_file

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            ssl=ssl.create_default_context(cafile=self._ca_file),
            keepalive_timeout=15,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=True,
        )
        # aiohttp sends a PUT again by itself when a kept-alive connection drops. Only we may decide that: it can
        # credit points twice. The switch is private; a test against a dropping server holds it in place.
        self._session._retry_connection = False  # noqa: SLF001
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """One attempt. What the network does comes back as `Reply.failure`, never as an exception."""
        path, _, query = address.partition("?")
        url = URL.build(
            scheme=self._scheme, authority=self._authority, path=self._path + path, query_string=query, encoded=True
        )  # half the work of reading it out of text
        began = time.perf_counter()
        status: int | None = None
        answered: Mapping[str, str] = {}
        content = b""
        failure: Failure | None = None
        detail = ""
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                status = response.status
                answered = response.headers
                content = await read_bounded(response)
                if len(content) > MAX_REPLY_BYTES:
                    content, failure, detail = (
                        b"",
                        Failure.TOO_LARGE,
                        f"the reply exceeds {MAX_REPLY_BYTES:,} bytes",
                    )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            failure, detail = Failure.CONNECT, said(error)
        except TimeoutError:
            failure, detail = Failure.TIMEOUT, f"no complete reply within {self._timeout.total:g} s"
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            failure, detail = Failure.RESET, said(error)
        return Reply(status, content, answered, failure, detail, (time.perf_counter() - began) * 1000)


async def read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """The body, or a little more than the limit of it."""
    length = response.content_length
    if length is not None and length <= MAX_REPLY_BYTES and "Content-Encoding" not in response.headers:
        return await response.read()  # packed bodies may be a thousand times larger than they say
    content = bytearray()
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > MAX_REPLY_BYTES:
            response.close()
            break
    return bytes(content)


def said(error: BaseException) -> str:
    """What a network error says of itself, or its kind where it says nothing."""
    return str(error) or type(error).__name__
