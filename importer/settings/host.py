"""Where a target system lives: scheme, name and port, and whether it may be spoken to in the open."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from importer.errors import SettingsError

EXAMPLE = "https://eu.api.capillarytech.com"


def checked_host(url: str) -> str:
    """Scheme, name and port of a service; plain http only to this machine. Raises SettingsError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise SettingsError(
            f"{url!r} is no address of a service ({error}).", advice=f"Write it as {EXAMPLE}."
        ) from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError("an address must not hold credentials.", advice="Name them by reference in importer.toml.")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"{url!r} is no address of a service.", advice=f"Write it as {EXAMPLE}.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise SettingsError(
            f"{url!r} holds more than a host; the path of the call is the importer's.",
            advice=f"Leave it at {parts.scheme}://{parts.hostname}.",
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    host = f"{parts.scheme}://{name}" + (f":{port}" if port is not None else "")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"{host} would send customers' data unencrypted.", advice="Use https; plain http goes to loopback only."
        )
    return host


def is_loopback(host: str) -> bool:
    """Whether a URL leads to this machine by its name or number."""
    name = urlsplit(host).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
