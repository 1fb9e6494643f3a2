"""What a header says its column holds: the roles that it fits, how well, and on which evidence."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from importer.suggest.spelling import compact, is_ascii_letters, skeleton, words
from importer.suggest.vocabulary import Vocabulary, vocabulary

EXACT, TRIMMED, SPELLED_OUT, SHORTENED, CONTAINED, SIMILAR = 1.0, 0.95, 0.9, 0.65, 0.6, 0.55
BRACKETLESS = 0.97  # of a match's strength, where something in brackets was left aside
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_POSITION = re.compile(r" \(column [A-Z]+\)$")  # by which columns of one name are told apart
_INSIDE = re.compile(r"[(\[（【](.*?)[)\]）】]")
SHORTEST_ORDER = 4  # d/m/y has more characters, and a word such as dmy says nothing
_LETTER = r"([dgtjmayrдмг])"
_LETTER_FORMAT = re.compile(
    rf"(?<![^\W_])({_LETTER}\2{{0,3}})[-/. ]?({_LETTER}\4{{0,3}})[-/. ]?({_LETTER}\6{{0,3}})(?![^\W_])"
)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One role that a header fits. `strength`: 0 to 1; `how`: in words, for people."""

    role: str
    strength: float
    how: str
    languages: tuple[str, ...] = ()
    second: bool = False  # it says that there is another one
    doubt: str = ""  # why the header may mean something else
    fact: bool = False  # it says something *about* what the role holds, such as whether a mobile number has consented


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
    doubted = (_doubted(header, one, known) for one in found.values())
    return tuple(sorted(doubted, key=lambda one: -one.strength))


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


def stated_order(header: str) -> str:
    """`dmy`, `mdy` or `ymd` where the header itself states the order of a date: `DOB (dd/mm/yyyy)`, `TT.MM.JJJJ`; else ""."""
    for found in _LETTER_FORMAT.finditer(header.casefold()):
        order = _order((found[1], found[3], found[5]))
        if order in {"dmy", "mdy", "ymd"} and len(found[0]) > SHORTEST_ORDER:
            return order
    return ""


def _order(groups: tuple[str, ...]) -> str:
    """Each group as day, month or year: by its letter, where languages agree on it, else by its length."""
    turkish = {group[0] for group in groups} == {"g", "a", "y"}  # gün, ay, yıl
    said = []
    for group in groups:
        if group[0] in "mм" or (turkish and group[0] == "a"):
            said.append("m")
        elif len(group) == 4 or group[0] in "yarг":  # noqa: PLR2004 - a full year
            said.append("y")
        else:
            said.append("d" if group[0] in "dgtд" else "j")  # jour, or Jahr
    missing = {"d", "m", "y"} - set(said)
    return "".join(missing).join("".join(said).split("j")) if len(missing) == 1 else "".join(said)


def _parts(header: str) -> list[tuple[str, float]]:
    """The header whole, without what stands in brackets, what stands in them, and each side of a slash."""
    whole = unicodedata.normalize("NFKC", _POSITION.sub("", header))
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
        *_reordered(spelled, known),
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


def _reordered(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """`Phone (home)`: the words of a known spelling, in another order."""
    roles = dict.fromkeys(role for role, _ in known.reordered.get(tuple(sorted(tokens)), ()))
    return [HeaderMatch(role, SPELLED_OUT, "header has the words of a known spelling") for role in roles]


def _consonants(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """A header written without vowels."""
    whole = "".join(tokens)
    if len(whole) < 4 or skeleton(whole) != whole:  # noqa: PLR2004 - too short to tell
        return []
    roles = dict.fromkeys(role for role, _ in known.skeletons.get(whole, ()))
    return [HeaderMatch(role, SHORTENED, "header has a known spelling's consonants") for role in roles]


def _shortened(tokens: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """`Geb. Dat.`: each token stands in a known spelling, in order, the first at its beginning."""
    if sum(map(len, tokens)) < 4 or (len(tokens) == 1 and tokens[0] in known.whole_words):  # noqa: PLR2004 - too short to tell
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
    return [HeaderMatch(role, SHORTENED * rivals, f"header looks short for {spelling!r}") for role, spelling in kept]


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
    for place in ("store", "address"):  # a shop's city is no shop
        if len(found) > 1 and place in found and any(text not in found[place][1] for _, text in found.values()):
            del found[place]
    if not found:
        return []
    longest = max(length for length, _ in found.values())
    return [
        HeaderMatch(role, (0.3 + 0.45 * length / len(whole)) * (1.0 if length == longest else 0.7),
                    f"header holds {spelling!r}")
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
    near = difflib.get_close_matches(whole, known.exact, n=1, cutoff=0.85)
    return [
        HeaderMatch(role, SIMILAR, f"header spelled nearly like {spelling!r}")
        for spelling in near
        for role, _ in known.exact[spelling]
    ]


CARRIES_FACT = frozenset({"mobile", "email", "externalId", "cardNumber", "points", "tier", "name", "fullName", "firstName",
                          "lastName", "gender", "birthDate", "city", "store", "language", "state", "zip"})  # fmt: skip


ABOUT_NOBODY = frozenset({"record", "address", "salutation"})


def _doubted(header: str, match: HeaderMatch, known: Vocabulary) -> HeaderMatch:
    """The match with what the header's other words say against it."""
    tokens = {word for token in words(header) for word in (token, *known.abbreviations.get(token, ()))}
    whole = compact(header)
    if match.role in ABOUT_NOBODY:
        return match
    if hidden := tokens & known.hidden:
        return _weaker(match, 0.3, hidden, "the cells are not the values themselves")
    if former := tokens & known.former:
        return _weaker(match, 0.4, former, "it is no longer so")
    if match.strength >= EXACT:
        return match
    if match.role not in {"store", "state"} and (
        shop := tokens & known.store or {text for text in known.store_inside if text in whole}
    ):
        return _weaker(match, 0.3, shop, "it is a shop's")
    if other := tokens & known.others or {text for text in known.others_inside if text in whole}:
        return _weaker(match, 0.3, other, "it is somebody else's")
    if match.role in CARRIES_FACT and match.strength < BRACKETLESS and (fact := tokens & known.facts - _spelled(match)):
        return replace(_weaker(match, 0.4, fact, "it is a fact about it"), fact=True)
    return match


def _weaker(match: HeaderMatch, factor: float, said_by: set[str], what: str) -> HeaderMatch:
    return replace(match, strength=match.strength * factor, doubt=f"{min(said_by)!r} says that {what}")


def _spelled(match: HeaderMatch) -> frozenset[str]:
    """Words that belong to the spelling itself, as `code` does to customer code."""
    return (
        frozenset(words(match.how.rpartition("'")[0].rpartition("'")[2]))
        | (frozenset({"date", "time", "dt", "birth", "born", "day"}) if match.role == "birthDate" else frozenset())
        | (frozenset({"code", "type", "typ"}) if match.strength >= SPELLED_OUT else frozenset())
    )
