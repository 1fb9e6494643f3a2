"""What the parts of one list element (identifier, channel, enrolment) ask of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.validation.facts import Fact
from importer.validation.variant_facts import variant_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from importer.endpoint import Slot, Variant


@dataclass(frozen=True, slots=True)
class Element:
    """One list element as the mapping spells it, with its slots by their name within it."""

    prefix: str  # address up to the element: profile.commChannels[1]
    slots: Mapping[str, Slot]

    @property
    def key(self) -> Slot | None:
        """The slot without which the element does not exist."""
        return next((slot for slot in self.slots.values() if slot.target.key), None)

    @property
    def type(self) -> Slot | None:
        """The slot that tells the element's type."""
        return self.slots.get("type")


def elements(slots: Iterable[Slot]) -> list[Element]:
    """The list elements that these slots fill, in order."""
    found: dict[str, dict[str, Slot]] = {}
    for slot in slots:
        prefix, bracket, name = slot.address.rpartition("].")
        if bracket and slot.path:
            found.setdefault(prefix + "]", {})[name] = slot
    return [Element(prefix, parts) for prefix, parts in found.items()]


def element_facts(element: Element) -> Iterator[Fact]:
    """What is asked across the slots of one element, in the rows where its key is filled."""
    key = element.key
    if key is None:
        return
    kind = None if key.element else element.type  # the slot that tells each row's type, where the sheet does
    for name, slot in element.slots.items():
        if slot.target.required and slot is not key:
            yield _complete(key, [slot], f"its {name} is missing beside it")
    for variant in key.target.variants.values():
        if kind is None and key.element != variant.type:
            continue
        for names in (variant.needs_one_of, *((name,) for name in variant.needs)):
            if names:
                beside = [element.slots[name] for name in names if name in element.slots]
                words = f"a {variant.type} needs {' or '.join(names)} beside it"
                yield _complete(key, beside, words, kind, variant.type)
        if kind is not None:
            yield from _of_type(key, kind, variant)
    if kind is not None:
        yield from (_only_beside(slot, key, kind) for slot in element.slots.values() if slot.target.when_type)


def _complete(key: Slot, beside: Sequence[Slot], words: str, kind: Slot | None = None, wanted: str = "") -> Fact:
    """Where the key is filled (and the row's type is the wanted one), so is one of the slots beside it."""

    def holds(values: pd.DataFrame) -> list[bool]:
        answers = values[key.address].isna().tolist()
        for slot in beside:
            filled = values[slot.address].notna().tolist()
            answers = [good or there for good, there in zip(answers, filled, strict=True)]
        if kind is not None:
            kinds = values[kind.address].tolist()
            answers = [good or one != wanted for good, one in zip(answers, kinds, strict=True)]
        return answers

    return Fact("element-incomplete", key.address, holds, lambda _: words, across=True)


def _of_type(key: Slot, kind: Slot, variant: Variant) -> Iterator[Fact]:
    """What one type asks of the key's value, where the type comes from the sheet."""
    for fact in variant_facts(key.address, variant):
        yield Fact(fact.slug, fact.column, _where(fact, kind.address, variant.type), fact.detail, across=True)


def _where(fact: Fact, address: str, wanted: str) -> Callable[[pd.DataFrame], list[bool]]:
    """The fact's answer in rows whose type is the wanted one; True in all others."""

    def holds(values: pd.DataFrame) -> list[bool]:
        concerned = [kind == wanted for kind in values[address].tolist()]
        answers = fact.holds(values[fact.column].tolist())
        return [good or not concern for good, concern in zip(answers, concerned, strict=True)]

    return holds


def _only_beside(slot: Slot, key: Slot, kind: Slot) -> Fact:
    """The slot is filled only beside the types that it belongs to."""
    allowed = {None, *slot.target.when_type}

    def holds(values: pd.DataFrame) -> list[bool]:
        columns = (values[one.address].tolist() for one in (slot, key, kind))
        return [
            value is None or there is None or type_ in allowed for value, there, type_ in zip(*columns, strict=True)
        ]

    words = f"it goes only beside the type {' or '.join(slot.target.when_type)}"
    return Fact("only-beside-type", slot.address, holds, lambda _: words, across=True)
