"""How requests are signed: Basic with an MD5 of the password, or an OAuth token that is renewed for all at once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping

import orjson

from importer.endpoint import Credentials, Transport
from importer.errors import AccessRefused
from importer.records import Reply
from importer.settings import Auth, TargetSystem

TOKEN_PATH = "/v3/oauth/token/generate"  # document OAUTH  # noqa: S105 - a path, no secret
TOKEN_HEADER = "X-CAP-API-OAUTH-TOKEN"  # OVERVIEW's other name for it appears nowhere else  # noqa: S105
EARLY_SHARE = 0.1  # of a token's life: renewed so much before its end …
EARLY_AT_MOST_S = 30.0  # … but not earlier than this
TOKEN_TRIES = 4
TOKEN_WAIT_S = 1.0  # doubled with each try
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def credentials(target: TargetSystem) -> Credentials:
    """What signs requests to this target system."""
    fixed = dict(target.attribution)
    if target.auth is Auth.BASIC:
        return Basic(target.name, target.till, target.password.reveal(), fixed)
    return OAuth(target.name, target.client_key.reveal(), target.client_secret.reveal(), fixed)


class Basic:
    """`Authorization: Basic base64(till:md5hex(password))` (document BASIC)."""

    def __init__(self, target: str, till: str, password: str, fixed: Mapping[str, str]) -> None:
        digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()  # as Capillary asks; TLS protects it
        token = base64.b64encode(f"{till}:{digest}".encode()).decode()
        self._target = target
        self._headers = {"Authorization": f"Basic {token}", **fixed}

    async def headers(self, transport: Transport) -> Mapping[str, str]:  # noqa: ARG002 - nothing to ask for
        """The same for every request."""
        return self._headers

    async def refused(self, transport: Transport, sent: Mapping[str, str]) -> None:  # noqa: ARG002 - final
        """A password cannot be renewed."""
        raise AccessRefused(
            f"{self._target} refused the credentials of the till.",
            advice="Check till and password, and that Basic is enabled for the organisation. Then: importer resume RUN",
        )


class OAuth:
    """A client-credentials token (document OAUTH); all who wait for a new one share one call."""

    def __init__(self, target: str, key: str, secret: str, fixed: Mapping[str, str]) -> None:
        self._target = target
        self._body = orjson.dumps({"key": key, "secret": secret})
        self._fixed = fixed
        self._headers: Mapping[str, str] | None = None
        self._renew_at = 0.0  # loop time, s
        self._fresh = False  # the present token has not been accepted yet
        self._renewing = asyncio.Lock()

    async def headers(self, transport: Transport) -> Mapping[str, str]:
        """Headers with a token that is still good, asking for one first where needed."""
        if self._headers is None or asyncio.get_running_loop().time() >= self._renew_at:
            async with self._renewing:
                if self._headers is None or asyncio.get_running_loop().time() >= self._renew_at:
                    await self._renew(transport)
        assert self._headers is not None
        return self._headers

    async def refused(self, transport: Transport, sent: Mapping[str, str]) -> None:
        """Renew the token, unless another request already did. Raises AccessRefused when a new token is refused too."""
        async with self._renewing:
            if sent is not self._headers:
                return  # refused with an older token: the present one is newer
            if self._fresh:
                raise AccessRefused(
                    f"{self._target} refuses a token that it has just issued.",
                    advice="The client may lack access to this organisation. Then: importer resume RUN",
                )
            await self._renew(transport)
            self._fresh = True

    async def _renew(self, transport: Transport) -> None:
        """Ask for a token; a service that is busy is asked again a few times."""
        for attempt in range(TOKEN_TRIES):
            reply = await transport.send("POST", TOKEN_PATH, self._body, JSON)
            token, life_s = read_token(reply)
            if token:
                early = min(EARLY_SHARE * life_s, EARLY_AT_MOST_S)
                self._headers = {TOKEN_HEADER: token, **self._fixed}
                self._renew_at = asyncio.get_running_loop().time() + life_s - early
                self._fresh = False
                return
            if reply.http_status in {400, 401, 403, 404}:
                break
            await asyncio.sleep(TOKEN_WAIT_S * 2**attempt)
        raise AccessRefused(
            f"{self._target} issued no token ({reply.failure or f'HTTP {reply.http_status}'}).",
            advice="Check client key and secret, and the host. Then: importer resume RUN",
        )


def read_token(reply: Reply) -> tuple[str, float]:
    """(token, life in s) from a reply; an empty token where it holds none."""
    try:
        data = orjson.loads(reply.body)["data"]
        return str(data["accessToken"] or ""), float(data["ttlSeconds"])
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError):
        return "", 0.0
