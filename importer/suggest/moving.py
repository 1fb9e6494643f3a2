"""What moved between the sheet that a mapping was written for and a new one: columns renamed, missing and new."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.suggest.choosing import Choice, Confidence
from importer.suggest.headers import matches
from importer.suggest.matching import SPELLED_OUT
from importer.suggest.roles import ROLES, SECONDS
from importer.suggest.spelling import compact

ALIKE = 0.8  # how like two spellings must be (difflib's ratio) to be taken for one


@dataclass(frozen=True, slots=True)
class Renamed:
    """A column of the mapping that the new sheet calls otherwise. `sure`: they differ in case and punctuation alone."""

    old: str
    new: str
    why: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """Every column of the mapping is kept, renamed or missing; every column of the sheet kept, renamed or new."""

    kept: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    missing: tuple[str, ...]
    new: tuple[Choice, ...]


def moves(named: Mapping[str, Sequence[str]], choices: Sequence[Choice]) -> Moves:
    """What moved. `named`: the mapping's columns, each with the paths that it fills, as `lookup.identifiers.mobile`."""
    header = [choice.column for choice in choices]
    kept = tuple(column for column in named if column in header)
    lost = [column for column in named if column not in header]
    free = [choice for choice in choices if choice.column not in named and choice.facts.tally.filled]
    pairs = [
        (weight, old, choice, why)
        for old in lost
        for choice in free
        for weight, why in [_likeness(old, named[old], choice)]
    ]
    renamed: dict[str, Renamed] = {}
    taken: set[str] = set()
    for weight, old, choice, why in sorted(pairs, key=lambda pair: -pair[0]):
        if weight and old not in renamed and choice.column not in taken:
            taken.add(choice.column)
            renamed[old] = Renamed(old, choice.column, why, sure=weight == 1)
    return Moves(
        kept,
        tuple(renamed[old] for old in lost if old in renamed),
        tuple(old for old in lost if old not in renamed),
        tuple(choice for choice in choices if choice.column not in named and choice.column not in taken),
    )


def _likeness(old: str, paths: Sequence[str], choice: Choice) -> tuple[float, str]:
    """(0 to 1, why) whether a new column is an old one under another name."""
    if compact(old) == compact(choice.column):
        return 1.0, "spelled alike"
    if choice.role and choice.role in _roles(old, paths):
        what = ROLES[choice.role].what
        return (0.9 if choice.confidence is Confidence.HIGH else 0.7), f"both look like {what}"
    ratio = difflib.SequenceMatcher(None, compact(old), compact(choice.column)).ratio()
    return (0.8 * ratio, "spelled much alike") if ratio >= ALIKE else (0.0, "")


def _roles(old: str, paths: Sequence[str]) -> set[str]:
    """What a column of the mapping is, by its own header and by the targets that it fills alone."""
    by_header = {
        SECONDS.get(one.role, one.role) if one.second else one.role
        for one in matches(old)
        if one.strength >= SPELLED_OUT and not one.doubt
    }
    shared = "commChannels", "profile.identifiers"  # several roles end there
    filled = {path for path in paths if not any(one in path for one in shared)}
    return by_header | {role.name for role in ROLES.values() if role.address.replace("[]", "") in filled}
