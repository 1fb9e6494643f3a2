"""The columns while a draft is written: who plays which role, what each one fills, and what is to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from importer.suggest.choosing import Choice, Confidence
from importer.suggest.converting import Conversion, conversion
from importer.suggest.layout import flow, scalar
from importer.suggest.own_fields import OwnField
from importer.suggest.roles import ROLES

CONSTANT_WHEN_BARE = frozenset({"lookup.source", "lookup.accountId"})


@dataclass
class Columns:
    """All columns of the sheet. `used`: the address that each one fills."""

    choices: Sequence[Choice]
    asked: list[tuple[list[str], str]] = field(default_factory=list)  # (whom a question is about, question)
    used: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, Choice] = field(default_factory=dict)  # the choice by which a column is used
    doubted: set[str] = field(default_factory=set)
    fields: list[OwnField] = field(default_factory=list)
    by_role: dict[str, list[Choice]] = field(default_factory=dict)
    converted: dict[tuple[str, str], Conversion] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for choice in self.choices:
            if choice.role:
                self.by_role.setdefault(choice.role, []).append(choice)

    @property
    def questions(self) -> list[str]:
        """What only the user knows, in the order it came up."""
        return [f"{', '.join(about)}: {question}" for about, question in self.asked]

    def ask(self, about: str, question: str) -> None:
        """Ask about a column or a section; once, where the same is asked about several."""
        for others, asked in self.asked:
            if asked == question:
                others.append(about)
                return
        self.asked.append(([about], question))

    def one(self, role: str) -> Choice | None:
        """The column of this role, where it can fill its target."""
        choice = next(iter(self.by_role.get(role, ())), None)
        return choice if choice and self.conversion(choice).fills else None

    def conversion(self, choice: Choice) -> Conversion:
        """Its converters; the first time, what is doubtful about them is asked."""
        key = (choice.column, choice.role)
        if key not in self.converted:
            found = self.converted[key] = conversion(choice)
            if found.question:
                self.ask(choice.column, found.question)
        return self.converted[key]

    def form(self, choice: Choice, address: str) -> str:
        """What fills a target; from now on the column is used, and asked about where it is not sure."""
        self.used.setdefault(choice.column, address)
        self.chosen.setdefault(choice.column, choice)
        if choice.confidence is not Confidence.HIGH and choice.column not in self.doubted:
            self.doubted.add(choice.column)
            self.ask(choice.column, f"is it {ROLES[choice.role].what}? {_sentence(choice.doubt or choice.evidence)}")
        return form(named(choice), self.conversion(choice).steps, bare=address not in CONSTANT_WHEN_BARE)

    def why(self, choice: Choice) -> str:
        """Confidence, evidence and how many cells are filled."""
        tally = choice.facts.tally
        note = self.conversion(choice).note
        parts = [choice.evidence, note, f"{tally.filled:,} of {tally.rows:,} filled"]
        return f"{choice.confidence}: {'; '.join(part for part in parts if part)}"


def form(column: str, steps: Sequence[Any], *, bare: bool = True) -> str:
    """What fills a target, as short as a mapping may say it. `bare`: whether a column's name alone is not a constant there."""
    if steps:
        return flow({"column": column, "convert": list(steps)})
    return scalar(column) if bare else flow({"column": column})


def named(choice: Choice) -> str:
    """The column as a mapping spells it."""
    return escaped(choice.column)


def escaped(column: str) -> str:
    """A header that begins with $ is written $$."""
    return f"${column}" if column.startswith("$") else column


def repeats(choice: Choice) -> str:
    """How many values come more than once, in words; "" where none does."""
    repeated = choice.facts.tally.sample.repeated
    if not repeated:
        return ""
    about = "" if choice.facts.tally.sample.exact else "about "
    return f"; {about}{repeated:,} of its values come{'s' * (repeated == 1)} more than once"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}"
