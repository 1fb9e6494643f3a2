"""The `[to.NAME]` tables of importer.toml: their shape, and sentences for what is wrong with one."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from importer.errors import SettingsError
from importer.settings.secret import Reference

SECRETS = ("till", "password", "client_key", "client_secret")
SHAPE_ERRORS = frozenset({"model_type", "model_attributes_type"})


class ScheduleTable(BaseModel):
    """`schedule = { allow = "22:00-06:00", zone = "Asia/Kolkata" }`."""

    model_config = ConfigDict(extra="forbid")

    allow: str
    zone: str


class TargetTable(BaseModel):
    """A `[to.NAME]` table."""

    model_config = ConfigDict(extra="forbid")

    host: str
    auth: str = "oauth"
    till: str | Reference | None = None
    password: Reference | None = None
    client_key: Reference | None = None
    client_secret: Reference | None = None
    rate: str | None = None
    rate_share: str | None = None
    concurrency: int | None = Field(None, ge=1, le=1000)
    timeout: float | None = Field(None, ge=0.1, le=3600)
    ca_file: Path | None = None
    attribution: dict[str, str] = Field(default_factory=dict)
    schedule: ScheduleTable | None = None


def read_tables(path: Path) -> dict[str, Any]:
    """The `[to.…]` tables of a file by name; none where there is no such file. Raises SettingsError."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}.", advice="Mend the file; it is TOML in UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}).", advice="Look at its permissions.") from None
    unknown = sorted(set(content) - {"to"})
    if unknown:
        raise SettingsError(
            f"{path}: unknown key {unknown[0]!r}.", advice="Known is: [to.NAME] for each target system."
        )
    tables = content.get("to", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(
            f"{path}: `to` holds tables only.", advice="Write [to.production], and the settings below it."
        )
    if "emulator" in tables:
        raise SettingsError(
            f"{path}: [to.emulator] would hide the embedded emulator.", advice="Give this target system another name."
        )
    return tables


def read_table(path: Path, name: str, facts: dict[str, Any]) -> TargetTable:
    """One table, checked. Raises SettingsError without quoting any value: a literal secret may be among them."""
    try:
        return TargetTable.model_validate(facts)
    except ValidationError as error:
        raise _first_wrong(path, name, error) from None  # the original would quote a literal secret


def _first_wrong(path: Path, name: str, error: ValidationError) -> SettingsError:
    """The first thing wrong with a table; a key that nobody knows before one that is missing, for it may be that one."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    where = [str(part) for part in first["loc"]]
    key = where[0] if where else ""
    place = f"{path}: [to.{name}]"
    if key in SECRETS and first["type"] in SHAPE_ERRORS:
        return SettingsError(
            f"{place} {key} is a literal; a secret in a file is copied, mailed and committed.",
            advice=f'Write a reference: {key} = {{ env = "NAME" }}, {{ file = "PATH" }} or {{ keyring = "SERVICE/USER" }}.',
        )
    if first["type"] == "extra_forbidden":
        models: dict[str, type[BaseModel]] = {"schedule": ScheduleTable, **dict.fromkeys(SECRETS, Reference)}
        known = list((models[key] if len(where) > 1 else TargetTable).model_fields)
        return SettingsError(
            f"{place} has an unknown key {'.'.join(where)!r}.", advice=near(where[-1], known, "Known are")
        )
    if first["type"] == "missing":
        return SettingsError(f"{place} lacks {'.'.join(where)}.", advice="Add it and try again.")
    return SettingsError(f"{place} {key}: {first['msg']}.", advice="Mend importer.toml and try again.")


def near(wrong: str, known: list[str], listing: str) -> str:
    """The nearest right name, or all of them."""
    found = difflib.get_close_matches(wrong, known, n=1)
    return f"Did you mean {found[0]!r}?" if found else f"{listing}: {', '.join(known) or 'none'}."
