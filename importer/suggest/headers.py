"""What a header says its column holds: the roles that it fits, how well, and on which evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from importer.suggest.matching import BRACKETLESS, EXACT, SHORTENED, SPELLED_OUT, TRIMMED, HeaderMatch
from importer.suggest.objections import doubted
from importer.suggest.resemblance import resembling
from importer.suggest.spelling import compact, plain, words
from importer.suggest.stated import unordered
from importer.suggest.vocabulary import Vocabulary, vocabulary

_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_POSITION = re.compile(r" \(column [A-Z]+\)$")  # by which columns of one name are told apart
_INSIDE = re.compile(r"[(\[（【](.*?)[)\]）】]")


@lru_cache(maxsize=4096)
def matches(header: str) -> tuple[HeaderMatch, ...]:
    """Roles that the header fits, best first; at most one entry a role."""
    known = vocabulary()
    found: dict[str, HeaderMatch] = {}
    for part, share in _parts(header):
        for one in _of_part(part, known):
            match = replace(one, strength=one.strength * share)
            if match.role not in found or found[match.role].strength < match.strength:
                found[match.role] = match
        if any(one.strength >= SPELLED_OUT for one in found.values()) and share == 1.0:
            break  # known as it stands; its parts would say less
    for one in _composed(header, found, known):
        found.setdefault(one.role, one)
    weighed = (doubted(header, one, known) for one in found.values())
    return tuple(sorted(weighed, key=lambda one: -one.strength))


def _composed(header: str, found: Mapping[str, HeaderMatch], known: Vocabulary) -> list[HeaderMatch]:
    """`Tarikh Tamat Mata`: points, and that they expire."""
    tokens, whole = set(words(header)), compact(header)
    made = []
    for one in known.composing:
        said = tokens & one.words or {text for text in one.inside if text in whole}
        made += [
            HeaderMatch(one.roles[role], SHORTENED, f"header holds {role} and {min(said)!r}")
            for role in found.keys() & one.roles.keys()
            if said
        ]
    return made


def _parts(header: str) -> list[tuple[str, float]]:
    """The header whole, without what stands in brackets, what stands in them, and each side of a slash."""
    whole = unicodedata.normalize("NFKC", _POSITION.sub("", unordered(header)))
    parts = [(whole, 1.0)]
    if bare := _BRACKETS.sub(" ", whole).strip():
        parts.append((bare, 1.0 if bare == whole else BRACKETLESS))
    parts += [(inside, 0.85) for inside in _INSIDE.findall(whole)]
    if re.search(r"[/|·:]", bare):
        parts += [(side, 0.9) for side in re.split(r"[/|·:]", bare)]
    return list(dict.fromkeys(parts))


def _of_part(part: str, known: Vocabulary) -> list[HeaderMatch]:
    tokens = words(part)
    if not tokens:
        return []
    if found := _exact(tokens, EXACT, known):
        return found
    second = any(token in known.second for token in tokens) or any(text in plain(part) for text in known.second_inside)
    bare = tuple(token for token in tokens if token not in known.second) if second else tokens
    for text in known.second_inside:
        bare = tuple(token.replace(text, "") for token in bare if token != text)
    spelled = tuple(word for token in bare for word in known.abbreviations.get(token, (token,)))
    ways = (
        (bare, EXACT),
        (_peeled(bare, known), TRIMMED),
        (_trimmed(bare, known), TRIMMED),
        (spelled, SPELLED_OUT),
        (_trimmed(spelled, known), SPELLED_OUT),
    )
    for way, strength in ways:
        if way and (found := _exact(way, strength, known)):
            return [replace(one, second=second) for one in found]
    found = resembling(bare, spelled, known)
    return [replace(one, second=second) for one in found]


def _peeled(tokens: tuple[str, ...], known: Vocabulary) -> tuple[str, ...]:
    """Without the common words at both ends; those inside belong together, as in date of birth."""
    while tokens and tokens[0] in known.noise:
        tokens = tokens[1:]
    while tokens and tokens[-1] in known.noise:
        tokens = tokens[:-1]
    return tokens


def _trimmed(tokens: tuple[str, ...], known: Vocabulary) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in known.noise)


def _exact(tokens: tuple[str, ...], strength: float, known: Vocabulary) -> list[HeaderMatch]:
    spelling = "".join(tokens)
    how = "header known" if strength == EXACT else "header known but for common words"
    if strength == SPELLED_OUT:
        how = f"header short for {' '.join(tokens)!r}"
    by_role: dict[str, list[str]] = {}
    for role, language in known.exact.get(spelling, ()):
        by_role.setdefault(role, []).append(language)
    return [
        HeaderMatch(role, strength, f"{how} ({', '.join(languages[:3])})", tuple(languages))
        for role, languages in by_role.items()
    ]
