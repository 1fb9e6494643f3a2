"""The shape of a body, compiled from the slots' paths into one small function for each node.

A row is a tuple of values in slot order. Whatever has nothing to say answers with None, and its parent leaves
it out; so blank targets, empty objects and empty lists never appear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from importer.endpoint import Kind, Slot

Row = tuple[Any, ...]
Part = Callable[[Row], Any]


class Element:
    """One element of a list, while the tree is being built."""

    def __init__(self) -> None:
        self.fields = Node()
        self.key: tuple[int, str] | None = None  # position in the row, name in the element


class Node:
    """An object of the body while the tree is built: names, each a leaf, an object or a list of elements."""

    def __init__(self) -> None:
        self.parts: dict[str, Part | Node | dict[int, Element]] = {}

    def add(self, path: Sequence[str | int], slot: Slot, position: int) -> None:
        """Give the slot its place below this node."""
        name, *rest = path
        assert isinstance(name, str), f"{slot.address}: a path has a name before each number"
        if not rest:
            self.parts[name] = _leaf(slot, position)
            return
        if isinstance(rest[0], int):
            elements = self.parts.setdefault(name, {})
            assert isinstance(elements, dict), (
                f"{slot.address}: {name} is a list in one slot and something else in another"
            )
            element = elements.setdefault(rest[0], Element())
            if slot.target.key and len(rest) == 2:  # noqa: PLR2004 - number and name: the key lies directly in its element
                element.key = (position, str(rest[1]))
            element.fields.add(rest[1:], slot, position)
            return
        below = self.parts.setdefault(name, Node())
        assert isinstance(below, Node), f"{slot.address}: {name} is an object in one slot and something else in another"
        below.add(rest, slot, position)

    def build(self) -> Part:
        """The function that makes this object of a row; None where it would be empty."""
        parts = [(name, _part(part)) for name, part in self.parts.items()]

        def make(row: Row) -> dict[str, Any] | None:
            made = {}
            for name, part in parts:
                value = part(row)
                if value is not None:
                    made[name] = value
            return made or None

        return make


def compile_body(slots: Iterable[Slot]) -> Part:
    """The function from a row (values in the slots' order) to its body; None where it would be empty."""
    root = Node()
    for position, slot in enumerate(slots):
        if slot.path:
            root.add(slot.path, slot, position)
    return root.build()


def _part(part: Part | Node | dict[int, Element]) -> Part:
    """The function for whatever stands under a name."""
    if isinstance(part, Node):
        return part.build()
    if isinstance(part, dict):
        return _list([part[number] for number in sorted(part)])
    return part


def _leaf(slot: Slot, position: int) -> Part:
    """The value itself; of a target that holds a list, None where that is empty."""
    value = itemgetter(position)
    return (lambda row: value(row) or None) if slot.target.kind is Kind.LIST else value


def _list(elements: Sequence[Element]) -> Part:
    """The list of those elements that exist in a row; None where there is none."""
    makers = [_element(element) for element in elements]

    def make(row: Row) -> list[Any] | None:
        made: list[Any] = []
        for maker in makers:
            made += maker(row)
        return made or None

    return make


def _element(element: Element) -> Callable[[Row], Sequence[Any]]:
    """None, one or several elements: one for each distinct entry where the key holds a list."""
    build = element.fields.build()
    if element.key is None:

        def make_plain(row: Row) -> Sequence[Any]:
            made = build(row)
            return () if made is None else (made,)

        return make_plain
    position, name = element.key

    def make(row: Row) -> Sequence[Any]:
        key = row[position]
        if key is None:
            return ()
        made = build(row)
        if type(key) is list:
            return [{**made, name: entry} for entry in dict.fromkeys(key)]
        return (made,)

    return make
