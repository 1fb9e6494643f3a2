"""Headers that are no known spelling but look like one: reordered, shortened, written together, misspelt."""

from __future__ import annotations

import difflib

from importer.suggest.matching import SHORTENED, SIMILAR, SPELLED_OUT, HeaderMatch
from importer.suggest.spelling import is_ascii_letters, skeleton
from importer.suggest.vocabulary import Vocabulary


def resembling(tokens: tuple[str, ...], spelled: tuple[str, ...], known: Vocabulary) -> list[HeaderMatch]:
    """Everything that a header's words look like. `spelled`: the words with abbreviations spelled out."""
    return [
        *_reordered(spelled, known),
        *_consonants(tokens, known),
        *_shortened(tokens, known),
        *_contained(spelled, known),
        *_similar(spelled, known),
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
