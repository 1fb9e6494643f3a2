"""Which converters a column needs for its role, and what is to be asked about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from importer.suggest.choosing import Choice
from importer.suggest.fitting import ALMOST_ALL, HALF, LOYALTY_TYPES, Facts
from importer.suggest.roles import ROLES, Wants
from importer.suggest.shapes import Look
from importer.suggest.spelling import plain
from importer.suggest.stated import stated_order
from importer.suggest.vocabulary import vocabulary

GENDERS = ("Male", "Female", "Other")
DEFAULT_TRUTHS = frozenset({"true", "yes", "y", "1", "false", "no", "n", "0"})
FEW_FRACTIONS = 0.05  # share of cells up to which fractions are faults of their rows, not what the column is
SEPARATORS = (";", ",", "|", "/")
DATE_ONLY = {"part": {"regex": r"^(\S+?)(?:[T ]+\d{1,2}:.*)?$"}}


@dataclass(frozen=True, slots=True)
class Conversion:
    """Converters in order. `note`: evidence; `question`: what only the user knows; `fills`: False where nothing can be sent."""

    steps: tuple[Any, ...] = ()
    note: str = ""
    question: str = ""
    fills: bool = True


def conversion(choice: Choice) -> Conversion:
    """The converters for this column."""
    match ROLES[choice.role].wants:
        case Wants.PHONE:
            return _phone(choice)
        case Wants.EMAIL:
            return _email(choice)
        case Wants.DATE | Wants.BIRTH:
            return _moment(choice) if choice.role in {"tierExpiry", "pointsExpiry", "pushSeen"} else _day(choice)
        case Wants.BOOLEAN:
            return Conversion((_boolean(choice),))
        case Wants.GENDER:
            return _gender(choice)
        case Wants.INTEGER | Wants.SMALL | Wants.AGE:
            return _integer(choice)
        case Wants.LOYALTY:
            return _loyalty(choice)
        case Wants.NAME | Wants.TEXT:
            return Conversion(tidy(choice.facts))
    return _tier(choice) if choice.role == "tier" else Conversion(tidy(choice.facts))


def tidy(facts: Facts) -> tuple[str, ...]:
    """What the cells need to lose stray white space; nothing where there is none."""
    if facts.tally.spread:
        return ("squeeze",)
    return ("trim",) if facts.tally.padded else ()


def _phone(choice: Choice) -> Conversion:
    region = choice.facts.region
    if region is None:
        return Conversion(
            question=f"the cells are no phone numbers that a country knows; what are they? ({choice.evidence})",
            fills=False,
        )
    return Conversion(
        ({"phone": region.code},),
        "",
        f"{region.doubt}; `phone: {region.code}` stands there until you say" if region.doubt else "",
    )


def _email(choice: Choice) -> Conversion:
    lower = ("lower",) if choice.facts.tally.capitals else ()
    steps: tuple[Any, ...] = (*tidy(choice.facts), *lower, "email")
    if not choice.facts.tally.looks[Look.EMAILS]:
        return Conversion(steps)
    several = [value for value in choice.facts.tally.sample.examples if value.count("@") > 1]
    separator = next((one for one in SEPARATORS if any(one in value for value in several)), ";")
    rows = choice.facts.tally.looks[Look.EMAILS]
    return Conversion(({"split": separator}, "trim", *lower, "email"), f"{rows:,} of the cells with several addresses")


def _day(choice: Choice) -> Conversion:
    verdict = choice.facts.tally.days.verdict(stated_order(choice.column), clock=False)
    if verdict is None:
        return Conversion(question="the cells are no dates; which format are they in?", fills=False)
    steps: tuple[Any, ...] = ({"date": _formats(verdict.formats)},)
    if verdict.timed:
        steps = (DATE_ONLY, *steps)
    return Conversion(steps, verdict.evidence, verdict.doubt)


def _moment(choice: Choice) -> Conversion:
    days = choice.facts.tally.days
    verdict = days.verdict(stated_order(choice.column))
    if verdict is None:
        return Conversion(question="the cells are no dates; which format are they in?", fills=False)
    options: dict[str, Any] = {"format": _formats(verdict.formats)}
    if choice.role != "pushSeen" and not verdict.timed:
        options["at"] = "23:59:59"
    questions = [verdict.doubt] if verdict.doubt else []
    if days.zoned < days.dates or not days.dates:
        questions.append("in which time zone are cells without an offset? UTC stands there until you say")
    if "at" in options:
        questions.append("does the day count to its end (23:59:59)?")
    return Conversion(({"datetime": {**options, "zone": "UTC"}},), verdict.evidence, "; ".join(questions))


def _formats(found: tuple[str, ...]) -> str | list[str]:
    if not found:
        return "%Y-%m-%d"
    return found[0] if len(found) == 1 else list(found)


def _boolean(choice: Choice) -> Any:
    truths = choice.facts.truths or {}
    if all(value.lower() in DEFAULT_TRUTHS for value in truths):
        return "boolean"
    return boolean_of(truths)


def boolean_of(truths: dict[str, bool]) -> Any:
    """The converter for these words; a side that the sheet never shows gets the usual word."""
    yes = [value for value, truth in truths.items() if truth] or ["yes"]
    no = [value for value, truth in truths.items() if not truth] or ["no"]
    return {"boolean": {"true": yes, "false": no}}


def _gender(choice: Choice) -> Conversion:
    values, ways = choice.facts.values, choice.facts.genders
    if set(values) <= set(GENDERS) and values:
        return Conversion(tidy(choice.facts))
    if not ways:
        shown = ", ".join(map(repr, values[:6])) or "its many values"
        return Conversion(question=f"which of {', '.join(GENDERS)} do {shown} stand for?", fills=False)
    known = ways[0]
    questions = [f"what does {value!r} stand for?" for value in values if value not in known]
    questions += [
        f"is {value!r} {known[value]} or {other[value]}?"
        for other in ways[1:]
        for value in values
        if known.get(value) != other.get(value)
    ]
    return Conversion(
        ({"choice": {value: known[value] for value in values if value in known}},),
        "",
        " ".join(dict.fromkeys(questions)),
    )


def _integer(choice: Choice) -> Conversion:
    tally = choice.facts.tally
    if tally.share(Look.FRACTION) > FEW_FRACTIONS or tally.share(Look.NUMBER) < HALF:
        what = (
            f"{tally.looks[Look.FRACTION]:,} cells have a fraction"
            if tally.looks[Look.FRACTION]
            else "most cells are no numbers"
        )
        return Conversion(
            question=f"{what}, and the target takes whole numbers only; how are they to be rounded?", fills=False
        )
    if points := tally.looks[Look.POINT]:
        return Conversion(
            ({"integer": {"thousands": "."}},), f"{points:,} cells have points in groups of three",
            "are the points between digits thousands, as 1.250 for 1250?",
        )  # fmt: skip
    if commas := tally.looks[Look.COMMA]:
        return Conversion(({"integer": {"thousands": ","}},), f"{commas:,} cells have commas in groups of three")
    return Conversion(("integer",))


def _loyalty(choice: Choice) -> Conversion:
    facts = choice.facts
    if set(facts.values) <= LOYALTY_TYPES and facts.values:
        return Conversion(tidy(choice.facts))
    if facts.truths:
        words = {value: "loyalty" if truth else "non_loyalty" for value, truth in facts.truths.items()}
        return Conversion(({"choice": words},), "", "is this whether the customer is in the loyalty programme?")
    shown = ", ".join(map(repr, facts.values[:6])) or "its many values"
    return Conversion(
        question=f"which of {shown} are loyalty, which non_loyalty? Nothing is sent until you say", fills=False
    )


def _tier(choice: Choice) -> Conversion:
    facts, tally = choice.facts, choice.facts.tally
    if tally.share(Look.DIGITS) >= ALMOST_ALL:
        return Conversion(("integer",))
    if not facts.values:
        return Conversion(question="it has too many different values for tiers; what is it?", fills=False)
    ranks = vocabulary().tiers
    ordered = sorted(
        facts.values,
        key=lambda value: (min((ranks[word] for word in plain(value).split() if word in ranks), default=99), value),
    )
    known = all(any(word in ranks for word in plain(value).split()) for value in ordered)
    numbered = {value: number for number, value in enumerate(ordered, start=1)}
    order = "in their usual order" if known else "in alphabetical order"
    return Conversion(
        ({"choice": numbered},),
        "",
        f"which number has each tier? They are numbered {order}, 1 the lowest, until you say",
    )
