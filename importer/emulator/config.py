"""Every switch of the emulator, with what it means and the document that suggests it.

The reference page is written from this class, so a switch cannot exist without a description and a source.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from importer.emulator.faults import Fault
from importer.emulator.limits import parse_limit
from importer.emulator.organisation import Organisation

OURS = "–"  # a switch of the emulator itself, no document is behind it


class ConfigError(ValueError):
    """The emulator cannot be set up like this; the message says where and why."""


def switch(default: Any, description: str, source: str, **limits: Any) -> Any:
    """A field with its meaning and source."""
    return Field(default, description=description, json_schema_extra={"source": source}, **limits)


class EmulatorConfig(BaseModel):
    """How this Capillary behaves. Frozen: `emulator.configure(…)` puts another in its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # who may
    till: str = switch("till.emulator", "the till that Basic accepts", "BASIC")
    password: str = switch("emulator", "its password; sent as MD5", "BASIC")
    client_key: str = switch("emulator-key", "the client that may ask for tokens", "OAUTH")
    client_secret: str = switch("emulator-secret", "its secret", "OAUTH")
    auth: Literal["both", "basic", "oauth", "none"] = switch("both", "which credentials are accepted", "BASIC, OAUTH")
    token_ttl_s: float = switch(300, "life of a token in seconds", "OAUTH", gt=0)
    refusal: Literal["auto", "xml", "json"] = switch(
        "auto", "body of a 401; auto: JSON to a token, XML otherwise", "OAUTH, observed code"
    )
    expired_status: Literal[401, 498] = switch(498, "HTTP status for an expired token", "OAUTH")
    access: Literal["granted", "denied", "unavailable"] = switch(
        "granted", "denied: 403 with code 4000; unavailable: 503 with code 4001", "AUTHZ"
    )

    # how fast
    limits: tuple[str, ...] = switch(
        (),
        "requests a key may make, e.g. `5/s`, `100/min`, `20/10s`, or a preset (demo eu asia-1 asia-2)",
        "RATE-old, RATE-new",
    )
    window: Literal["fixed", "sliding"] = switch("fixed", "how the limits' windows move", "not public")
    retry_after: Literal["none", "seconds", "date"] = switch("none", "Retry-After of a 429", "not public")
    rate_headers: Literal["none", "ratelimit", "x-ratelimit"] = switch(
        "none", "headers that tell the quota, with every answer", "not public"
    )

    # who exists
    population: Literal["open", "seeded"] = switch(
        "open",
        "open: every well-formed identifier belongs to a customer, save `missing`; seeded: only seeded ones",
        OURS,
    )
    missing: tuple[str, ...] = switch(
        ("*missing*", "919999999999"),
        "identifier values that belong to nobody in an open population; `*` and `?` as in file names",
        OURS,
    )
    born: Literal["loyalty", "non_loyalty"] = switch("loyalty", "loyalty type of customers of an open population", OURS)
    remember: bool = switch(
        default=True,
        description="keep customers of an open population; false: each request meets a new one, memory stays flat",
        source=OURS,
    )
    seed_file: Path | None = switch(None, "customers to begin with: JSON, JSON lines or CSV", OURS)
    organisation: Organisation = switch(
        Organisation(), "sources, accounts, fields and programs of the organisation", "EF, CF, SLATE"
    )

    # what is answered
    error_status: Literal[200, 400] = switch(200, "HTTP status of business errors", "NEO, STATUS")
    missing_identifier: Literal[8002, 11013] = switch(
        8002, "code where identifierName or identifierValue is not passed", "CODES"
    )
    account_missing: Literal["error", "warning", "accept"] = switch(
        "error", "a source with accounts without accountId: 8045, warning 8054, or nothing", "CODES, GETID"
    )
    merged: Literal["follow", "refuse"] = switch(
        "follow", "a merge victim: its survivor with warning 8069, or error 8069", "CODES, NEO"
    )
    identifier_change: Literal["warning", "error", "replace"] = switch(
        "warning", "an identifier that has another value: warning 91006, error 8007, or the new value", "V11, ADD"
    )
    primary_identifier: str = switch("", "this type answers 91005 in place of 91006", "SETUP")
    other_source: Literal["merge", "combine", "conflict", "refuse"] = switch(
        "merge", "an identifier of a customer in another source: 8051, 8050, warning 8052 or error 8007", "CODES"
    )
    channels: Literal["merge", "replace"] = switch(
        "merge", "channels that are passed join the old ones, or replace them", "not public"
    )
    entity_key: Literal["customer", "CUSTOMER"] = switch(
        "customer", "key below which extended fields are listed; the documents have both", "EF"
    )
    unknown_extended_field: Literal["warning", "accept"] = switch(
        "warning", "warning 91016 and not stored, or stored", "EF"
    )
    empty_extended_values: Literal["drop", "store"] = switch("drop", "CONF_REJECT_EMPTY_OR_NULL_EF_VALUES", "ADD")
    mobile_rule: Literal["india", "india-and-other", "length"] = switch(
        "india-and-other", "which mobile numbers are well-formed", "SETUP"
    )
    external_id_prefix: str = switch("", "prefix that every external id must have", "SETUP")
    external_id_length: int | None = switch(None, "exact length of external ids", "SETUP", ge=1, le=50)
    enrolled_again: Literal["credit", "ignore", "error"] = switch(
        "credit",
        "points for a program the customer is in: credited again, ignored, or error 8007; its details never change",
        "UPD",
    )
    award_points: int = switch(0, "points that each update awards as a side effect", "LOOKUP", ge=0)
    enrolment_side_effects: bool = switch(
        default=False, description="credited points are told in sideEffects", source="not public"
    )
    overlap: Literal["accept", "http", "error", "warning"] = switch(
        "accept", "two requests of one customer in flight: 521 as HTTP status, as error, or as warning", "STATUS, C+"
    )

    # what goes wrong
    faults: tuple[Fault, ...] = switch((), "what goes wrong; see below", OURS)
    seed: int = switch(0, "from which shares and distributions are drawn", OURS)

    # what is kept
    keep_requests: int | None = switch(
        50_000, "requests kept in the record, the newest; null: all; counts cover all", OURS, ge=0
    )
    keep_bodies: bool = switch(default=True, description="keep their bodies too; digests are always kept", source=OURS)
    sequence_field: str = switch(
        "",
        "custom field that holds an ever-growing number per customer: a smaller one after a larger is counted as a reordering",
        OURS,
    )
    control: bool = switch(default=True, description="serve the control surface below /_emulator/", source=OURS)

    @field_validator("limits")
    @classmethod
    def _readable_limits(cls, limits: tuple[str, ...]) -> tuple[str, ...]:
        for text in limits:
            parse_limit(text)
        return limits

    def changed(self, **changes: Any) -> Self:
        """A copy with these switches set, validated. Raises ConfigError."""
        return self.of({**dict(self), **changes})

    @classmethod
    def of(cls, switches: dict[str, Any], *, where: str = "emulator") -> Self:
        """From plain data. Raises ConfigError that names every wrong switch."""
        try:
            return cls.model_validate(switches)
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
                for one in error.errors(include_input=False)
            )
            raise ConfigError(f"{where}: {wrong}") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a TOML or JSON file; `profile = "bad-day"` in it is the ground it builds on. Raises ConfigError."""
        try:
            content = path.read_bytes()
            read = orjson.loads(content) if path.suffix.lower() == ".json" else tomllib.loads(content.decode("utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from error
        if not isinstance(read, dict):
            raise ConfigError(f"{path}: expected a table of switches")
        ground = profiles_named(read.pop("profile")) if "profile" in read else {}
        faults = [*ground.get("faults", ()), *read.get("faults", ())]
        return cls.of({**ground, **read, **({"faults": faults} if faults else {})}, where=str(path))

    @classmethod
    def profile(cls, name: str) -> Self:
        """A ready-made set of switches and faults, by name. Raises ConfigError."""
        return cls.of(profiles_named(name), where=f"profile {name}")


@cache
def profiles() -> dict[str, dict[str, Any]]:
    """Every ready-made profile, from profiles.toml; `about` says what it is for."""
    return tomllib.loads(files("importer.emulator").joinpath("profiles.toml").read_text("utf-8"))


def profiles_named(name: str) -> dict[str, Any]:
    """The switches of one profile. Raises ConfigError."""
    try:
        return {key: value for key, value in profiles()[name].items() if key != "about"}
    except KeyError:
        raise ConfigError(f"There is no profile {name!r}. There are: {', '.join(profiles())}.") from None
