"""`importer mapping test --record`: what was found becomes what is expected, written into the file's text.

Only the entries `expect` and `problems` of the tests concerned are written; every other character of the file stays,
comments, quotes and line ends among them. YAML's own positions say where.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from importer.mapping.expected import Found
from importer.mapping.forms import BOOLEANS

ENTRIES = ("expect", "problems")
PLAIN = re.compile(r"\$?[A-Za-z](?:[\w.@/+ -]*[\w.@/+-])?", re.ASCII)  # everything else is quoted, needed or not
NOT_TEXT = frozenset({*BOOLEANS, "null"})
LINE = 100  # characters; what is longer is written over several lines
UNBROKEN = 1_000_000  # the library folds nothing: a folded text would be harder to review


class Edit(NamedTuple):
    """Characters from `start` to `end` give way to `text`."""

    start: int
    end: int
    text: str


def stated(found: Found) -> tuple[str, Any]:
    """(entry, its value) that states what was found."""
    if found.problems:
        return "problems", {column: slugs if len(slugs) > 1 else slugs[0] for column, slugs in found.slugs.items()}
    if found.body is None:
        return "expect", {"status": found.status}
    lookup = {name: value for name, value in found.lookup.items() if name != "source"}
    return "expect", {"lookup": lookup, "body": found.body}


def recorded(text: str, found: Mapping[int, Found]) -> str:
    """The file's text with these tests (numbers count from 1) stating what was found."""
    root = YAML(pure=True).compose(text)
    tests = next(value for key, value in root.value if key.value == "tests")
    edits: list[Edit] = []
    for number, one in found.items():
        edits += _edits(text, tests.value[number - 1], *stated(one))
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _edits(text: str, test: MappingNode, entry: str, value: Any) -> list[Edit]:
    """The first of the test's entries gives way to the new one, others go; without any, it follows the last."""
    old = [(key, inner) for key, inner in test.value if key.value in ENTRIES]
    others = [(key, inner) for key, inner in test.value if key.value not in ENTRIES]
    if test.flow_style:
        new = _flow({entry: value})[1:-1]
        if not old:
            end = _end(*others[-1])
            return [Edit(end, end, f", {new}")]
        gone = [Edit(text.rindex(",", 0, key.start_mark.index), _end(key, inner), "") for key, inner in old[1:]]
        return [Edit(old[0][0].start_mark.index, _end(*old[0]), new), *gone]
    column = test.value[0][0].start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    new = newline.join(_lines(entry, value, column))
    if not old:
        end = _end_of_line(text, _end(*others[-1]))
        return [Edit(end, end, newline + " " * column + new)]
    gone = [
        Edit(len(text[: key.start_mark.index].rstrip(" \t\r\n")), _end_of_line(text, _end(key, inner)), "")
        for key, inner in old[1:]
    ]
    return [Edit(old[0][0].start_mark.index, _end_of_line(text, _end(*old[0])), new), *gone]


def _lines(entry: str, value: Any, column: int) -> list[str]:
    """The entry on one line where that is short, else as a block, indented as the test is."""
    short = f"{entry}: {_flow(value)}"
    if column + len(short) <= LINE:
        return [short]
    first, *more = _dumped({entry: value}, flow=False).splitlines()
    return [first, *(" " * column + line for line in more)]


def _flow(value: Any) -> str:
    return _dumped(value, flow=True).rstrip("\n")


def _dumped(value: Any, *, flow: bool) -> str:
    yaml = YAML()
    yaml.default_flow_style = flow
    yaml.width = UNBROKEN
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_quoted(value), out)
    return out.getvalue()


def _quoted(value: Any) -> Any:
    """Texts that would be read as something else are quoted."""
    if isinstance(value, dict):
        return {_quoted(name): _quoted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_quoted(one) for one in value]
    if isinstance(value, str) and (value in NOT_TEXT or not PLAIN.fullmatch(value)):
        return DoubleQuotedScalarString(value)
    return value


def _end(key: Node, value: Node) -> int:
    """Where an entry's last character stands; an alias ends where its key does."""
    return max(int(key.end_mark.index), _last(value))


def _last(node: Node) -> int:
    if isinstance(node, ScalarNode) or (isinstance(node, CollectionNode) and node.flow_style):
        return int(node.end_mark.index)
    inner = [part for one in node.value for part in (one if isinstance(one, tuple) else (one,))]
    return max(map(_last, inner), default=int(node.start_mark.index))


def _end_of_line(text: str, at: int) -> int:
    """The end of the line on which this character stands, its line end left out."""
    at = len(text[:at].rstrip())
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - (text[end - 1 : end] == "\r")
