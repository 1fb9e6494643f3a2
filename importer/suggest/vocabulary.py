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
class Composing:
    """Words that make one role of another, as a word for expiry makes the points' expiry date of points."""

    words: frozenset[str]
    inside: tuple[str, ...]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Spellings by their compact form and by their consonants, and the words around them."""

    exact: Mapping[str, tuple[Spelling, ...]]
    skeletons: Mapping[str, tuple[Spelling, ...]]
    reordered: Mapping[tuple[str, ...], tuple[Spelling, ...]]  # by the words of a spelling, sorted
    whole_words: frozenset[str]  # of spellings that have several
    noise: frozenset[str]
    numbering: frozenset[str]
    abbreviations: Mapping[str, tuple[str, ...]]
    others: frozenset[str]
    others_inside: tuple[str, ...]
    store: frozenset[str]
    store_inside: tuple[str, ...]
    second: frozenset[str]
    second_inside: tuple[str, ...]
    former: frozenset[str]
    composing: tuple[Composing, ...]
    facts: frozenset[str]
    hidden: frozenset[str]
    truths: tuple[Mapping[str, bool], ...]  # one a language
    genders: tuple[Mapping[str, str], ...]  # one a language
    tiers: Mapping[str, int]
    sources: frozenset[str]
    regions: Mapping[str, tuple[str, ...]]  # by language
    blanks: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The package's own words."""
    exact: dict[str, dict[Spelling, None]] = {}
    bones: dict[str, dict[Spelling, None]] = {}
    reordered: dict[tuple[str, ...], dict[Spelling, None]] = {}
    for role, languages in _table("synonyms.toml").items():
        for language, spellings in languages.items():
            for spelling in spellings.split(","):
                key = compact(spelling)
                exact.setdefault(key, {})[role, language] = None
                if bone := skeleton(key):
                    bones.setdefault(bone, {})[role, language] = None
                if len(several := words(spelling)) > 1:
                    reordered.setdefault(tuple(sorted(several)), {})[role, language] = None
    data = _table("words.toml")
    folded = {name: frozenset(_words(data[name]["all"])) for name in ("noise", "others", "second", "facts")}
    composing = tuple(
        Composing(frozenset(_words(table["all"])), tuple(_words(table["inside"])), table["roles"])
        for table in (data["expiry"], data["verified"])
    )
    return Vocabulary(
        exact={key: tuple(found) for key, found in exact.items()},
        skeletons={key: tuple(found) for key, found in bones.items()},
        reordered={key: tuple(found) for key, found in reordered.items()},
        whole_words=frozenset(word for several in reordered for word in several),
        noise=folded["noise"],
        numbering=frozenset(_words(data["noise"]["numbering"])),
        abbreviations={plain(short): words(long) for short, long in data["abbreviations"].items()},
        others=folded["others"],
        others_inside=tuple(_words(data["others"]["inside"])),
        store=frozenset(_words(data["others"]["store"])),
        store_inside=tuple(_words(data["others"]["store_inside"])),
        second=folded["second"],
        second_inside=tuple(_words(data["second"]["inside"])),
        former=frozenset(_words(data["second"]["former"])),
        composing=composing,
        facts=folded["facts"].union(*(one.words for one in composing)),
        hidden=frozenset(_words(data["facts"]["hidden"])),
        truths=tuple(
            dict.fromkeys(_words(yes), True) | dict.fromkeys(_words(no), False) for yes, no in data["truth"].values()
        ),
        genders=_genders(data["gender"]),
        tiers={word: rank for rank, line in enumerate(data["tiers"]["ranks"], start=1) for word in _words(line)},
        sources=frozenset(data["sources"]["all"].split()),
        regions={language: tuple(codes.split()) for language, codes in data["regions"].items()},
        blanks=frozenset(data["blanks"]["texts"]),
    )


def _genders(table: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    other = dict.fromkeys(_words(table["other"]), "Other")
    pairs = (words for language, words in table.items() if language != "other")
    return tuple(
        other | dict.fromkeys(_words(male), "Male") | dict.fromkeys(_words(female), "Female") for male, female in pairs
    )


def roles_in_data() -> frozenset[str]:
    """Every role that has spellings."""
    return frozenset(_table("synonyms.toml"))


def languages() -> frozenset[str]:
    """Languages of the spellings, as ISO 639-1 codes."""
    return frozenset(language for spellings in _table("synonyms.toml").values() for language in spellings) - {"code"}


def _words(line: str) -> list[str]:
    return [plain(word) for word in line.split()]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("importer.suggest").joinpath(name).read_text("utf-8"))
