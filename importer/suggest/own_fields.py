"""Columns that no target is known for but that look like fields of the organisation: a name and a type for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from importer.suggest.choosing import Choice
from importer.suggest.converting import DEFAULT_TRUTHS, GENDERS, boolean_of, tidy
from importer.suggest.fitting import Facts
from importer.suggest.headers import matches
from importer.suggest.matching import SHORTENED
from importer.suggest.shapes import Look
from importer.suggest.spelling import snake
from importer.suggest.wording import different

LONGEST_NAME = 20  # characters of a custom field's name (document CF)
LONGEST_TEXT = 250  # characters of its value (document CF)
FEW_VALUES = 24


@dataclass(frozen=True, slots=True)
class OwnField:
    """A custom field as it would be declared."""

    name: str
    column: str
    type: str
    convert: tuple[Any, ...]
    evidence: str


def own_field(choice: Choice) -> OwnField | None:
    """The field that this column looks like; None where it does not: free text, codes, somebody else's facts."""
    facts, tally = choice.facts, choice.facts.tally
    found = matches(choice.column)
    flag = facts.truths is not None  # whether a mobile number has consented is a field of its own
    if not tally.filled or any(one.doubt and not (one.fact and flag) for one in found):
        return None
    if any(one.strength >= SHORTENED for one in found):
        return None
    name = snake(choice.column, LONGEST_NAME)
    if not name or not facts.values or tally.longest > LONGEST_TEXT:
        return None
    if facts.truths and tally.filled > len(facts.truths):
        usual = all(value.lower() in DEFAULT_TRUTHS for value in facts.truths)
        step = "boolean" if usual else boolean_of(facts.truths)
        return OwnField(name, choice.column, "boolean", (step,), f"cells say {', '.join(facts.values)}")
    if len(facts.values) > FEW_VALUES or tally.filled < 3 * len(facts.values):
        return None
    if tally.share(Look.DIGITS) == 1 and not tally.looks[Look.ZERO_FIRST] and tally.longest < LONGEST_NAME - 12:
        return OwnField(name, choice.column, "integer", ("integer",), f"whole numbers, {different(len(facts.values))}")
    return OwnField(name, choice.column, "string", tidy(facts), different(len(facts.values)))


def declared(address: str, facts: Facts) -> dict[str, Any]:
    """The type to propose for an extended field, by its name and its cells."""
    name = address.rpartition(".")[2]
    if name == "gender":
        return {"type": "enum", "values": list(GENDERS)}
    if name in {"dob", "wedding_date"}:
        return {"type": "date"}
    if name == "age":
        return {"type": "integer"}
    if name in {"marital_status", "religion"} and 0 < len(facts.values) <= FEW_VALUES:
        return {"type": "enum", "values": sorted(facts.values)}
    return {"type": "string"}
