"""An answer before it goes over the wire, and the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from importer.emulator.codes import entry

JSON = "application/json"
HTML = "text/html; charset=utf-8"

_PHRASES = {
    429: "Too Many Requests", 461: "Search Engine Busy", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Time-out", 520: "Web server is returning an unknown error",
    521: "Web server is down",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, type and bytes, with what the record shall note of it."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    code: int = 0
    warnings: tuple[int, ...] = ()


def refused(code: int, about: object = "", *, status: int = 200) -> Answer:
    """A business error: `errors[]` alone."""
    return errors([entry(code, about)], status=status)


def errors(entries: list[dict[str, Any]], *, status: int = 200) -> Answer:
    """`errors[]` with these entries."""
    return Answer(status, orjson.dumps({"errors": entries}), code=int(entries[0]["code"]))


def accepted(customer_id: int, warnings: list[dict[str, Any]], side_effects: list[dict[str, Any]]) -> Answer:
    """The documented answer to an update."""
    content = {"createdId": customer_id, "warnings": warnings, "sideEffects": side_effects}
    return Answer(200, orjson.dumps(content), warnings=tuple(int(one["code"]) for one in warnings))


def plain(content: Any, *, status: int = 200, code: int = 0) -> Answer:
    """Any JSON."""
    return Answer(status, orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS), code=code)


def page(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """The HTML page of a gateway."""
    phrase = f"{status} {_PHRASES.get(status, 'Error')}"
    html = (
        f"<html>\r\n<head><title>{phrase}</title></head>\r\n<body>\r\n<center><h1>{phrase}</h1></center>\r\n"
        "<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, html.encode(), HTML, dict(headers or {}))
