"""What the catalog and the mapping's `declare:` ask of each value that would be sent."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from importer.endpoint import Kind, Slot, Variant
from importer.validation.facts import Fact, at_least, at_most, each, form, longest, one_of, only_text
from importer.validation.variant_facts import variant_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_INTEGER = 2**63 - 1  # what Capillary's Java side reads as a long
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", re.ASCII)


def is_date(value: Any) -> bool:
    """Whether this is a day that exists, as YYYY-MM-DD."""
    return type(value) is str and DATE.fullmatch(value) is not None and _reads(date.fromisoformat, value)


def is_datetime(value: Any) -> bool:
    """Whether this is a moment that exists, as YYYY-MM-DDTHH:MM:SS±hh:mm."""
    return type(value) is str and DATETIME.fullmatch(value) is not None and _reads(datetime.fromisoformat, value)


def _reads(reader: Callable[[str], object], value: str) -> bool:
    """Whether the reader accepts this text."""
    try:
        reader(value)
    except ValueError:
        return False
    return True


def _is_number(value: Any) -> bool:
    """Whether this is a number that JSON can carry; Python's booleans are none."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_text(value: Any) -> bool:
    """Whether this is text."""
    return type(value) is str


TYPES: dict[Kind, tuple[Callable[[Any], bool], str]] = {
    Kind.STRING: (_is_text, "text"),
    Kind.ENUM: (_is_text, "text"),
    Kind.LIST: (_is_text, "a list of texts"),
    Kind.INTEGER: (lambda value: type(value) is int, "an integer"),
    Kind.DOUBLE: (_is_number, "a number"),
    Kind.BOOLEAN: (lambda value: type(value) is bool, "true or false"),
    Kind.DATE: (is_date, "a date that exists, as YYYY-MM-DD"),
    Kind.DATETIME: (is_datetime, "a moment that exists, as YYYY-MM-DDTHH:MM:SS±hh:mm"),
    Kind.DATE_OR_DATETIME: (
        lambda value: is_date(value) or is_datetime(value),
        "a date or a moment that exists, as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS±hh:mm",
    ),
}


PLAIN: dict[Kind, type] = {Kind.STRING: str, Kind.ENUM: str, Kind.INTEGER: int, Kind.BOOLEAN: bool}
"""Kinds of which every value of this Python type is one."""


def slot_facts(slot: Slot) -> Iterator[Fact]:
    """What is asked of one slot's value by itself: its type first, then everything else."""
    target, address = slot.target, slot.address
    yield _type(slot)
    if target.kind in (Kind.STRING, Kind.ENUM, Kind.LIST):
        yield _whole_characters(address)
    if target.values and not target.open_values:
        yield one_of(address, target.values)
    if target.max_length is not None:
        yield longest(address, target.max_length)
    if target.pattern is not None:
        yield _unless_cleared(form(address, target.pattern, target.pattern_help), slot)
    if target.kind in (Kind.INTEGER, Kind.DOUBLE):
        yield at_least(address, -LARGEST_INTEGER if target.min is None else target.min, _number)
        yield at_most(address, LARGEST_INTEGER if target.max is None else target.max, _number)
    if (variant := variant_of(slot)) is not None:
        yield from (_unless_cleared(fact, slot) for fact in variant_facts(address, variant))


def _type(slot: Slot) -> Fact:
    """The value has the target's type; only a list element's key or a target of kind list holds several."""
    good, words = TYPES[slot.target.kind]
    several = slot.target.key or slot.target.kind is Kind.LIST
    only_several = slot.target.kind is Kind.LIST

    def one(value: Any) -> bool:
        if type(value) is list:
            return several and all(map(good, value))
        return (good(value) and not only_several) or (slot.clears and value == "")

    fact = each("wrong-type", slot.address, one, words)
    plain = None if only_several else PLAIN.get(slot.target.kind)

    def holds(values: Sequence[Any]) -> list[bool]:
        if plain is not None and set(map(type, values)) <= {plain, type(None)}:
            return [True] * len(values)
        if only_text(values):
            return fact.holds(values)
        return [value is None or one(value) for value in values]

    return Fact(fact.slug, slot.address, holds, lambda _: words)


def _whole_characters(address: str) -> Fact:
    """The text has no half of a surrogate pair, which UTF-8 cannot carry."""
    slow = each("broken-character", address, lambda value: type(value) is not str or _encodes(value), "")

    def holds(values: Sequence[Any]) -> list[bool]:
        whole = only_text(values) and _encodes("".join(filter(None, values)))
        return [True] * len(values) if whole else slow.holds(values)

    return Fact(slow.slug, address, holds, slow.detail)


def _encodes(text: str) -> bool:
    """Whether UTF-8 can carry the text."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unless_cleared(fact: Fact, slot: Slot) -> Fact:
    """The same fact; where the slot may be cleared, the empty text that says so passes."""
    if not slot.clears:
        return fact
    return Fact(
        fact.slug,
        fact.column,
        lambda values: [good or value == "" for good, value in zip(fact.holds(values), values, strict=True)],
        fact.detail,
    )


def _number(value: Any) -> float | None:
    """The value where it is a number."""
    return value if _is_number(value) else None


def variant_of(slot: Slot) -> Variant | None:
    """What holds of the slot's value for its type, where the mapping states that: a candidate of the lookup by name."""
    return slot.target.variants.get(slot.element or ("" if slot.path else slot.address.rpartition("].")[2]))
