"""What a header says its column holds: the roles that it fits, how well, and on which evidence."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from importer.suggest.spelling import compact, is_ascii_letters, skeleton, words
from importer.suggest.vocabulary import Vocabulary, vocabulary

EXACT, TRIMMED, SPELLED_OUT, SHORTENED, CONTAINED, SIMILAR = 1.0, 0.95, 0.9, 0.65, 0.6, 0.55
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_INSIDE = re.compile(r"[(\[（【](.*?)[)\]）】]")
_LETTER_FORMAT = re.compile(r"\b([dmy]{1,4})\s*[-/. ]?\s*([dmy]{1,4})\s*[-/. ]?\s*([dmy]{2,4})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One role that a header fits. `strength`: 0 to 1; `how`: in words, for people."""

    role: str
    strength: float
    how: str
    second: bool = False  # it says that there is another one
    doubt: str = ""  # why the header may mean something else


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
    doubted = (_doubted(header, one, known) for one in found.values())
    return tuple(sorted(doubted, key=lambda one: -one.strength))


def stated_order(header: str) -> str:
    """`dmy`, `mdy` or `ymd` where the header itself states the order of a date, as in `DOB (dd/mm/yyyy)`; else ""."""
    for one in _LETTER_FORMAT.finditer(header):
        order = "".join(group[0].lower() for group in one.groups())
        if order in {"dmy", "mdy", "ymd"}:
            return order
    return ""


def _parts(header: str) -> list[tuple[str, float]]:
    """The header whole, without what stands in brackets, what stands in them, and each side of a slash."""
    whole = unicodedata.normalize("NFKC", header)
    parts = [(whole, 1.0)]
    if bare := _BRACKETS.sub(" ", whole).strip():
        parts.append((bare, 1.0 if bare == whole else 0.97))
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
    second = any(token in known.second for token in tokens) or any(text in part for text in known.second_inside)
    bare = tuple(token for token in tokens if token not in known.second) if second else tokens
    for text in known.second_inside:
        bare = tuple(token.replace(text, "") for token in bare if token != text)
    spelled = tuple(word for token in bare for word in known.abbreviations.get(token, (token,)))
    ways = (
        (bare, EXACT),
        (_trimmed(bare, known), TRIMMED),
        (spelled, SPELLED_OUT),
        (_trimmed(spelled, known), SPELLED_OUT),
    )
    for way, strength in ways:
        if way and (found := _exact(way, strength, known)):
            return [replace(one, second=second) for one in found]
    found = [
        *_consonants(bare, known),
        *_shortened(bare, known),
        *_contained(spelled, known),
        *_similar(spelled, known),
    ]
    return [replace(one, second=second) for one in found]


def _trimmed(tokens: tuple[str, ...], known: Vocabulary) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in known.noise)


def _exact(tokens: tuple[str, ...], strength: float, known: Vocabulary) -> list[HeaderMatch]:
    spelling = "".join(tokens)
    how = (
        "the header is a known spelling"
        if strength == EXACT
        else "the header, less its common words, is a known spelling"
    )
    if strength == SPELLED_OUT:
        how = f"the header is short for {' '.join(tokens)!r}"
    by_role: dict[str, list[str]] = {}
    for role, language in known.exact.get(spelling, ()):
        by_role.setdefault(role, []).append(language)
    return [HeaderMatch(role, strength, f"{how} ({', '.join(languages[:3])})") for role, languages in by_role.items()]


