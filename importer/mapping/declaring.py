"""Writes the organisation's own fields into a mapping's text, or as a `declare:` section by itself.

In a mapping, only what differs is written: a field that is there with a fitting type stays as it stands, with whatever
the mapping says beyond the type, and so does every other character of the file. YAML's own positions say where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from importer.mapping.document import read
from importer.mapping.findings import nearest

LISTS = ("extendedFields", "fields")
COMPLETE = "complete: true  # as Capillary lists them: a field that is missing here is an error of the mapping"
PLAIN = re.compile(r"[^\W\d](?:[\w. -]*[\w.-])?")  # every other name is quoted, needed or not


@dataclass(frozen=True, slots=True)
class Declaration:
    """One field to declare, in the section extendedFields or fields. `also`: other types that fit it."""

    section: str
    name: str
    type: str
    also: tuple[str, ...] = ()
    remark: str = ""

    def line(self, name: str = "") -> str:
        """Its entry in a block, under this spelling of its name."""
        name = name or self.name
        key = name if PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        return f"{key}: {{type: {self.type}}}" + (f"  # {' '.join(self.remark.split())}" if self.remark else "")


class Declared(NamedTuple):
    """A mapping's text with the fields declared, and what was changed, in sentences."""

    text: str
    changes: tuple[str, ...]


class _Edit(NamedTuple):
    """Characters from `start` to `end` give way to `text`."""

    start: int
    end: int
    text: str


class _Field(NamedTuple):
    """What becomes of one field: the text of its entry (None: it goes), and a sentence where that is a change."""

    text: str | None
    change: str = ""
    entry: tuple[Node, Node] | None = None  # where it stands; None: it is new


def declare_text(declarations: Sequence[Declaration]) -> str:
    """The section by itself."""
    return declare_into("", declarations).text.lstrip("\n")


def declare_in(path: Path, declarations: Sequence[Declaration]) -> Declared:
    """A mapping file's text with exactly these fields declared. Raises MappingError where it cannot be read."""
    return declare_into(read(path).text, declarations)


def declare_into(text: str, declarations: Sequence[Declaration]) -> Declared:
    """A mapping's text, which is a map of sections, with exactly these fields declared."""
    root = YAML(pure=True).compose(text)
    entry = next((pair for pair in (root.value if root else ()) if pair[0].value == "declare"), None)
    writer = _Writer(text, declarations)
    if entry is None:
        joint = "\n" if text.endswith("\n") else "\n\n"
        edits = [_Edit(len(text), len(text), joint + writer.anew(None) + "\n")]
    elif _is_block(entry[1]):
        edits = list(writer.within(entry[1]))
    else:
        edits = [_Edit(entry[0].start_mark.index, writer.end(entry), writer.anew(entry[1]))]
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text.replace("\n", newline) + text[edit.end :]
    return Declared(text, tuple(writer.changes()))


