"""Target systems: where requests go and how they are signed, by a name from importer.toml or by a URL."""

from __future__ import annotations

import difflib
import enum
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.errors import SettingsError
from importer.settings.host import checked_host, is_loopback
from importer.settings.rate import parse_rate, parse_share
from importer.settings.schedule import Schedule
from importer.settings.secret import Secret, resolve
from importer.settings.table import SECRETS, TargetTable, near, read_table, read_tables

FILE = "importer.toml"
# Capillary's headers that say for whom or by whom a change is made; all others are the importer's own.
ATTRIBUTION = re.compile(r"(X-CAP-API-ATTRIBUTION|USER-CONTEXT)(-[A-Z0-9_]+)+", re.IGNORECASE | re.ASCII)
_PRINTABLE = re.compile(r"[ -~]*")


class Auth(enum.StrEnum):
    """How requests are signed."""

    BASIC = "basic"
    OAUTH = "oauth"


NEEDED = {Auth.BASIC: ("till", "password"), Auth.OAUTH: ("client_key", "client_secret")}
ENVIRONMENT = {
    Auth.BASIC: ("IMPORTER_TILL", "IMPORTER_PASSWORD"),
    Auth.OAUTH: ("IMPORTER_CLIENT_KEY", "IMPORTER_CLIENT_SECRET"),
}


@dataclass(frozen=True, slots=True)
class TargetSystem:
    """Where requests go and how they are signed. `rate` in requests/s; None: self-tuning."""

    name: str
    host: str  # scheme, name and port
    auth: Auth = Auth.BASIC
    till: str = ""
    password: Secret = field(default_factory=Secret)
    client_key: Secret = field(default_factory=Secret)
    client_secret: Secret = field(default_factory=Secret)
    rate: float | None = None
    rate_share: float = 1.0  # of what self-tuning finds; leaves headroom for live tills
    concurrency: int | None = None
    timeout_s: float | None = None
    ca_file: Path | None = None
    attribution: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False  # the emulator that lives as long as the run
    schedule: Schedule | None = None  # None: at any time

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        return is_loopback(self.host)


def target_system(to: str, *, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> TargetSystem:
    """The target system that `--to` names: a table of importer.toml, or a URL. Raises SettingsError.

    `environment` defaults to the process's, `folder` (where importer.toml lies) to the working folder.
    """
    environment = os.environ if environment is None else environment
    if "://" in to:
        return _bare_url(to, environment)
    path = (folder or Path()) / FILE
    tables = read_tables(path)
    if to not in tables:
        close = difflib.get_close_matches(to, [*tables, "emulator"], n=1)
        raise SettingsError(
            f"there is no target system {to!r}" + (f"; did you mean {close[0]!r}?" if close else "."),
            advice=f"{path} names: {', '.join(tables) or 'none'}. Or give a URL, or `emulator`.",
        )
    return _named(path, to, read_table(path, to, tables[to]), environment)


def target_names(folder: Path | None = None) -> list[str]:
    """The target systems that importer.toml names. Raises SettingsError."""
    return list(read_tables((folder or Path()) / FILE))


def _named(path: Path, name: str, table: TargetTable, environment: Mapping[str, str]) -> TargetSystem:
    """The target system of a checked table."""
    place = f"{path}: [to.{name}]"
    try:
        auth = Auth(table.auth)
    except ValueError:
        raise SettingsError(
            f"{place} auth is neither basic nor oauth.", advice=near(table.auth, list(Auth), "Known are")
        ) from None
    secrets = {}
    for key in SECRETS:
        given = getattr(table, key)
        if given is None or isinstance(given, str):  # a till's name may stand there, it is no secret
            secrets[key] = Secret(given or "")
        else:
            secrets[key] = resolve(given, key, f"{place} {key}", environment, path.parent)
    for key in NEEDED[auth]:
        if not secrets[key]:
            needed = " and ".join(NEEDED[auth])
            raise SettingsError(f"{place} lacks {key}.", advice=f'auth = "{auth}" needs {needed}.')
    return TargetSystem(
        name=name,
        host=checked_host(table.host),
        auth=auth,
        till=secrets["till"].reveal(),
        password=secrets["password"],
        client_key=secrets["client_key"],
        client_secret=secrets["client_secret"],
        rate=parse_rate(table.rate) if table.rate is not None else None,
        rate_share=parse_share(table.rate_share) if table.rate_share is not None else 1.0,
        concurrency=table.concurrency,
        timeout_s=table.timeout,
        ca_file=_certificates(path.parent, table.ca_file, place),
        attribution=_attribution(table.attribution, place),
        schedule=Schedule.read(table.schedule.allow, table.schedule.zone) if table.schedule else None,
    )


def _certificates(folder: Path, file: Path | None, place: str) -> Path | None:
    """A private authority's certificates, proved to be some."""
    if file is None:
        return None
    path = folder / file.expanduser()
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"{place} ca_file: {path} holds no certificates ({type(error).__name__}).", advice="Name a PEM file."
        ) from None
    return path


def _attribution(headers: Mapping[str, str], place: str) -> Mapping[str, str]:
    """Headers that may be set: Capillary's own about attribution, in characters that a header can carry."""
    for name, value in headers.items():
        if not ATTRIBUTION.fullmatch(name):
            raise SettingsError(
                f"{place} attribution: {name!r} is no attribution header.",
                advice="They begin with X-CAP-API-ATTRIBUTION- or USER-CONTEXT-.",
            )
        if not _PRINTABLE.fullmatch(value):
            raise SettingsError(f"{place} attribution: {name} holds characters that no header can carry.")
    return headers


def _bare_url(url: str, environment: Mapping[str, str]) -> TargetSystem:
    """A target system by its URL, with credentials from the environment."""
    host = checked_host(url)
    found = {auth: [environment.get(name, "") for name in names] for auth, names in ENVIRONMENT.items()}
    given = [auth for auth, values in found.items() if all(values)]
    names = {auth: " and ".join(names) for auth, names in ENVIRONMENT.items()}
    if not given:
        raise SettingsError(
            f"there are no credentials for {host}.",
            advice=f"Set {names[Auth.BASIC]} (Basic), or {names[Auth.OAUTH]} (OAuth).",
        )
    if len(given) > 1:
        raise SettingsError(
            f"there are two kinds of credentials for {host}, and nobody can tell which are meant.",
            advice=f"Unset {names[Auth.BASIC]}, or {names[Auth.OAUTH]}.",
        )
    first, second = found[given[0]]
    if given[0] is Auth.BASIC:
        return TargetSystem(host, host, Auth.BASIC, till=first, password=Secret(second))
    return TargetSystem(host, host, Auth.OAUTH, client_key=Secret(first), client_secret=Secret(second))
