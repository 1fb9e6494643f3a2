"""Who may call: Basic and OAuth credentials, tokens that end, and how a refusal reads (sections 1.3 and 3.3)."""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
import secrets
from collections.abc import Mapping
from email.utils import formatdate
from typing import NamedTuple

import orjson

from importer.emulator.codes import sentences
from importer.emulator.config import EmulatorConfig

TOKEN_HEADER = "X-CAP-API-OAUTH-TOKEN"  # noqa: S105 - a header's name
ANONYMOUS = "anonymous"


class Verdict(enum.Enum):
    """What the credentials of a request are worth."""

    GRANTED = enum.auto()
    WRONG = enum.auto()
    EXPIRED = enum.auto()


class Caller(NamedTuple):
    """Who calls: `key` is what rate limits count by, `by` how it was signed."""

    verdict: Verdict
    key: str
    by: str


class Access:
    """Credentials and the tokens issued so far. Times in seconds of the emulator's clock."""

    def __init__(self, config: EmulatorConfig) -> None:
        self._tokens: dict[str, float] = {}  # when each ends
        self.issued = 0
        self.configure(config)

    def configure(self, config: EmulatorConfig) -> None:
        """Take the credentials of this configuration from now on; tokens stay good."""
        self._config = config
        digest = hashlib.md5(config.password.encode(), usedforsecurity=False).hexdigest()
        self._basic = f"{config.till}:{digest}"
        self._known = {"Basic " + base64.b64encode(self._basic.encode()).decode()}

    def caller(self, headers: Mapping[str, str], now: float) -> Caller:
        """Judge the credentials of a request."""
        kind = self._config.auth
        token = headers.get(TOKEN_HEADER, "").removeprefix("Bearer ")  # observed code prefixes it
        basic = headers.get("Authorization", "")
        if kind == "none":
            return Caller(Verdict.GRANTED, ANONYMOUS, "none")
        if token and kind != "basic":
            ends = self._tokens.get(token)
            if ends is None:
                return Caller(Verdict.WRONG, ANONYMOUS, "oauth")
            return Caller(Verdict.GRANTED if now < ends else Verdict.EXPIRED, self._config.client_key, "oauth")
        if basic and kind != "oauth" and (basic in self._known or self._is_basic(basic)):
            return Caller(Verdict.GRANTED, self._config.till, "basic")
        return Caller(Verdict.WRONG, ANONYMOUS, "basic" if basic else "oauth" if token else "none")

    def _is_basic(self, header: str) -> bool:
        """Whether it decodes to till and MD5 of the password; the scheme's name in any case."""
        scheme, _, encoded = header.partition(" ")
        try:
            decoded = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme.lower() == "basic" and decoded == self._basic

    def issue(self, body: bytes, now: float) -> tuple[int, bytes]:
        """(HTTP status, answer) of the token call."""
        try:
            asked = orjson.loads(body)
            right = (asked["key"], asked["secret"]) == (self._config.client_key, self._config.client_secret)
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return 400, orjson.dumps(
                {"data": None, "errors": [{"code": 400, "message": "key and secret are required"}]}
            )
        if not right or self._config.auth in {"basic", "none"}:
            return 401, orjson.dumps({"data": None, "errors": [{"code": 401, "message": sentences()[401]}]})
        token = secrets.token_urlsafe(24)
        self._tokens[token] = now + self._config.token_ttl_s
        self.issued += 1
        ttl = self._config.token_ttl_s
        seconds = int(ttl) if float(ttl).is_integer() else ttl
        return 200, orjson.dumps({"data": {"accessToken": token, "ttlSeconds": seconds}, "errors": None})

    def expire_all(self, now: float) -> None:
        """End every token issued so far."""
        self._tokens = dict.fromkeys(self._tokens, now)

    def refusal(self, caller: Caller) -> tuple[int, str, bytes]:
        """(HTTP status, content type, body) for wrong or expired credentials."""
        expired = caller.verdict is Verdict.EXPIRED
        code = 498 if expired else 401
        message = sentences()[code].format(formatdate(usegmt=True))
        status = self._config.expired_status if expired else 401
        shape = self._config.refusal
        if shape == "json" or (shape == "auto" and caller.by == "oauth"):
            told = {"response": {"status": {"success": "false", "code": str(code), "message": message}}}
            return status, "application/json", orjson.dumps(told)
        told_xml = (
            '<?xml version="1.0" encoding="UTF-8"?><response><status><success>false</success>'
            f"<code>{code}</code><message>{message}</message></status></response>"
        )
        return status, "application/xml", told_xml.encode()
