"""The organisation that the emulator plays: its sources, accounts, fields and programs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SOURCES_WITH_ACCOUNTS = frozenset({"WECHAT", "FACEBOOK", "LINE", "MOBILE_APP", "WEB_ENGAGE"})  # document SLATE
LOOKUP_NAMES = frozenset(  # documents OAS, SLATE and GETID
    {"mobile", "email", "externalId", "cardnumber", "cardExternalId", "wechat", "martjackId", "fbId", "id"}
)
IDENTIFIER_TYPES = frozenset(  # documents LOOKUP and CHID
    {
        "mobile", "email", "externalId", "cardnumber", "wechat", "martjackId", "fbId", "tmall_uname", "cuid", "ali_uname",
        "jd_uname", "vip_uname", "line", "unionId", "cardExternalId",
    }
)  # fmt: skip
CHANNEL_TYPES = frozenset({"mobile", "email", "wechat", "ios", "android", "line", "mobilePush"})  # document LOOKUP
LONGEST_EXTENDED_VALUE = 65_535  # characters; stored as longtext (document EF)

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MOMENT = re.compile(_DATE.pattern + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)")


def is_moment(value: object) -> bool:
    """Whether it is `YYYY-MM-DDTHH:MM:SS±hh:mm`, or with Z and fractions as the OpenAPI example has it."""
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def _number(convert: Callable[[Any], object]) -> Callable[[Any], bool]:
    def accepts(value: Any) -> bool:
        if isinstance(value, bool):
            return False
        try:
            convert(value)
        except (TypeError, ValueError):
            return False
        return True

    return accepts


def _whole(value: Any) -> bool:
    return not isinstance(value, (bool, float)) and _number(int)(value)


# What a value must be to be stored; types that name something of the organisation take any text.
DATA_TYPES: dict[str, Callable[[Any], bool]] = {
    "INTEGER": _whole,
    "DOUBLE": _number(float),
    "STRING": lambda value: isinstance(value, (str, int, float)) and not isinstance(value, bool),
    "DATE": lambda value: isinstance(value, str) and (_DATE.fullmatch(value) is not None or is_moment(value)),
    "DATETIME": lambda value: isinstance(value, str) and (_DATE.fullmatch(value) is not None or is_moment(value)),
    "LIST": lambda value: isinstance(value, (str, list)),
    "NAME": lambda value: isinstance(value, str),
}
NAMING_TYPES = (
    "STANDARD_STRING", "STANDARD_ENUM", "CUSTOM_ENUM", "COUNTRY", "CURRENCY", "LANGUAGE", "ASSOCIATE_USER", "ORG_ENTITY",
    "CARD", "STRING_SET",
)  # fmt: skip


@cache
def defaults() -> dict[str, Any]:
    """The typical organisation of organisation.toml."""
    return tomllib.loads(files("importer.emulator").joinpath("organisation.toml").read_text("utf-8"))


class Organisation(BaseModel):
    """Field names are matched without regard to case, as documented for extended fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[str, ...] = Field(default_factory=lambda: tuple(defaults()["sources"]))
    accounts: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="by source; none: any account exists"
    )
    extended_fields: dict[str, str] = Field(
        default_factory=lambda: dict(defaults()["extended_fields"]), description="data type by name"
    )
    enum_values: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="allowed values by extended field"
    )
    custom_fields: dict[str, str] = Field(
        default_factory=lambda: dict(defaults()["custom_fields"]),
        description="String, Integer or Boolean by name; others exist too and take any text, but are not listed",
    )
    disabled_fields: tuple[str, ...] = Field((), description="custom fields that are listed as disabled")
    programs: tuple[int, ...] = Field((), description="loyalty programs; none: any exists")

    @model_validator(mode="after")
    def _known_types(self) -> Self:
        for name, data_type in self.extended_fields.items():
            if data_type not in DATA_TYPES and data_type not in NAMING_TYPES:
                message = f"extended field {name} has no data type {data_type}"
                raise ValueError(message)
        return self

    @cached_property
    def _by_lower(self) -> dict[str, tuple[str, str]]:
        return {name.lower(): (name, data_type) for name, data_type in self.extended_fields.items()}

    def extended_field(self, name: str) -> tuple[str, str] | None:
        """(name as defined, data type), or None where it is not enabled."""
        return self._by_lower.get(name.lower())

    def takes(self, name: str, data_type: str, value: Any) -> bool:
        """Whether an extended field of that type stores this value."""
        allowed = self.enum_values.get(name)
        if allowed is not None and value not in allowed:
            return False
        return DATA_TYPES.get(data_type, DATA_TYPES["NAME"])(value) and len(str(value)) <= LONGEST_EXTENDED_VALUE
