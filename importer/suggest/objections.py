"""What a header's other words say against a role: somebody else's, a shop's, a former one, a fact about it."""

from __future__ import annotations

from dataclasses import replace

from importer.suggest.matching import BRACKETLESS, EXACT, SPELLED_OUT, HeaderMatch
from importer.suggest.spelling import compact, words
from importer.suggest.vocabulary import Vocabulary

CARRIES_FACT = frozenset({"mobile", "email", "externalId", "cardNumber", "points", "tier", "name", "fullName", "firstName",
                          "lastName", "gender", "birthDate", "city", "store", "language", "state", "zip"})  # fmt: skip


ABOUT_NOBODY = frozenset({"record", "address", "salutation"})


def doubted(header: str, match: HeaderMatch, known: Vocabulary) -> HeaderMatch:
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
