"""Which role each column plays: headers and cells weighed together, one column a role, with confidence and doubts."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from importer.suggest.fitting import ALMOST_ALL, HALF, LOYALTY_TYPES, Facts
from importer.suggest.headers import matches
from importer.suggest.matching import SPELLED_OUT, HeaderMatch
from importer.suggest.roles import AMBIGUOUS_NAME, ROLES, SECONDS, Wants
from importer.suggest.shapes import Look
from importer.suggest.spelling import words
from importer.suggest.tally import Tally
from importer.suggest.vocabulary import vocabulary
from importer.suggest.wording import cells

HIGH, MEDIUM, LOWEST = 0.85, 0.55, 0.35
TIE = 0.95  # a second role that scores so near the best leaves a doubt
GENDER_VALUES = 6
FULL_NUMBER = 10  # digits; shorter numbers without any mark may number something else


class Confidence(enum.StrEnum):
    """How sure a choice is."""

    HIGH = "high"  # header and cells agree, and nothing else claims the role
    MEDIUM = "medium"  # likely; asked
    LOW = "low"  # a guess; asked


@dataclass(frozen=True, slots=True)
class Choice:
    """The role of a column; `role` is "" where it has none."""

    facts: Facts
    role: str = ""
    score: float = 0.0
    evidence: str = ""
    doubt: str = ""  # why it is not sure, or why it has no role

    @property
    def column(self) -> str:
        """The column's name."""
        return self.facts.tally.name

    @property
    def confidence(self) -> Confidence:
        """In a word."""
        if self.score >= HIGH and not self.doubt:
            return Confidence.HIGH
        return Confidence.MEDIUM if self.score >= MEDIUM else Confidence.LOW


def choose(tallies: Sequence[Tally]) -> tuple[Choice, ...]:
    """One choice a column, in the sheet's order."""
    headers = {tally.name: matches(tally.name) for tally in tallies}
    likely = _regions(headers.values())
    facts = [Facts(tally, likely) for tally in tallies]
    options = [option for one in facts if one.tally.filled for option in _options(one, headers[one.tally.name])]
    options.sort(key=lambda one: -one.score)
    chosen: dict[str, Choice] = {}
    taken: dict[str, Choice] = {}
    for option in options:
        if option.column in chosen or option.score < LOWEST:
            continue
        settled = _settle(option, taken)
        if settled:
            chosen[option.column] = settled
            taken.setdefault(settled.role, settled)
    chosen = _rivalled(chosen, options)
    chosen = _addressed(_names(chosen))
    return tuple(chosen.get(one.tally.name) or _without(one, headers[one.tally.name]) for one in facts)


def _regions(headers: Iterable[Sequence[HeaderMatch]]) -> tuple[str, ...]:
    """Regions of the language in which most columns are headed; none for English, which is everywhere."""
    votes: Counter[str] = Counter()
    for match in (one for found in headers for one in found[:1]):
        votes.update(language for language in match.languages if language in vocabulary().regions)
    return tuple(code for language, _ in votes.most_common(1) for code in vocabulary().regions[language])


def _options(facts: Facts, headers: Sequence[HeaderMatch]) -> list[Choice]:
    """Every role that header or cells speak for."""
    found = []
    best = headers[0].strength if headers else 0.0
    for match in headers:
        role = SECONDS.get(match.role, match.role) if match.second else match.role
        wants = Wants.NAME if role == AMBIGUOUS_NAME else ROLES[role].wants
        fit = facts.fit(wants)
        score = match.strength * (0.25 + 0.75 * fit.factor)
        doubt = match.doubt
        if not doubt and match.strength < SPELLED_OUT:
            doubt = match.how
        if not doubt and fit.factor < HALF:
            doubt = f"the header says so, but {fit.evidence}"
        if not doubt and role == "source" and fit.factor < 1:
            doubt = fit.evidence
        if match.second and role not in SECONDS.values():
            score, doubt = score * 0.5, doubt or "the header says that it is a second one"
        evidence = "; ".join(part for part in (match.how, fit.evidence) if part)
        found.append(Choice(facts, role, score, evidence, doubt))
    if best < MEDIUM and not any(one.doubt for one in headers):
        found += _by_cells(facts)
    return _undecided(sorted(found, key=lambda one: -one.score))


def _undecided(found: list[Choice]) -> list[Choice]:
    """The options, best first; the best with a doubt where the next one is as good."""
    if len(found) < 2 or found[1].score < TIE * found[0].score or AMBIGUOUS_NAME in {found[0].role, found[1].role}:  # noqa: PLR2004
        return found
    best, other = found[0], ROLES[found[1].role]
    doubt = best.doubt or f"the header may as well mean {other.what}"
    return [replace(best, doubt=doubt), *found[1:]]


