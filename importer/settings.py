"""Settings and credentials, read once at the door: option, environment, `importer.toml`, default (in this order)."""

from __future__ import annotations

import difflib
import enum
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from importer.errors import SettingsError

FILE = "importer.toml"
PER = {"s": 1.0, "min": 60.0, "h": 3600.0}
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|min|h)")
SECRETS = ("till", "password", "client_key", "client_secret")


class Auth(enum.StrEnum):
    """How requests are signed."""

    BASIC = "basic"
    OAUTH = "oauth"


class Secret:
    """A value that never prints."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"


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

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        return is_loopback(self.host)


class Reference(BaseModel):
    """A secret by reference: exactly one of the three."""

    model_config = ConfigDict(extra="forbid", strict=True)

    env: str | None = None
    file: str | None = None
    keyring: str | None = None


class TargetTable(BaseModel):
    """A `[to.NAME]` table of importer.toml."""

    model_config = ConfigDict(extra="forbid")

    host: str
    auth: Auth = Auth.OAUTH
    till: str | Reference | None = None
    password: Reference | None = None
    client_key: Reference | None = None
    client_secret: Reference | None = None
    rate: str | None = None
    rate_share: str | None = None
    concurrency: int | None = None
    timeout: float | None = None
    ca_file: Path | None = None
    attribution: dict[str, str] = {}


def parse_rate(text: str) -> float:
    """Requests/s from `20/s`, `100/min` or `5000/h`. Raises SettingsError."""
    found = _RATE.fullmatch(text.strip())
    if not found or float(found[1]) <= 0:
        raise SettingsError(f"{text!r} is no rate.", advice="Write it as 20/s, 100/min or 5000/h.")
    return float(found[1]) / PER[found[2]]


def target_system(to: str, *, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> TargetSystem:
    """The target system that `--to` names: a table of importer.toml, or a URL. Raises SettingsError.

    `environment` defaults to the process's, `folder` (where importer.toml lies) to the working folder.
    """
    environment = os.environ if environment is None else environment
    if "://" in to:
        return _bare_url(to, environment)
    path = (folder or Path()) / FILE
    tables = _tables(path)
    if to not in tables:
        names = [*tables, "emulator"]
        near = difflib.get_close_matches(to, names, n=1)
        raise SettingsError(
            f"there is no target system {to!r}" + (f"; did you mean {near[0]!r}?" if near else "."),
            advice=f"{FILE} names: {', '.join(tables) or 'none'}. Or give a URL, or `emulator`.",
        )
    try:
        table = TargetTable.model_validate(tables[to])
    except ValidationError as error:
        raise _wrong_table(path, to, error) from None  # the original would quote a literal secret
    return _named(path, to, table, environment)


def _tables(path: Path) -> dict[str, Any]:
    """The `[to.…]` tables of importer.toml; none where there is no such file."""
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}.", advice="Mend the file; it is TOML in UTF-8.") from None
    unknown = sorted(set(content) - {"to"})
    if unknown:
        raise SettingsError(
            f"{path}: unknown key {unknown[0]!r}.", advice="Known is: [to.NAME] for each target system."
        )
    return dict(content.get("to", {}))


def _wrong_table(path: Path, name: str, error: ValidationError) -> SettingsError:
    """The first thing wrong with a table, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    if key in SECRETS and first["type"] in {"model_type", "model_attributes_type"}:
        return SettingsError(
            f"{path}: [to.{name}] {key} is a literal; a secret in a file is copied, mailed and committed.",
            advice=f'Write a reference: {key} = {{ env = "NAME" }}, {{ file = "PATH" }} or {{ keyring = "SERVICE/USER" }}.',
        )
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, list(TargetTable.model_fields), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(TargetTable.model_fields)}."
        return SettingsError(f"{path}: [to.{name}] has an unknown key {key!r}.", advice=hint[0].upper() + hint[1:])
    return SettingsError(f"{path}: [to.{name}] {key}: {first['msg']}.", advice="Mend importer.toml and try again.")


