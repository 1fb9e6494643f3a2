"""A mapping's text edited in place: columns renamed, entries taken out by a # before their lines, all else as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from importer.suggest.layout import flow, remark, scalar
from importer.suggest.naming import Naming, Step, emptied, namings, root_entries
from importer.suggest.whom import PLACEHOLDER_SOURCE

ELEMENTS = frozenset({"identifiers", "commChannels", "loyaltyProgramEnrollments", "rules", "tests"})
# A target without these is no target, a condition without its part another condition, a test without a cell another test.
NOT_ALONE = frozenset(
    {"column", "columns", "value", "programId", "type", "when", "all", "any", "not", "require", "given", "problems"}
)


class Inseparable(Exception):
    """Nothing around a place of a mapping can be taken out by itself."""


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with new names for these columns, wherever they are named."""
    for one in reversed(namings(text)):
        if one.column in names:
            new = names[one.column]
            spelled = scalar(f"${new}" if new.startswith("$") else new)
            text = text[: one.node.start_mark.index] + spelled + text[one.node.end_mark.index :]
    return text


def without(text: str, column: str) -> str:
    """The text with nothing left that reads this column. Raises Inseparable."""
    while found := next((one for one in namings(text) if one.column == column), None):
        text = _sourceless(text, found) or taken_out(text, found.way, f"not in this sheet: {column}")
    return pruned(text)


def _sourceless(text: str, naming: Naming) -> str:
    """The text with a placeholder for the source, where this is what names it; else ""."""
    source = next((step.value for step in naming.way if step.name == "source"), None)
    if source is None or naming.way[0].name != "lookup":
        return ""
    block = isinstance(source, MappingNode) and not source.flow_style
    end = _end_of_line(text, last_line(source)) if block else source.end_mark.index
    return f"{text[: source.start_mark.index]}{PLACEHOLDER_SOURCE}{text[end:]}"


def _end_of_line(text: str, line: int) -> int:
    return sum(map(len, text.splitlines(keepends=True)[: line + 1])) - 1


def taken_out(text: str, way: Sequence[Step], why: str) -> str:
    """The text without the smallest thing around the end of this way that can go by itself. Raises Inseparable."""
    for depth in range(len(way) - 1, -1, -1):
        step, above = way[depth], way[depth - 1].name if depth else ""
        if step.key is None:
            alone = above in ELEMENTS or (above != "all" and len(step.inside.value) > 1)
        else:
            alone = step.name not in NOT_ALONE and above not in NOT_ALONE
        if alone and step.inside.flow_style and step.key is None and len(step.inside.value) > 1:
            return _item_dropped(text, step.inside, step.value)
        if alone and not step.inside.flow_style and _begins_line(text, step):
            return _commented(text, step, why)
    raise Inseparable(way[-1].name)


def pruned(text: str) -> str:
    """The text without keys of sections that hold nothing any more."""
    while way := next(emptied(text), None):
        text = taken_out(text, way, "nothing is left of it")
    return text


def asked(text: str, questions: Sequence[str]) -> str:
    """The text with these questions after its own."""
    if not questions:
        return text
    entries = root_entries(text)
    entry = entries.get("questions")
    new = "".join(f"  - {scalar(remark(question))}\n" for question in questions)
    if entry is None:
        return _inserted(text, _below_head(entries), f"\nquestions:\n{new}")
    own = entry.value
    if isinstance(own, SequenceNode) and not own.flow_style:
        indented = "".join(f"{' ' * own.start_mark.column}{line.lstrip()}" for line in new.splitlines(keepends=True))
        return _inserted(text, last_line(own) + 1, indented)
    items = own.value if isinstance(own, SequenceNode) else []
    old = "".join(f"  - {text[one.start_mark.index : one.end_mark.index]}\n" for one in items)
    lines = text.splitlines(keepends=True)
    first = text.count("\n", 0, entry.start)
    rest = lines[(last_line(own) if items else first) + 1 :]
    return "".join([*lines[:first], f"questions:\n{old}{new}", *rest])


def with_sheet(text: str, told: Mapping[str, str | int]) -> str:
    """The text whose `sheet:` section says this too."""
    for key, value in told.items():
        entries = root_entries(text)
        sheet = entries.get("sheet")
        if sheet is None or not isinstance(sheet.value, MappingNode):
            text = _inserted(text, _below_head(entries), f"\nsheet:\n  {key}: {flow(value)}\n")
            continue
        known = next((inner for name, inner in sheet.value.value if name.value == key), None)
        if known is not None:
            text = text[: known.start_mark.index] + flow(value) + text[known.end_mark.index :]
        elif sheet.value.flow_style:
            at = sheet.value.start_mark.index + 1
            text = f"{text[:at]}{key}: {flow(value)}{', ' * bool(sheet.value.value)}{text[at:]}"
        else:
            indent = " " * sheet.value.start_mark.column
            text = _inserted(text, sheet.value.start_mark.line, f"{indent}{key}: {flow(value)}\n")
    return text


def _below_head(entries: Mapping[str, Step]) -> int:
    """The line (from 0) after name and description."""
    return 1 + max(last_line(entries[name].value) for name in ("version", "name", "description") if name in entries)


def last_line(node: Node) -> int:
    """The line (from 0) on which the content of a node ends."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark
    block = isinstance(node, ScalarNode) and node.style in {"|", ">"}
    return int(end.line - 1 if block and not end.column else end.line)


def _begins_line(text: str, step: Step) -> bool:
    before = text[text.rfind("\n", 0, step.start) + 1 : step.start]
    return not before.strip(" -" if step.key is None else " ")


def _commented(text: str, step: Step, why: str) -> str:
    lines = text.splitlines(keepends=True)
    first = (step.key or step.value).start_mark.line
    empty = isinstance(step.value, ScalarNode) and not step.value.value and step.value.style is None
    block = lines[first : first + 1 if empty else last_line(step.value) + 1]
    indent = min(len(line) - len(line.lstrip()) for line in block if line.strip())
    note = f"{' ' * indent}# {remark(why)}\n"
    hidden = [f"{line[:indent]}# {line[indent:]}" if line.strip() else line for line in block]
    return "".join([*lines[:first], note, *hidden, *lines[first + len(block) :]])


def _item_dropped(text: str, inside: Node, item: Node) -> str:
    kept = [text[one.start_mark.index : one.end_mark.index] for one in inside.value if one is not item]
    return f"{text[: inside.start_mark.index]}[{', '.join(kept)}]{text[inside.end_mark.index :]}"


def _inserted(text: str, line: int, what: str) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return "".join([*lines[:line], what, *lines[line:]])