def _by_cells(facts: Facts) -> list[Choice]:
    """Roles for which the cells alone speak."""
    tally = facts.tally
    found = []

    def add(
        role: str, score: float, evidence: str, doubt: str = "the header is unknown; the cells alone speak"
    ) -> None:
        found.append(Choice(facts, role, score, evidence, doubt))

    if tally.share(Look.EMAIL) + tally.share(Look.EMAILS) >= ALMOST_ALL:
        add("email", 0.65, facts.fit(Wants.EMAIL).evidence)
    elif facts.values and set(facts.values) <= LOYALTY_TYPES:
        add("loyaltyType", 0.65, f"cells say {', '.join(facts.values)}")
    elif facts.gendered >= ALMOST_ALL and 1 < len(facts.values) <= GENDER_VALUES and not facts.truths:
        add("gender", 0.56, facts.fit(Wants.GENDER).evidence)
    elif tally.share(Look.PHONE) >= ALMOST_ALL and facts.region and facts.region.valid >= ALMOST_ALL:
        bare = tally.share(Look.DIGITS) >= HALF and min(tally.lengths, default=0) < FULL_NUMBER
        sure = tally.share(Look.ABROAD) >= HALF or (facts.region.mobile >= ALMOST_ALL and not bare)
        if sure and tally.sample.distinct > 0.5 * tally.filled:
            add("mobile", 0.5, facts.fit(Wants.PHONE).evidence)
    elif (
        set(words(tally.name))
        and set(words(tally.name)) <= vocabulary().noise | vocabulary().numbering
        and facts.numbers_rows
    ):
        add("externalId", 0.5, facts.fit(Wants.CODE).evidence, "the header says no more than that it is a number")
    return found


def _rivalled(chosen: dict[str, Choice], options: Sequence[Choice]) -> dict[str, Choice]:
    """With a doubt wherever a column that has found no role would have fitted as well."""
    found = dict(chosen)
    for option in options:
        holder = next((one for one in found.values() if one.role == option.role), None)
        if holder and option.column not in found and option.score >= TIE * holder.score:
            doubt = holder.doubt or f"{option.column!r} may be it as well"
            found[holder.column] = replace(holder, doubt=doubt)
    return found


def _settle(option: Choice, taken: dict[str, Choice]) -> Choice | None:
    """The option where its role is free; else what is left to a second column of the kind; None where nothing is."""
    if option.role == AMBIGUOUS_NAME:
        return option if AMBIGUOUS_NAME not in taken else None
    role = ROLES[option.role]
    if role.several or option.role not in taken:
        return option
    if second := SECONDS.get(option.role):
        first = taken[option.role]
        doubt = f"{first.column!r} holds the {option.role} too, and fits better"
        return replace(option, role=second, score=min(option.score, 0.7), doubt=option.doubt or doubt)
    return None


def _names(chosen: dict[str, Choice]) -> dict[str, Choice]:
    """What a column headed `Name` holds: what the other columns leave."""
    roles = {choice.role for choice in chosen.values()}
    found = dict(chosen)
    for column, choice in chosen.items():
        if choice.role == "fullName" and {"firstName", "lastName"} & roles:
            found.pop(column)
        if choice.role != AMBIGUOUS_NAME:
            continue
        if {"firstName", "lastName"} <= roles or ("fullName" in roles and "firstName" not in roles):
            found.pop(column)
        elif "lastName" in roles:
            found[column] = replace(
                choice,
                role="firstName",
                score=choice.score * 0.95,
                evidence=f"{choice.evidence}; another column holds the last name",
            )
        elif "firstName" in roles:
            found[column] = replace(
                choice,
                role="lastName",
                score=choice.score * 0.95,
                evidence=f"{choice.evidence}; another column holds the first name",
            )
        else:
            spaced = choice.facts.tally.share(Look.SPACED)
            role = "fullName" if spaced >= HALF else "firstName"
            doubt = choice.doubt or f"{cells(spaced)} hold several words; is it the full name, or a part of it?"
            found[column] = replace(choice, role=role, score=min(choice.score, 0.8), doubt=doubt)
    return found


def _addressed(chosen: dict[str, Choice]) -> dict[str, Choice]:
    """Where no column holds the gender, what the form of address says of it: Mrs is a woman."""
    spoken = next((one for one in chosen.values() if one.role == "salutation"), None)
    if not spoken or spoken.facts.gendered < ALMOST_ALL or any(one.role == "gender" for one in chosen.values()):
        return chosen
    doubt = "it is a form of address, from which the gender can be read"
    return chosen | {spoken.column: replace(spoken, role="gender", score=min(spoken.score, 0.7), doubt=doubt)}


def _without(facts: Facts, headers: Sequence[HeaderMatch]) -> Choice:
    """A column without a role, and why."""
    if not facts.tally.filled:
        return Choice(facts, doubt="no cell is filled")
    if headers and headers[0].doubt:
        return Choice(facts, doubt=headers[0].doubt)
    if not headers or headers[0].strength < MEDIUM:
        return Choice(facts, doubt="neither header nor cells say what it is")
    role = ROLES[headers[0].role] if headers[0].role in ROLES else ROLES["fullName"]
    fit = facts.fit(role.wants)
    what = role.what
    but = fit.evidence if fit.factor < HALF else "another column holds that"
    return Choice(facts, doubt=f"the header says {what}, but {but}")