def _named(path: Path, name: str, table: TargetTable, environment: Mapping[str, str]) -> TargetSystem:
    secrets = {key: _resolve(path, name, key, getattr(table, key), environment) for key in SECRETS}
    needed = ("till", "password") if table.auth is Auth.BASIC else ("client_key", "client_secret")
    for key in needed:
        if not secrets[key]:
            raise SettingsError(
                f"{path}: [to.{name}] lacks {key}.",
                advice=f"auth = {table.auth.value!r} needs {' and '.join(needed)}.",
            )
    return TargetSystem(
        name=name,
        host=_checked_host(table.host),
        auth=table.auth,
        till=secrets["till"].reveal(),
        password=secrets["password"],
        client_key=secrets["client_key"],
        client_secret=secrets["client_secret"],
        rate=parse_rate(table.rate) if table.rate else None,
        rate_share=_share(table.rate_share),
        concurrency=table.concurrency,
        timeout_s=table.timeout,
        ca_file=table.ca_file,
        attribution=table.attribution,
    )


def _resolve(
    path: Path, name: str, key: str, reference: str | Reference | None, environment: Mapping[str, str]
) -> Secret:
    """The secret that a reference names."""
    if reference is None or isinstance(reference, str):
        return Secret(reference or "")
    where = f"{path}: [to.{name}] {key}"
    if reference.env is not None:
        if reference.env not in environment:
            raise SettingsError(
                f"{where}: the environment has no {reference.env}.",
                advice=f"Set {reference.env} and try again.",
            )
        return Secret(environment[reference.env])
    if reference.file is not None:
        try:
            return Secret(Path(reference.file).expanduser().read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{where}: {reference.file} cannot be read ({type(error).__name__}).") from None
    if reference.keyring is not None:
        import keyring  # noqa: PLC0415 - asks the desktop for its backends; only who uses one pays

        service, _, user = reference.keyring.rpartition("/")
        found = keyring.get_password(service or reference.keyring, user or key)
        if found is None:
            raise SettingsError(
                f"{where}: the keyring has nothing under {reference.keyring!r}.",
                advice="Store it there first.",
            )
        return Secret(found)
    raise SettingsError(f"{where}: the reference is empty.", advice="Name one of env, file and keyring.")


def _bare_url(url: str, environment: Mapping[str, str]) -> TargetSystem:
    host = _checked_host(url)
    basic = environment.get("IMPORTER_TILL"), environment.get("IMPORTER_PASSWORD")
    oauth = environment.get("IMPORTER_CLIENT_KEY"), environment.get("IMPORTER_CLIENT_SECRET")
    if all(basic):
        return TargetSystem(host, host, Auth.BASIC, till=basic[0] or "", password=Secret(basic[1] or ""))
    if all(oauth):
        return TargetSystem(
            host, host, Auth.OAUTH, client_key=Secret(oauth[0] or ""), client_secret=Secret(oauth[1] or "")
        )
    raise SettingsError(
        f"there are no credentials for {host}.",
        advice="Set IMPORTER_TILL and IMPORTER_PASSWORD (Basic), or IMPORTER_CLIENT_KEY and IMPORTER_CLIENT_SECRET (OAuth).",
    )


def _checked_host(url: str) -> str:
    """Scheme, name and port; plain http only to this machine."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"{url!r} is no address of a service.", advice="Write it as https://eu.api.capillarytech.com."
        )
    if parts.username or parts.password:
        raise SettingsError("an address must not hold credentials.", advice="Name them by reference in importer.toml.")
    host = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"{host} would send customers' data unencrypted.",
            advice="Use https; plain http goes to loopback only.",
        )
    return host


def is_loopback(host: str) -> bool:
    """Whether a URL leads to this machine by its name or number."""
    name = urlsplit(host).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _share(text: str | None) -> float:
    if text is None:
        return 1.0
    found = re.fullmatch(r"(\d{1,3})\s*%", text.strip())
    if not found or not 0 < int(found[1]) <= 100:  # noqa: PLR2004 - percent
        raise SettingsError(f"rate_share {text!r} is no share.", advice='Write it as "80%".')
    return int(found[1]) / 100
