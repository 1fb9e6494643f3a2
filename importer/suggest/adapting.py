"""An existing mapping made to fit a new sheet: what is renamed follows, what is missing is taken out, what is new is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.suggest.choosing import Choice
from importer.suggest.drafting import UNREAD
from importer.suggest.layout import remark
from importer.suggest.moving import Moves, moves
from importer.suggest.naming import entry_at, namings
from importer.suggest.own_fields import own_field
from importer.suggest.rewriting import asked, renamed, taken_out, with_sheet, without
from importer.suggest.roles import ROLES
from importer.suggest.whom import PLACEHOLDER_SOURCE


@dataclass(frozen=True, slots=True)
class Adapted:
    """The new text, and what moved. `taken`: by each missing column, the paths that nothing fills any more."""

    text: str
    moves: Moves
    taken: Mapping[str, tuple[str, ...]]

    @property
    def finds_customers(self) -> bool:
        """Whether an identifier of the lookup is left."""
        return any(one.path.startswith("lookup.identifiers") for one in namings(self.text))

    @property
    def told(self) -> tuple[str, ...]:
        """What moved, a line each."""
        return (
            f"{len(self.moves.kept)} columns of the mapping are in this sheet.",
            *(f"Renamed: {one.old} is now {one.new} ({one.why})." for one in self.moves.renamed),
            *(
                f"Missing: {column}, taken out of {', '.join(paths) or 'the tests'}."
                for column, paths in self.taken.items()
            ),
            *(f"New: {_proposed(choice)}." for choice in self.moves.new),
        )


def adapt(text: str, choices: Sequence[Choice], sheet: Mapping[str, str | int]) -> Adapted:
    """The mapping's text for the sheet with these columns. Raises Inseparable where a missing column cannot be taken out.

    Args:
        text: of a mapping that loads.
        choices: what the sheet's columns hold.
        sheet: what its `sheet:` section must say too for the file to be read so again.
    """
    named: dict[str, list[str]] = {}
    for one in namings(text):
        named.setdefault(one.column, []).append(one.path)
    moved = moves(named, choices)
    text = renamed(_untold(text), {one.old: one.new for one in moved.renamed})
    for column in moved.missing:
        text = without(text, column)
    taken = {
        column: tuple(path for path in dict.fromkeys(named[column]) if "tests." not in path) for column in moved.missing
    }
    return Adapted(_told(asked(with_sheet(text, sheet), _questions(moved, taken)), moved), moved, taken)


def mended(text: str, line: int, column: int, fault: str) -> str:
    """The text without what is wrong at a place since something else has gone, and a question. Raises Inseparable."""
    text = taken_out(text, entry_at(text, line, column), fault)
    return asked(text, [f"{fault}; so it was taken out too. Is that meant?"])


def _questions(moved: Moves, taken: Mapping[str, Sequence[str]]) -> list[str]:
    told = [f"{one.old}: is it {one.new} in this sheet? {one.why}." for one in moved.renamed if not one.sure]
    for column, paths in taken.items():
        if "lookup.source" in paths:
            told.append(f"{column}: the sheet lacks it; put the source in place of {PLACEHOLDER_SOURCE}.")
        else:
            told.append(
                f"{column}: the sheet lacks it; it was taken out of {', '.join(paths) or 'the tests'}. Is that meant?"
            )
    return told


def _told(text: str, moved: Moves) -> str:
    """The text with the new columns at its end."""
    if not moved.new:
        return text
    lines = [f"#   {remark(_proposed(choice))}" for choice in moved.new]
    return "\n".join([text.rstrip("\n"), "", f"{UNREAD} new in this sheet, with what they may fill", *lines, ""])


def _untold(text: str) -> str:
    """The text without an earlier draft's list of columns that nothing reads."""
    lines = text.splitlines(keepends=True)
    begins = next((number for number, line in enumerate(lines) if line.startswith(UNREAD)), len(lines))
    ends = next(
        (number for number in range(begins + 1, len(lines)) if not lines[number].startswith("#   ")), len(lines)
    )
    return "".join([*lines[:begins], *lines[ends:]]) if begins < len(lines) else text


def _proposed(choice: Choice) -> str:
    role = ROLES.get(choice.role)
    if own := own_field(choice) if role is None else None:
        return f"{choice.column}: profile.fields.{own.name} ({own.type}; low: {own.evidence})"
    if role is None or not role.address:
        return f"{choice.column}: {role.label if role else choice.doubt}"
    return f"{choice.column}: {role.address} ({choice.confidence}: {choice.evidence})"
