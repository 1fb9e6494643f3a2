"""What this Capillary remembers and how it answers, apart from the wire: checks in the documented order, then the call.

Order (section 9.2 of the facts): credentials, access, rate, method and content type, JSON, source, identifier, account,
customer, loyalty, body.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email.utils import formatdate
from math import ceil
from typing import Any

import orjson

from importer.emulator import reads
from importer.emulator.access import Access, Caller, Verdict
from importer.emulator.answers import Answer, accepted, errors, page, plain, refused
from importer.emulator.body import MalformedBody, examine
from importer.emulator.codes import entry, sentences
from importer.emulator.config import EmulatorConfig
from importer.emulator.customers import Customers
from importer.emulator.faults import FaultScript
from importer.emulator.limits import Limits, Window
from importer.emulator.lookup import meant
from importer.emulator.record import InFlight, Received, Record
from importer.emulator.seeds import read_seed_file
from importer.emulator.update import Refused, update

LOOKUP = "/v2/customers/lookup"
DETAILS = "/v2/customers/lookup/customerDetails"
TOKEN = "/v3/oauth/token/generate"  # noqa: S105 - a path, no secret
EXTENDED_FIELDS = "/v2/extendedFields"
CUSTOM_FIELDS = "/v2/organization/customFields"
SOURCES = "/v2/meta/sources"

# Every route, which fault scripts call by the name, and the document that describes it.
ROUTES: dict[tuple[str, str], tuple[str, str]] = {
    ("PUT", LOOKUP): ("update", "OAS, LOOKUP, SLATE"),
    ("GET", LOOKUP): ("lookup", "GETID"),
    ("GET", DETAILS): ("lookup", "GETID"),
    ("POST", TOKEN): ("token", "OAUTH"),
    ("GET", EXTENDED_FIELDS): ("lookup", "EF"),
    ("GET", CUSTOM_FIELDS): ("lookup", "CF, SLATE"),
    ("GET", SOURCES): ("lookup", "SLATE"),
}
PATHS = frozenset(path for _, path in ROUTES)


class Service:
    """One Capillary. Not thread-safe: the server calls it from its own thread only."""

    def __init__(self, config: EmulatorConfig, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with the configured customers. Raises ValueError where the seed file cannot be read."""
        self._clock = clock
        self.config = config
        self.reset()

    def reset(self) -> None:
        """Forget every request, customer, token and struck fault; begin with the configured customers again."""
        self._began = self._clock()
        self.customers = Customers(self.config)
        self.access = Access(self.config)
        self.in_flight = InFlight()
        self._begin_script_and_limits()
        self._begin_record()
        if self.config.seed_file is not None:
            self.seed(read_seed_file(self.config.seed_file))

    def configure(self, config: EmulatorConfig) -> None:
        """Behave like this from now on; customers, tokens and the record stay, faults and limits count anew."""
        before, self.config = self.config, config
        self.customers.configure(config)
        self.access.configure(config)
        if (before.faults, before.seed, before.limits, before.window) != (
            config.faults, config.seed, config.limits, config.window
        ):  # fmt: skip
            self._begin_script_and_limits()

    def seed(self, customers: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add customers; their ids. Raises ValueError."""
        return [self.customers.seed(one).id for one in customers]

    def now(self) -> float:
        """Seconds since start or reset."""
        return self._clock() - self._began

    def _begin_script_and_limits(self) -> None:
        self.script = FaultScript(self.config.faults, self.config.seed)
        self.limits = Limits(self.config.limits, sliding=self.config.window == "sliding")

    def _begin_record(self) -> None:
        self.record = Record(
            self.config.keep_requests, keep_bodies=self.config.keep_bodies, sequence_field=self.config.sequence_field
        )

    # ── one request ────────────────────────────────────────────────────────────────────

    def answer(self, received: Received, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to a request whose arrival is noted."""
        now = self.now()
        if received.route == "token":
            return Answer(*self.access.issue(body, now))
        self._quota: Mapping[str, str] = {}
        answer = self._answer(received, query, headers, body, now)
        return replace(answer, headers={**answer.headers, **self._quota}) if self._quota else answer

    def _answer(
        self, received: Received, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, now: float
    ) -> Answer:
        """Checks in the documented order, then the call."""
        caller = self.access.caller(headers, now)
        received.auth = caller.by
        refusal = self._refusal(caller, received, headers, body, now)
        if refusal is not None:
            return refusal
        if received.path == EXTENDED_FIELDS:
            return reads.extended_fields(self.config)
        if received.path == CUSTOM_FIELDS:
            return reads.custom_fields(self.config, query)
        if received.path == SOURCES:
            return reads.sources(self.config)
        if received.route == "update":
            return self._update(received, query, body)
        found = meant(query, self.customers, self.config)
        if isinstance(found, Answer):
            return found
        received.customer = found.customer.id
        read = reads.details if received.path == DETAILS else reads.identity
        return read(found.customer, found.warnings)

    def _refusal(
        self, caller: Caller, received: Received, headers: Mapping[str, str], body: bytes, now: float
    ) -> Answer | None:
        """What stops a request before anybody looks at its contents."""
        if caller.verdict is not Verdict.GRANTED:
            return self.unauthorised(caller)
        if self.config.access == "denied":
            told = {"httpStatusCode": 403, "errorMessage": sentences()[4000], "errorCode": 4000}
            return plain(told, status=403, code=4000)
        if self.config.access == "unavailable":
            told = {"httpStatusCode": 503, "errorMessage": sentences()[4001], "errorCode": 4001}
            return plain(told, status=503, code=4001)
        if self.limits:
            wait, window = self.limits.admit(caller.key, now)
            self._quota = self._told_quota(window, now, wait)
            if wait > 0:
                return self._limited(wait)
        if received.path not in PATHS:
            return page(404)
        if not received.route:
            return page(405)
        if (
            received.route == "update"
            and body
            and not headers.get("Content-Type", "").lower().startswith("application/json")
        ):
            return page(415)
        if "X-CAP-API-ATTRIBUTION-LOOKUP" in headers and "X-CAP-API-ATTRIBUTION-LOOKUP-TYPE" not in headers:
            return refused(1061, status=self.config.error_status)
        return None

    def unauthorised(self, caller: Caller) -> Answer:
        """The refusal of wrong or expired credentials."""
        status, content_type, told = self.access.refusal(caller)
        return Answer(status, told, content_type)

    def _told_quota(self, window: Window, now: float, wait_s: float) -> Mapping[str, str]:
        """Headers that tell what is left of the tightest window, as gateways send them with every answer."""
        if self.config.rate_headers == "none":
            return {}
        prefix = "RateLimit" if self.config.rate_headers == "ratelimit" else "X-RateLimit"
        return {
            f"{prefix}-Limit": str(window.allowed),
            f"{prefix}-Remaining": str(0 if wait_s > 0 else window.remaining),
            f"{prefix}-Reset": str(ceil(wait_s or window.reset(now))),
        }

    def _limited(self, wait_s: float) -> Answer:
        """A 429: bare unless switched otherwise, for neither body nor headers are public."""
        headers: dict[str, str] = {}
        if self.config.retry_after == "seconds":
            headers["Retry-After"] = str(ceil(wait_s))
        elif self.config.retry_after == "date":
            headers["Retry-After"] = formatdate(time.time() + ceil(wait_s), usegmt=True)
        return Answer(429, b"", "text/plain", headers)

    def _update(self, received: Received, query: Mapping[str, str], body: bytes) -> Answer:
        """PUT /v2/customers/lookup."""
        try:
            content = orjson.loads(body) if body else {}  # the OpenAPI does not require a body
            received.ignored = tuple(examine(content))
        except (orjson.JSONDecodeError, MalformedBody) as error:
            return refused(400, error, status=400)
        found = meant(query, self.customers, self.config)
        if isinstance(found, Answer):
            return found
        received.customer = found.customer.id
        if received.overlapped and self.config.overlap == "error":
            return refused(521, status=self.config.error_status)
        try:
            done = update(found.customer, found.place, content, self.customers, self.config)
        except Refused as refusal:
            return errors([refusal.error], status=self.config.error_status)
        self.record.write(received, done.customer.id, done.points, self.record.sequence(content))
        warnings = found.warnings + done.warnings
        if received.overlapped and self.config.overlap == "warning":
            warnings = [*warnings, entry(521)]
        is_async = (
            query.get("use_async", "").lower() == "true"
        )  # loyalty work goes on in the background: nothing to tell
        return accepted(done.customer.id, warnings, [] if is_async else done.side_effects)
