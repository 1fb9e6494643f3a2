"""The journal's SQL, read from the package's .sql files by the name above each statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def queries(file: str = "queries") -> Mapping[str, str]:
    """Every named statement of a file."""
    _, *parts = _NAME.split(_read(f"{file}.sql"))
    return MappingProxyType({name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)})


def schema() -> str:
    """The statements that make an empty journal."""
    return _read("schema.sql")


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
