"""The catalog: every target of the update call, read from `catalog.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from importer.endpoint import Catalog, Country, Effect, Kind, Target, Variant


@cache
def catalog() -> Catalog:
    """Every target, in the order of the data file."""
    text = resources.files(__package__).joinpath("catalog.toml").read_text("utf-8")
    return Catalog((_target(address, entry) for address, entry in tomllib.loads(text).items()), countries())


def countries() -> Iterator[Country]:
    """How mobile numbers look, by country."""
    table = tomllib.loads(resources.files(__package__).joinpath("mobile.toml").read_text("utf-8"))
    for region, (code, *lengths) in table["digits"].items():
        yield Country(region, str(code), tuple(lengths), table["first"].get(region, ""))


def _target(address: str, entry: dict[str, Any]) -> Target:
    """One table of the data file; unknown keys fail loudly as unexpected arguments."""
    variants = {name: Variant(type=name, **_tuples(facts)) for name, facts in entry.get("variants", {}).items()}
    plain = {key: value for key, value in entry.items() if key not in {"kind", "effect", "variants"}}
    return Target(
        address=address,
        kind=Kind(entry["kind"]),
        effect=Effect(entry.get("effect", Effect.SETS)),
        variants=variants,
        **_tuples(plain),
    )


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    """The same entry with its lists frozen."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
