"""How requests are signed: Basic with an MD5 of the password, or an OAuth token that is renewed for all at once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import re
from collections.abc import Mapping

import orjson

from importer.apis.capillary.shapes import json_of
from importer.apis.capillary.waiting import wait_s
from importer.endpoint import Credentials, Transport
from importer.errors import AccessRefused, ServiceDead
from importer.records import Failure, Reply
from importer.settings import Auth, TargetSystem

TOKEN_PATH = "/v3/oauth/token/generate"  # document OAUTH  # noqa: S105 - a path, no secret
TOKEN_HEADER = "X-CAP-API-OAUTH-TOKEN"  # OVERVIEW's other name for it appears nowhere else  # noqa: S105
EARLY_SHARE = 0.1  # of a token's life: renewed so much before its end …
EARLY_AT_MOST_S = 30.0  # … but not earlier than this
UNSTATED_LIFE_S = 300.0  # the documented sample's, where a token comes without one
SHORTEST_LIFE_S = 1.0  # what a token that is born old is taken for, so that asking has a pace
# A token that is refused sooner than this after its renewal, and let nobody in, was never good: no right, not too old.
REFUSED_AT_ONCE_S = 5.0
EARLY_DEATHS = 20  # tokens in a row that die before their stated end
TOKEN_PATIENCE_S = 300.0  # a service that is down is asked again for as long as the crew would wait for it
TOKEN_WAIT_S = 1.0  # doubled with each try …
LONGEST_TOKEN_WAIT_S = 30.0  # … up to this
HOPELESS = frozenset({400, 401, 403, 404, 405, 415})  # statuses that another try does not mend
TOO_FAST = 429
_CARRIED = re.compile(r"[!-~]+")  # what a header can carry
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

    async def refused(self, transport: Transport, sent: Mapping[str, str], *, admitted: bool) -> None:  # noqa: ARG002
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
        self._issued_at = 0.0  # loop time, s
        self._renew_at = 0.0  # loop time, s
        self._deaths = 0  # tokens in a row that were refused before their end
        self._renewing = asyncio.Lock()

    async def headers(self, transport: Transport) -> Mapping[str, str]:
        """Headers with a token that is still good, asking for one first where needed."""
        if (ready := self._ready()) is not None:
            return ready
        async with self._renewing:
            if (ready := self._ready()) is not None:
                return ready  # somebody else has asked meanwhile
            self._deaths = 0  # the last one lived to its end
            return await self._renew(transport)

    async def refused(self, transport: Transport, sent: Mapping[str, str], *, admitted: bool) -> None:
        """Renew the token, unless another request already did.

        Raises AccessRefused where a renewed token is refused at once and let nobody in, or too many die early: a
        client that asks for tokens of its own with the same key may end ours, but then some requests pass.
        """
        async with self._renewing:
            if sent is not self._headers:
                return  # refused with an older token: the present one is newer
            lived_s = asyncio.get_running_loop().time() - self._issued_at
            if admitted and lived_s >= REFUSED_AT_ONCE_S:
                self._deaths = 0
            never_good = lived_s < REFUSED_AT_ONCE_S and not admitted
            if self._deaths and (never_good or self._deaths >= EARLY_DEATHS):
                raise AccessRefused(
                    f"{self._target} refuses tokens that it has just issued.",
                    advice="The client may lack access to this organisation. Then: importer resume RUN",
                )
            self._deaths += 1
            await self._renew(transport)

    def _ready(self) -> Mapping[str, str] | None:
        """The present headers, unless their token is about to end."""
        return self._headers if asyncio.get_running_loop().time() < self._renew_at else None

    async def _renew(self, transport: Transport) -> Mapping[str, str]:
        """Ask for a token, patiently while the service is down. Raises AccessRefused, ServiceDead."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + TOKEN_PATIENCE_S
        wait = TOKEN_WAIT_S
        while True:
            reply = await transport.send("POST", TOKEN_PATH, self._body, JSON)
            token, life_s = read_token(reply)
            if token:
                self._issued_at = loop.time()
                self._renew_at = self._issued_at + life_s - min(EARLY_SHARE * life_s, EARLY_AT_MOST_S)
                self._headers = {TOKEN_HEADER: token, **self._fixed}
                return self._headers
            answered = reply.failure.value if reply.failure else f"HTTP {reply.http_status}"
            if readable_refusal(reply):
                raise AccessRefused(
                    f"{self._target} issued no token ({answered}).",
                    advice="Check client key and secret, and the host. Then: importer resume RUN",
                )
            pause = max(wait, wait_s(reply.headers, limited=reply.http_status == TOO_FAST) or 0.0)
            if loop.time() + pause > give_up_at or (self._headers is None and reply.failure is Failure.CONNECT):
                raise ServiceDead(
                    f"{self._target} issues no tokens; last: {reply.detail or answered}.",
                    advice="Check the address and the service; then: importer resume RUN",
                )
            await asyncio.sleep(pause)
            wait = min(2 * wait, LONGEST_TOKEN_WAIT_S)


def readable_refusal(reply: Reply) -> bool:
    """Whether a reply without a token is final: a status that stays, or 2xx with JSON that says why."""
    if reply.failure is not None:
        return False
    status = reply.http_status or 0
    return status in HOPELESS or (status < 300 and isinstance(json_of(reply.body), dict))  # noqa: PLR2004 - HTTP's


def read_token(reply: Reply) -> tuple[str, float]:
    """(token, life in s) from a reply; an empty token where it holds none that a header can carry."""
    content = json_of(reply.body)
    data = content.get("data") if isinstance(content, dict) else None
    token = data.get("accessToken") if isinstance(data, dict) else None
    if reply.failure or not isinstance(data, dict) or not isinstance(token, str) or not _CARRIED.fullmatch(token):
        return "", 0.0
    try:
        life_s = float(data.get("ttlSeconds", UNSTATED_LIFE_S))
    except (TypeError, ValueError):
        life_s = UNSTATED_LIFE_S
    return token, max(life_s, SHORTEST_LIFE_S) if math.isfinite(life_s) else UNSTATED_LIFE_S
