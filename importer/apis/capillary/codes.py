"""Capillary's codes: what each means, whether it is retried, what a person should do (`codes.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from importer.endpoint import Code


@cache
def codes() -> Mapping[str, Code]:
    """Every code that concerns an update, by its number as text."""
    table = tomllib.loads(resources.files(__package__).joinpath("codes.toml").read_text("utf-8"))
    return MappingProxyType({code: Code(code=code, **entry) for code, entry in table.items()})


@cache
def lossy() -> frozenset[str]:
    """Codes that, as a warning, say that part of the data was not stored."""
    return frozenset(code for code, entry in codes().items() if entry.lost)
