"""A YAML 1.2 file as plain data whose every scalar knows its text, its style and its place.

Nothing is interpreted here: `01`, `NULL` and `NO` are what they look like. What a scalar means is decided by whoever
asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from importer.errors import Finding, MappingError

KEYED = ""  # in a path, after the key of an element that was written as `TYPE: VALUE`
LARGEST_FILE = 1_000_000  # bytes; a mapping is written by hand
MOST_NODES = 50_000  # aliases may not blow a small file up


class Place(NamedTuple):
    """Where something stands; line and column count from 1."""

    line: int
    column: int


class Text(str):
    """A scalar: its text, and whether it stood there plain, without quotes."""

    __slots__ = ("place", "plain")
    place: Place
    plain: bool

    def __new__(cls, text: str, place: Place, *, plain: bool) -> Self:
        """Make one."""
        self = super().__new__(cls, text)
        self.place = place
        self.plain = plain
        return self


class Section(dict[str, Any]):
    """A map: values by key, the place of each key, and its own."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}


class Listing(list[Any]):
    """A list, and its place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class Document(NamedTuple):
    """A mapping file as it was read. `findings`: what is wrong with its form, the rest aside."""

    root: Section
    text: str
    findings: tuple[Finding, ...]


def read(path: Path) -> Document:
    """The file's root map, its text, and keys that stand twice. Raises MappingError where it cannot be read at all."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise MappingError(str(path), [Finding("there is no such mapping file")]) from None
    except (IsADirectoryError, PermissionError) as error:
        raise MappingError(str(path), [Finding(f"the mapping cannot be read: {error.strerror}")]) from None
    if len(content) > LARGEST_FILE:
        raise MappingError(
            str(path), [Finding(f"a mapping has at most {LARGEST_FILE:,} bytes, this file {len(content):,}")]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise MappingError(str(path), [Finding("a mapping is UTF-8 text, and this is not", line, 1)]) from None
    return parse(text, str(path))


def parse(text: str, name: str) -> Document:
    """A YAML text, taken apart. Raises MappingError."""
    try:
        root = YAML(pure=True).compose(text)
    except MarkedYAMLError as error:
        raise MappingError(name, [_no_yaml(error)], source=text) from None
    except YAMLError as error:
        said = str(error).splitlines()[0]
        raise MappingError(name, [Finding(f"this is no YAML: {said}", 1, 1)], source=text) from None
    if not isinstance(root, MappingNode):
        raise MappingError(
            name, [Finding("a mapping is a map of sections, beginning with `version: 1`", 1, 1)], source=text
        )
    builder = _Builder(name, text)
    built = builder.build(root)
    assert isinstance(built, Section)
    return Document(built, text, tuple(builder.findings))


HINTS = {  # part of what the library says: what to do
    "'\\t'": "indent with blanks, not tabs",
    "quoted scalar found unexpected end": "close the quote that opens here",
    "expected ',' or": "close every bracket and brace; a text that holds one needs quotes",
    "mapping values are not allowed here": "a text that holds a colon and a blank needs quotes",
    "cannot start any token": "a text that begins with this sign needs quotes",
    "could not find expected ':'": "write a colon and a blank after each name",
    "expected <block end>": "begin every name of a section in the same column",
    "undefined alias": "a text that begins with * needs quotes",
}


def _no_yaml(error: MarkedYAMLError) -> Finding:
    """What the library could not read, where it began, and what usually mends it."""
    said = " ".join(part for part in (error.context, error.problem) if part)
    opened = "end of stream" in said or "expected ',' or" in said
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    hint = next((f"; {hint}" for part, hint in HINTS.items() if part in said), "")
    return Finding(f"this is no YAML: {said}{hint}", *place)


class _Builder:
    """Turns YAML's nodes into our data, gathering what is wrong with their form."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text
        self._nodes = 0
        self._above: list[Node] = []
        self.findings: list[Finding] = []

    def build(self, node: Node) -> Any:
        """Text, Section, Listing, or None for nothing."""
        self._nodes += 1
        place = Place(node.start_mark.line + 1, node.start_mark.column + 1)
        if self._nodes > MOST_NODES or node in self._above:
            raise MappingError(self._name, [Finding("aliases make this file endless", *place)], source=self._text)
        if isinstance(node, ScalarNode):
            plain = node.style is None
            if plain and not node.value:
                return None
            return Text(node.value, place, plain=plain)
        self._above.append(node)
        try:
            if isinstance(node, SequenceNode):
                listing = Listing(place)
                listing.extend(self.build(one) for one in node.value)
                return listing
            return self._section(node, place)
        finally:
            self._above.pop()

    def _section(self, node: Node, place: Place) -> Section:
        section = Section(place)
        for key, value in self._pairs(node):
            at = Place(key.start_mark.line + 1, key.start_mark.column + 1)
            if key.value in section:
                first = section.keys_at[key.value]
                self.findings.append(
                    Finding(f"{key.value!r} stands here twice, first in line {first.line}: keep one", *at)
                )
                continue
            section[key.value] = self.build(value)
            section.keys_at[key.value] = at
        return section

    def _pairs(self, node: Node) -> Iterator[tuple[ScalarNode, Node]]:
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield key, value
            else:
                at = (key.start_mark.line + 1, key.start_mark.column + 1)
                self.findings.append(Finding("a key is one word or text", *at))


def locate(root: Section, path: tuple[str | int, ...], *, key: bool = False) -> Place:
    """The place of the deepest part of the path that exists: of its value, where that is a scalar; with `key`, of its key."""
    place: Place = root.place
    here: Any = root
    for number, part in enumerate(path):
        if part == KEYED and path[number + 1 : number + 2] == ("type",):
            return place
        if isinstance(here, Section) and part in here:
            place, here = here.keys_at[str(part)], here[str(part)]
        elif isinstance(here, Listing) and isinstance(part, int) and part < len(here):
            here = here[part]
            place = getattr(here, "place", place)
        else:
            break
    return here.place if isinstance(here, Text) and not key else place


def written(root: Section, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path of the models, as far as it stands in the file: they see short forms as long ones."""
    found: list[str | int] = []
    here: Any = root
    keyed = False  # inside an element that was written as `TYPE: VALUE`
    for part in path:
        if keyed and part in {"type", "value"}:
            keyed = False
            if part == "type":
                break
        elif isinstance(here, Listing) and part == "alternatives":
            continue
        elif isinstance(here, Section) and isinstance(part, int) and part < len(here):
            name = list(here)[part]
            found.append(name)
            here, keyed = here[name], True
        elif not (isinstance(here, Section) and part in here) and not (
            isinstance(here, Listing) and isinstance(part, int) and part < len(here)
        ):
            break
        else:
            found.append(part)
            here = here[part]  # type: ignore[index]  # a key of a map or a number of a list, as just found
    return tuple(found)
