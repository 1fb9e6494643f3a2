"""The mapping file's JSON Schema (draft 2020-12), for editors; made from the pydantic models and the catalog.

The models see long forms only. Here each short form is let in beside its long one, as the language has it: a scalar is
text whatever it looks like, one text may stand for a list of one, a target may be a column's name, a constant or a list.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from importer.endpoint import Catalog
from importer.mapping.converters import NAMES
from importer.mapping.model import mapping_model

Json = dict[str, Any]
FILE = "mapping.schema.json"  # beside the package's mapping room, and what `importer mapping schema` prints
SCALAR: Json = {"type": ["string", "number", "boolean"]}  # plain scalars keep their source text
NOTHING: Json = {"type": "null"}  # a key without a value
ALWAYS_LISTS = frozenset({"questions"})
SHARE: Json = {
    "description": "A share such as 10%, or a count of rows.",
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*%|\d+)\s*$"}],
}


def editor_comment(place: str = FILE) -> str:
    """The comment at the top of a mapping by which editors find the schema at this place."""
    return f"# yaml-language-server: $schema={place}"


def schema(catalog: Catalog) -> Json:
    """The schema of a whole mapping file."""
    found = mapping_model(catalog).model_json_schema(by_alias=True)
    for name, part in found["$defs"].items():
        found["$defs"][name] = SPECIAL[name](part) if name in SPECIAL else _let_in(part)
    rest = {key: value for key, value in _let_in(found).items() if key != "$defs"}
    rest["properties"]["version"] = {"const": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": found["$defs"],
        **rest,
        "title": "importer mapping, version 1",
    }


def schema_text(catalog: Catalog) -> str:
    """The schema as it is shipped in mapping.schema.json."""
    return json.dumps(schema(catalog), indent=1, ensure_ascii=False) + "\n"


def _let_in(part: Any, key: str = "") -> Any:
    """The same with short forms beside long ones; titles that only repeat a name are left out."""
    if isinstance(part, list):
        return [_let_in(one, key) for one in part]
    if not isinstance(part, dict):
        return part
    made = {
        name: {inner: _let_in(value, inner) for inner, value in below.items()}
        if name == "properties"
        else _let_in(below, key)
        for name, below in part.items()
        if name not in {"title", "default"}
    }
    if made.get("type") == "string" and "enum" not in made and "const" not in made:
        return {**made, **SCALAR}
    if made.get("type") == "array" and made.get("items") == SCALAR and key not in ALWAYS_LISTS:
        items = {"type": [*SCALAR["type"], "null"]} if key == "blanks" else SCALAR
        return {"anyOf": [items, {**made, "items": items}]}
    if made.get("type") == "array" and key in {"identifiers", "commChannels"} and "$ref" in made.get("items", {}):
        by_type = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Form"}}
        return {"anyOf": [made, by_type]}
    return made


def _form(part: Json, bare: str) -> Json:
    """A target: a scalar, alternatives, or a map with exactly one of column, columns, constant."""
    long = _let_in(part)
    del long["properties"]["alternatives"]
    steps = long["properties"]["convert"]
    long["properties"]["convert"] = {"anyOf": [{"$ref": "#/$defs/Step"}, steps]}
    long["oneOf"] = [{"required": [name]} for name in ("column", "columns", "constant")]
    long["dependentRequired"] = {"join": ["columns"]}
    choices = {"type": "array", "items": {"$ref": "#/$defs/Form"}, "minItems": 1}
    words = part.get("description", "")
    return {"description": f"{words} {bare}".strip(), "anyOf": [SCALAR, choices, long]}


def _step(part: Json) -> Json:
    """A converter: its name, or a map of its name to its argument. Other names are converters of the user's own."""
    named = {name: {"description": f"{kind.help} Argument: {kind.arguments or 'none'}"} for name, kind in NAMES.items()}
    long = {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": named}
    return {
        "description": part.get("description", ""),
        "anyOf": [{"enum": [name for name, kind in NAMES.items() if not kind.arguments]}, {"type": "string"}, long],
    }


def _when(part: Json) -> Json:
    long: Json = _let_in(part)
    groups = ("all", "any", "not")
    long["oneOf"] = [{"required": ["column"]}, *({"required": [name]} for name in groups)]
    return long


def _row_test(part: Json) -> Json:
    long: Json = _let_in(part)
    cells = {"type": "object", "additionalProperties": {"type": [*SCALAR["type"], "null"]}}
    long["properties"]["given"] = cells
    return long


def _guards(part: Json) -> Json:
    long: Json = _let_in(part)
    long["properties"] = {name: {"anyOf": [SHARE, NOTHING]} for name in long["properties"]}
    return long


SPECIAL: dict[str, Callable[[Json], Json]] = {
    "Form": lambda part: _form(part, "A bare text is a column."),
    "ConstantForm": lambda part: _form(part, "A bare text is a constant."),
    "Step": _step,
    "When": _when,
    "RowTest": _row_test,
    "GuardLimits": _guards,
}