def _consonants(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """A header written without vowels."""
    whole = "".join(tokens)
    if len(whole) < 4 or skeleton(whole) != whole:  # noqa: PLR2004 - too short to tell
        return []
    roles = dict.fromkeys(role for role, _ in known.skeletons.get(whole, ()))
    return [HeaderMatch(role, SHORTENED, "the header has a known spelling's consonants") for role in roles]


def _shortened(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """`Geb. Dat.`: each token stands in a known spelling, in order, the first at its beginning."""
    if sum(map(len, tokens)) < 4:  # noqa: PLR2004 - too short to tell
        return []
    best: dict[str, tuple[float, str]] = {}
    for spelling, roles in known.exact.items():
        if not spelling.startswith(tokens[0]) or (len(tokens) == 1 and not spelling.isascii()):
            continue
        covered = _cover(tokens, spelling)
        if covered < 0.4:  # noqa: PLR2004 - less than that fits too much
            continue
        for role, _ in roles:
            if covered > best.get(role, (0.0, ""))[0]:
                best[role] = (covered, spelling)
    if not best:
        return []
    most = max(covered for covered, _ in best.values())
    kept = [(role, spelling) for role, (covered, spelling) in best.items() if covered >= most - 0.05]
    rivals = 1.0 if len(kept) == 1 else 0.8
    return [
        HeaderMatch(role, SHORTENED * rivals, f"the header looks short for {spelling!r}") for role, spelling in kept
    ]


def _cover(tokens: tuple[str, ...], spelling: str) -> float:
    """Share of the spelling that the tokens make up, found in order; 0 where one is missing."""
    at = 0
    for number, token in enumerate(tokens):
        place = spelling.find(token, at)
        if place < 0 or (number == 0 and place) or (number and len(token) == 1):
            return 0.0
        at = place + len(token)
    return sum(map(len, tokens)) / len(spelling)


def _contained(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """The longest known spelling inside the header: as whole words, or anywhere where words are written together."""
    whole = "".join(tokens)
    found: dict[str, tuple[int, str]] = {}
    runs = {"".join(tokens[a:b]) for a in range(len(tokens)) for b in range(a + 1, len(tokens) + 1)}
    together = {
        spelling
        for spelling in known.exact
        if spelling in whole
        and (
            (not spelling.isascii() and len(spelling) > 1 and not is_ascii_letters(whole))
            or _compound(spelling, tokens)
        )
    }
    for spelling in (runs & set(known.exact)) | together:
        if len(spelling) < (3 if spelling.isascii() else 2):
            continue
        for role, _ in known.exact[spelling]:
            if len(spelling) > found.get(role, (0, ""))[0]:
                found[role] = (len(spelling), spelling)
    if not found:
        return []
    longest = max(length for length, _ in found.values())
    return [
        HeaderMatch(role, (0.3 + 0.45 * length / len(whole)) * (1.0 if length == longest else 0.7),
                    f"the header holds {spelling!r}")
        for role, (length, spelling) in found.items()
    ]  # fmt: skip


def _compound(spelling: str, tokens: tuple[str, ...]) -> bool:
    """`Kundenmobilnummer` ends in mobilnummer."""
    return len(spelling) >= 6 and any(token != spelling and token.endswith(spelling) for token in tokens)  # noqa: PLR2004


def _similar(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """A misspelling."""
    whole = "".join(tokens)
    if len(whole) < 5:  # noqa: PLR2004 - too short to tell
        return []
    near = difflib.get_close_matches(whole, known.exact, n=1, cutoff=0.86)
    return [
        HeaderMatch(role, SIMILAR, f"the header is spelled nearly like {spelling!r}")
        for spelling in near
        for role, _ in known.exact[spelling]
    ]


CARRIES_FACT = frozenset({"mobile", "email", "externalId", "cardNumber", "points", "tier", "name", "fullName", "firstName",
                          "lastName", "gender", "birthDate", "city", "store", "language", "state", "zip"})  # fmt: skip


def _doubted(header: str, match: HeaderMatch, known: Vocabulary) -> HeaderMatch:
    """The match with what the header's other words say against it."""
    tokens = set(words(header))
    if match.role == "record" or (match.strength >= EXACT and not tokens & known.former):
        return match
    if match.role != "store" and (other := tokens & known.store) and match.role != "state":
        return replace(match, strength=match.strength * 0.3, doubt=f"{min(other)!r} says that it is a shop's")
    if (other := tokens & known.others) or (other := {text for text in known.others_inside if text in compact(header)}):
        return replace(match, strength=match.strength * 0.3, doubt=f"{min(other)!r} says that it is somebody else's")
    if former := tokens & known.former:
        return replace(match, strength=match.strength * 0.4, doubt=f"{min(former)!r} says that it is no longer so")
    if (
        match.role in CARRIES_FACT
        and match.strength < EXACT * 0.97
        and (fact := tokens & known.facts - _spelled(match))
    ):
        return replace(match, strength=match.strength * 0.4, doubt=f"{min(fact)!r} says that it is a fact about it")
    return match


def _spelled(match: HeaderMatch) -> frozenset[str]:
    """Words that belong to the spelling itself, as `code` does to customer code."""
    return (
        frozenset(words(match.how.rpartition("'")[0].rpartition("'")[2]))
        | (frozenset({"date", "time", "dt"}) if match.role == "birthDate" else frozenset())
        | (frozenset({"code", "type", "typ"}) if match.strength >= SPELLED_OUT else frozenset())
    )
