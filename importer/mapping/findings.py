"""What is wrong with a mapping, in words: pydantic's errors with their places, and the nearest right names."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from importer.errors import Finding, MappingError
from importer.mapping.document import Section, locate, written

LISTED_AT_MOST = 20


def nearest(name: str, known: Iterable[str], *, what: str = "") -> str:
    """`; did you mean …?`, or all the names that there are, or nothing."""
    names = list(known)
    folded = {one.casefold(): one for one in names}
    near = folded.get(name.casefold()) or next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.6)), None)
    if near:
        return f"; did you mean {near!r}?"
    if not names:
        return ""
    shown = ", ".join(names[:LISTED_AT_MOST]) + (", …" if len(names) > LISTED_AT_MOST else "")
    return f"; {what or 'there are'}: {shown}"


def dotted(path: Sequence[str | int]) -> str:
    """A path as people write it."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def finding(
    document: Section, path: Sequence[str | int], message: str, *, warning: bool = False, key: bool = False
) -> Finding:
    """A finding at the deepest part of this path that exists; `key`: at the key, not at its value."""
    place = locate(document, tuple(path), key=key)
    return Finding(message, place.line, place.column, dotted(path), warning)


def from_validation(error: ValidationError, model: type[BaseModel], document: Section) -> list[Finding]:
    """Every error of pydantic's as a finding, in file order."""
    found = []
    for one in error.errors(include_url=False):
        path = tuple(part for part in one["loc"] if part != "[key]")
        place = written(document, path)
        found.append(finding(document, place, _sentence(dict(one), path, model), key=one["type"] == "extra_forbidden"))
    return in_file_order(found)


def in_file_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each once, by place; what concerns the file as a whole comes first."""
    return sorted(dict.fromkeys(findings), key=lambda one: (one.line, one.column))


def _sentence(error: dict[str, Any], path: tuple[str | int, ...], model: type[BaseModel]) -> str:
    last = _called(path)
    given = error.get("input")
    shown = f" {str(given)!r}" if isinstance(given, str) else ""
    match error["type"]:
        case "extra_forbidden":
            return f"there is no {last!r} here{nearest(last, _names(model, path[:-1]), what='there may be')}"
        case "missing":
            return f"{last!r} is missing{_remedy(last)}"
        case "value_error" | "assertion_error":
            return str(error["ctx"]["error"])
        case "literal_error":
            allowed = error["ctx"]["expected"].replace("'", "")
            near = nearest(str(given), allowed.replace(" or ", ", ").split(", ")) if shown else ""
            return f"{last} is {allowed}, not{shown or ' this'}" + (near if "did you mean" in near else "")
        case "string_type":
            return f"{last} is empty; write a text" if given is None else f"{last} must be one text"
        case "list_type" | "tuple_type":
            return f"{last} must be a list, in brackets or a line each with a dash"
        case "dict_type" | "model_type" | "model_attributes_type":
            names = ", ".join(_names(model, path)[:LISTED_AT_MOST])
            known = f" of {names}" if names else ""
            return f"{last} must be a map{known}" + (f", not{shown}" if shown else "")
        case "bool_parsing" | "bool_type":
            return f"{last} is true or false, not{shown or ' this'}"
        case "int_parsing" | "int_type" | "float_parsing" | "float_type":
            return f"{last} must be a number, not{shown or ' this'}"
    return _about_size(error, last) or f"{last}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _about_size(error: dict[str, Any], last: str) -> str:
    """Too much or too little of something; "" where it is something else."""
    given, context = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return f"{last} must be at least {context['ge']}, not {given}"
        case "less_than_equal":
            return f"{last} must be at most {context['le']}, not {given}"
        case "string_too_short" | "string_too_long" | "too_short" | "too_long" if isinstance(given, str):
            most = context.get("max_length")
            return f"{last} must have {f'at most {most}' if most else 'at least one'} character, not {given!r}"
        case "too_short":
            return f"{last} needs at least one entry"
    return ""


def _called(path: Sequence[str | int]) -> str:
    """What stands at the end of a path, as people call it; alternatives have no name of their own in the file."""
    names = [part for part in path if part != "alternatives"]
    if not names:
        return "the mapping"
    return f"entry {names[-1] + 1}" if isinstance(names[-1], int) else names[-1]


MISSING = {
    "version": "write `version: 1`",
    "name": "give the mapping a name, as in `name: my-customers`",
    "lookup": "say whom a row is about, as in `lookup: {source: INSTORE, identifiers: [{mobile: COLUMN}]}`",
    "identifiers": "list some, as in `- mobile: COLUMN`; the first that is not blank is used",
    "given": "write a made-up row, as in `given: {COLUMN: CELL}`",
    "when": "say where the rule holds, as in `when: {column: COLUMN, blank: false}`",
    "require": "name the columns that must then be filled, as in `require: [COLUMN]`",
    "type": "name the field's type, as in `type: string`",
}


def _remedy(name: str) -> str:
    """What to write where something is missing."""
    return f": {MISSING[name]}" if name in MISSING else ""


def _names(model: Any, path: Sequence[str | int]) -> list[str]:
    """The keys that a model allows at this place."""
    here = model
    for part in path:
        here = _below(here, part)
        if here is None:
            return []
    here = _stripped(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [info.alias or name for name, info in here.model_fields.items()]
    return []


def _below(kind: Any, part: str | int) -> Any:
    """The type of one key or item of a type."""
    kind = _stripped(kind)
    if get_origin(kind) in {list, dict}:
        return get_args(kind)[-1]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if part in {name, info.alias}:
                return info.annotation
    return None


def _stripped(kind: Any) -> Any:
    """A type without Annotated and without None."""
    if get_origin(kind) is Annotated:
        return _stripped(get_args(kind)[0])
    if get_origin(kind) in {Union, types.UnionType}:
        return _stripped(next(one for one in get_args(kind) if one is not type(None)))
    return kind


def render(error: MappingError) -> str:
    """An error's findings, as people read them."""
    return render_findings(error.file, error.findings, error.source)


def render_findings(file: str, findings: Iterable[Finding], text: str) -> str:
    """Each finding as `file:line:column: what`, with its line of the file and a caret below the place."""
    lines = text.splitlines()
    parts = []
    for one in findings:
        said = ("warning: " if one.warning else "") + one.message
        if not one.line:
            parts.append(f"{file}: {said}")
            continue
        parts.append(f"{file}:{one.line}:{one.column}: {said}")
        if one.line <= len(lines):
            source = lines[one.line - 1]
            parts += [
                f"    {source}",
                "    " + "".join("\t" if c == "\t" else " " for c in source[: one.column - 1]) + "^",
            ]
        parts += [f"    {line}" for line in one.more]
    return "\n".join(parts)
