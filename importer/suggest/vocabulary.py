"""The words of `synonyms.toml` and `words.toml`, ready to be looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from importer.suggest.spelling import compact, plain, skeleton, words

Spelling = tuple[str, str]  # role, language


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Spellings by their compact form and by their consonants, and the words around them."""

    exact: Mapping[str, tuple[Spelling, ...]]
    skeletons: Mapping[str, tuple[Spelling, ...]]
    noise: frozenset[str]
    abbreviations: Mapping[str, tuple[str, ...]]
    others: frozenset[str]
    others_inside: tuple[str, ...]
    store: frozenset[str]
    second: frozenset[str]
    second_inside: tuple[str, ...]
    former: frozenset[str]
    facts: frozenset[str]
    truth: Mapping[str, bool]
    gender: Mapping[str, str]
    tiers: Mapping[str, int]
    blanks: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The package's own words."""
    exact: dict[str, dict[Spelling, None]] = {}
    bones: dict[str, dict[Spelling, None]] = {}
    for role, languages in _table("synonyms.toml").items():
        for language, spellings in languages.items():
            for spelling in spellings.split(","):
                key = compact(spelling)
                exact.setdefault(key, {})[role, language] = None
                if bone := skeleton(key):
                    bones.setdefault(bone, {})[role, language] = None
    data = _table("words.toml")
    folded = {name: dict.fromkeys(_words(section.get("all", ""))) for name, section in data.items()}
    truth = {word: value for value in (True, False) for word in _words(data["truth"][str(value).lower()])}
    return Vocabulary(
        exact={key: tuple(found) for key, found in exact.items()},
        skeletons={key: tuple(found) for key, found in bones.items()},
        noise=frozenset(folded["noise"]),
        abbreviations={plain(short): words(long) for short, long in data["abbreviations"].items()},
        others=frozenset(folded["others"]),
        others_inside=tuple(data["others"]["inside"].split()),
        store=frozenset(_words(data["others"]["store"])),
        second=frozenset(folded["second"]),
        second_inside=tuple(data["second"]["inside"].split()),
        former=frozenset(_words(data["second"]["former"])),
        facts=frozenset(folded["facts"]),
        truth=truth,
        gender={word: value for value in data["gender"] for word in _words(data["gender"][value])},
        tiers={word: rank for rank, line in enumerate(data["tiers"]["ranks"], start=1) for word in _words(line)},
        blanks=frozenset(data["blanks"]["texts"]),
    )


def roles_in_data() -> frozenset[str]:
    """Every role that has spellings."""
    return frozenset(_table("synonyms.toml"))


def _words(line: str) -> list[str]:
    return [plain(word) for word in line.split()]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("importer.suggest").joinpath(name).read_text("utf-8"))
