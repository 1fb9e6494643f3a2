"""Secrets: named by reference in importer.toml, held in a value that never prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from importer.errors import SettingsError


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


class Reference(BaseModel):
    """A secret by reference: exactly one of the three."""

    model_config = ConfigDict(extra="forbid", strict=True)

    env: str | None = None
    file: str | None = None
    keyring: str | None = None


def resolve(reference: Reference, key: str, where: str, environment: Mapping[str, str], folder: Path) -> Secret:
    """The secret that a reference names. `where`: for messages; `folder`: what a relative file is relative to.

    Raises SettingsError, which names the reference and never the secret.
    """
    match reference:
        case Reference(env=str(name), file=None, keyring=None):
            if not environment.get(name):
                raise SettingsError(f"{where}: the environment has no {name}.", advice=f"Set {name} and try again.")
            return Secret(environment[name])
        case Reference(env=None, file=str(name), keyring=None):
            return _from_file(folder / Path(name).expanduser(), where)
        case Reference(env=None, file=None, keyring=str(name)):
            return _from_keyring(name, key, where)
    raise SettingsError(f"{where}: the reference is not one of env, file and keyring.", advice="Name exactly one.")


def _from_file(path: Path, where: str) -> Secret:
    try:
        value = path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{where}: {path} cannot be read ({type(error).__name__}).",
            advice="Name a text file that holds the secret.",
        ) from None
    if not value:
        raise SettingsError(f"{where}: {path} is empty.", advice="Put the secret into it, on one line.")
    return Secret(value)


def _from_keyring(name: str, key: str, where: str) -> Secret:
    import keyring  # noqa: PLC0415 - asks the desktop for its backends; only who uses one pays
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    service, _, user = name.rpartition("/")
    service, user = (service, user) if service else (name, key)
    try:
        found = keyring.get_password(service, user)
    except KeyringError as error:
        raise SettingsError(
            f"{where}: no keyring can be asked here ({type(error).__name__}).",
            advice="Use env or file on this machine.",
        ) from None
    if not found:
        raise SettingsError(
            f"{where}: the keyring has nothing under {name!r}.", advice=f"Store it first: keyring set {service} {user}"
        )
    return Secret(found)
