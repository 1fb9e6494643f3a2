"""Where a mapping's text names columns, found in its YAML without loading it, so that a text can be edited in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

BODY = frozenset({"lookup", "profile", "loyaltyInfo", "extendedFields", "loyaltyProgramEnrollments"})
LISTS_OF_COLUMNS = frozenset({"columns", "require", "credit_id"})
KEYED_BY_COLUMN = frozenset({"check", "given", "problems"})
NO_COLUMNS = frozenset(
    {"source", "accountId", "type", "constant", "convert", "equals", "in", "matches", "join", "blank"}
)


_CONSTANT = re.compile(r"|true|false|null|~|[-+.\d]+")  # what is no column where it stands plain


@dataclass(frozen=True, slots=True)
class Step:
    """One level of the way from the root to a node: the collection, and the entry in it. `key`: None in a list."""

    inside: MappingNode | SequenceNode
    key: ScalarNode | None
    value: Node

    @property
    def name(self) -> str:
        """The key's text; "" in a list."""
        return self.key.value if self.key else ""

    @property
    def start(self) -> int:
        """Where the entry begins in the text."""
        return int((self.key or self.value).start_mark.index)


@dataclass(frozen=True, slots=True)
class Naming:
    """A scalar that names a column. `way`: from the root down to the entry that is or holds it."""

    column: str
    node: ScalarNode
    way: tuple[Step, ...]

    @property
    def path(self) -> str:
        """Where it stands, for people: `profile.lastName`."""
        return ".".join(step.name for step in self.way if step.name and step.name not in {"column", "columns"})


def namings(text: str) -> tuple[Naming, ...]:
    """Every place that names a column, in the order of the text. `$file` and the like are none."""
    found = (
        Naming(_unescaped(node.value), node, way) for node, way in _scalars(_compose(text), ()) if _names(node, way)
    )
    return tuple(one for one in found if one.column and not one.node.value.startswith(("$file", "$sheet", "$row")))


def entry_at(text: str, line: int, column: int) -> tuple[Step, ...]:
    """The way to the innermost entry that begins at or before a place (counted from 1) and holds it; () for none."""
    best: tuple[Step, ...] = ()
    for node, way in _scalars(_compose(text), ()):
        if node.start_mark.line + 1 <= line and (node.start_mark.line + 1, node.start_mark.column + 1) <= (
            line,
            max(column, 1),
        ):
            best = way
    return best


def emptied(text: str) -> Iterator[tuple[Step, ...]]:
    """Ways to keys that hold nothing, but for those of a test, where that is a blank cell."""
    for node, way in _scalars(_compose(text), ()):
        if way[-1].key and node is way[-1].value and not node.value and node.style is None and way[0].name != "tests":
            yield way


def root_entries(text: str) -> dict[str, Step]:
    """The mapping's sections by name."""
    root = _compose(text)
    assert isinstance(root, MappingNode), "a mapping that has been loaded is a map"
    return {key.value: Step(root, key, value) for key, value in root.value}


def _compose(text: str) -> Node | None:
    root: Node | None = YAML(pure=True).compose(text)
    return root


def _scalars(node: Node | None, way: tuple[Step, ...]) -> Iterator[tuple[ScalarNode, tuple[Step, ...]]]:
    """Every scalar, keys too, in the order of the text, with the way to its entry."""
    if isinstance(node, ScalarNode):
        yield node, way
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*way, Step(node, key, value))
            yield key, here
            yield from _scalars(value, here)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from _scalars(value, (*way, Step(node, None, value)))


def _names(node: ScalarNode, way: tuple[Step, ...]) -> bool:
    keys = [step.name for step in way if step.name]
    if node is way[-1].key:
        return len(keys) > 1 and keys[-2] in KEYED_BY_COLUMN and "expect" not in keys
    if keys[-1] == "column" and keys[0] not in {"tests", "declare"}:
        return True
    if keys[-1] in LISTS_OF_COLUMNS:
        return True
    if keys[0] not in BODY or "when" in keys or NO_COLUMNS & set(keys):
        return False
    return node.style is not None or not _CONSTANT.fullmatch(node.value)


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("$$") else str(text)