class _Writer:
    """Decides what becomes of each field, and finds the edits that write it."""

    def __init__(self, text: str, declarations: Sequence[Declaration]) -> None:
        self._text = text
        self._declarations = {
            name: {_same(name, one.name): one for one in declarations if one.section == name} for name in LISTS
        }
        self._decided: list[_Field] = []

    def changes(self) -> Iterator[str]:
        """What was changed, in the order of the lists."""
        return (one.change for one in self._decided if one.change)

    def anew(self, value: Node | None) -> str:
        """The whole section as a block, around what a section in flow style said."""
        lines = ["declare:", f"  {COMPLETE}"]
        there = {key.value: (key, inner) for key, inner in _entries(value)}
        lines += [f"  {self._own(entry)}" for name, entry in there.items() if name not in (*LISTS, "complete")]
        for name in LISTS:
            lines += self._block(name, self._fields(name, there.get(name)), "  ")
        return "\n".join(lines)

    def within(self, section: Node) -> Iterator[_Edit]:
        """Edits of a section in block style."""
        there = {key.value: (key, inner) for key, inner in _entries(section)}
        first, last = section.value[0][0], section.value[-1]
        indent = " " * first.start_mark.column
        if "complete" not in there:
            yield _Edit(first.start_mark.index, first.start_mark.index, f"{COMPLETE}\n{indent}")
        elif there["complete"][1].value != "true":
            yield _Edit(there["complete"][1].start_mark.index, there["complete"][1].end_mark.index, "true")
        for name in LISTS:
            fields = self._fields(name, there.get(name))
            if name not in there:
                end = self._end_of_line(self.end(last))
                yield _Edit(end, end, "\n" + "\n".join(self._block(name, fields, indent)))
            elif _is_block(there[name][1]) and any(one.entry and one.text is not None for one in fields):
                yield from self._entry_by_entry(there[name][1], fields)
            else:
                start, end = there[name][0].start_mark.index, self._end_of_line(self.end(there[name]))
                yield _Edit(start, end, "\n".join(self._block(name, fields, indent)).lstrip())

    def _entry_by_entry(self, listed: Node, fields: Sequence[_Field]) -> Iterator[_Edit]:
        """Edits of a list in block style of which something stays."""
        for one in fields:
            if one.entry is None or not one.change:
                continue
            start, end = one.entry[0].start_mark.index, self._end_of_line(self.end(one.entry))
            if one.text is None:
                start = self._text.rindex("\n", 0, start) + 1
                end += len(re.match(r"\r?\n?", self._text[end:])[0])  # type: ignore[index]  # it matches nothing too
            yield _Edit(start, end, one.text or "")
        indent = "\n" + " " * listed.value[0][0].start_mark.column
        end = self._end_of_line(self.end(listed.value[-1]))
        yield _Edit(end, end, "".join(f"{indent}{one.text}" for one in fields if one.entry is None))

    def _block(self, name: str, fields: Sequence[_Field], indent: str) -> list[str]:
        """A list of fields as lines of a block."""
        lines = [f"{indent}  {one.text}" for one in fields if one.text is not None]
        return [f"{indent}{name}:{'' if lines else ' {}'}", *lines]

    def _fields(self, name: str, entry: tuple[Node, Node] | None) -> list[_Field]:
        """What becomes of each field of a list: those that are there, then those that are missing."""
        known = self._declarations[name]
        there = _entries(entry[1] if entry else None)
        fields = [self._judged(name, one) for one in there]
        names = {_same(name, key.value) for key, _ in there}
        fields += [
            _Field(one.line(), f"added {name}.{one.name}: {one.type}")
            for same, one in known.items()
            if same not in names
        ]
        self._decided += fields
        return fields

    def _judged(self, name: str, entry: tuple[Node, Node]) -> _Field:
        """What becomes of a field that is there."""
        own = entry[0].value
        wanted = self._declarations[name].get(_same(name, own))
        if wanted is None:
            hint = nearest(own, [one.name for one in self._declarations[name].values()])
            return _Field(None, f"removed {name}.{own}: Capillary has no such field{hint}", entry)
        stated = next((value.value for key, value in _entries(entry[1]) if key.value == "type"), "no type")
        if stated in (wanted.type, *wanted.also):
            return _Field(self._own(entry), "", entry)
        return _Field(wanted.line(own), f"changed {name}.{own}: {stated} → {wanted.type}", entry)

    def _own(self, entry: tuple[Node, Node]) -> str:
        """An entry as it stands."""
        return self._text[entry[0].start_mark.index : self.end(entry)]

    def end(self, entry: tuple[Node, Node]) -> int:
        """Where an entry's last character stands; one without a value ends with its colon."""
        key, value = entry
        if isinstance(value, ScalarNode) and not value.value and value.style is None:
            return self._text.index(":", key.end_mark.index) + 1
        return max(int(key.end_mark.index), _last(value))  # an alias ends where its key does

    def _end_of_line(self, at: int) -> int:
        """The end of the line on which this character stands: a comment behind an entry belongs to it."""
        end = self._text.find("\n", at)
        end = len(self._text) if end < 0 else end
        return end - (self._text[end - 1 : end] == "\r")


def _entries(node: Node | None) -> Sequence[Any]:
    """The pairs of a map; none of anything else."""
    return node.value if isinstance(node, MappingNode) else ()


def _is_block(node: Node) -> bool:
    """Whether this is a map in block style with something in it."""
    return isinstance(node, MappingNode) and not node.flow_style and bool(node.value)


def _last(node: Node) -> int:
    """Where a node's last character stands; a block's own mark lies behind the blank lines that follow it."""
    if not isinstance(node, CollectionNode) or node.flow_style:
        return int(node.end_mark.index)
    inner = [part for one in node.value for part in (one if isinstance(one, tuple) else (one,))]
    return max(map(_last, inner), default=int(node.start_mark.index))


def _same(section: str, name: str) -> str:
    """The same for names that are one field: extended fields are not case-sensitive (document EF)."""
    return name.casefold() if section == "extendedFields" else name
