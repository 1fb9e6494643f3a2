"""The mapping file as pydantic models: the fixed sections here, those of the body made from the catalog.

A new entry of the catalog needs no code: `body_model` builds the tree of sections from the targets' addresses.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, create_model, field_validator

from importer.endpoint import Catalog
from importer.mapping.declare import Declare
from importer.mapping.forms import (
    ConstantForm,
    Form,
    Model,
    Regex,
    SourceText,
    Texts,
    When,
    json_value,
    one_or_many,
)
from importer.records import Limit

CONSTANT_WHEN_BARE = ("source", "accountId", "type")  # contract: a bare string is a constant there
FREE = "*"
_LIMIT = re.compile(r"(\d+(?:\.\d+)?)\s*%|(\d+)", re.ASCII)


def limit(value: Any) -> Any:
    """A guard's limit: a share such as 10%, or a count of rows."""
    found = _LIMIT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError("a guard is a share such as 10%, or a count of rows")
    if found[2]:
        return Limit(count=int(found[2]))
    if float(found[1]) > 100:  # noqa: PLR2004 - percent
        raise ValueError("a share is at most 100%")
    return Limit(share=float(found[1]) / 100)


GuardLimit = Annotated[Any, BeforeValidator(limit)]


class Sheet(Model):
    """How to read the sheet; all optional."""

    name: SourceText | None = None
    header: int | None = Field(None, ge=1)
    encoding: SourceText | None = None
    delimiter: SourceText | None = Field(None, min_length=1, max_length=1)
    quote: SourceText | None = Field(None, min_length=1, max_length=1)
    hidden: Literal["read", "skip"] = "read"
    max_bytes: int | None = Field(None, ge=1)
    blanks: Annotated[
        list[SourceText], BeforeValidator(lambda value: [none_is_blank(one) for one in one_or_many(value)])
    ] = Field(default=[""])


def none_is_blank(value: Any) -> Any:
    """An empty item of `blanks` is the blank text."""
    return "" if value is None else value


class Check(Model):
    """What must hold of one column."""

    required: bool = False
    unique: bool = False
    pattern: Regex | None = None
    min: float | None = None
    max: float | None = None
    in_: Texts | None = Field(None, alias="in")
    min_length: int | None = Field(None, ge=0)
    max_length: int | None = Field(None, ge=0)


class Rule(Model):
    """What must hold across columns."""

    name: SourceText
    when: When
    require: Texts


class Rows(Model):
    """Which rows are sent, and in which order."""

    skip_when: When | None = None
    same_customer: Literal["in-order", "last-wins", "merge", "reject"] = "in-order"
    unchanged: Literal["send", "skip"] = "send"
    credit_id: Texts | None = None


class GuardLimits(Model):
    """When a run stops by itself."""

    max_invalid: GuardLimit = None
    max_rejected: GuardLimit = None
    max_warned: GuardLimit = None
    max_merged: GuardLimit = None
    max_awarded: GuardLimit = None
    max_cleared: GuardLimit = None


class Expect(Model):
    """What must become of a test row."""

    lookup: dict[str, SourceText] | None = None
    body: Annotated[Any, BeforeValidator(json_value)] = None
    status: Literal["planned", "skipped", "invalid"] | None = None


class RowTest(Model):
    """Cells of one made-up row, and what must become of them."""

    given: dict[str, SourceText]
    expect: Expect | None = None
    problems: dict[str, Texts] | None = None

    @field_validator("given", mode="before")
    @classmethod
    def empty_is_blank(cls, value: Any) -> Any:
        """A column without a text is blank."""
        return {key: "" if cell is None else cell for key, cell in value.items()} if isinstance(value, dict) else value


def version_one(value: int) -> int:
    """The only version there is."""
    if value != 1:
        raise ValueError("this importer reads `version: 1`")
    return value


FIXED: dict[str, Any] = {
    "version": (Annotated[int, AfterValidator(version_one)], ...),
    "name": (Annotated[SourceText, Field(min_length=1)], ...),
    "description": (SourceText, ""),
    "questions": (list[SourceText], []),
    "sheet": (Sheet, Sheet()),
    "declare": (Declare, Declare()),
    "check": (dict[str, Check], {}),
    "rules": (list[Rule], []),
    "converters": (dict[str, SourceText], {}),
    "schema_": (SourceText | None, Field(None, alias="schema")),
    "rows": (Rows, Rows()),
    "guards": (GuardLimits, GuardLimits()),
    "tests": (list[RowTest], []),
}


# ── the sections of the body, from the catalog ─────────────────────────────────────────

Tree = dict[str, Any]  # name (with [] after a list, * for a free one) to a subtree; None at a leaf


def tree_of(catalog: Catalog) -> Tree:
    """The catalog's addresses as a tree."""
    root: Tree = {}
    for address in catalog:
        here = root
        *branch, leaf = address.split(".")
        for name in branch:
            here = here.setdefault(name, {})
        here[leaf] = None
    return root


@cache
def mapping_model(catalog: Catalog) -> type[Model]:
    """The model of a whole mapping file for this catalog."""
    fields = {name.removesuffix("[]"): _field(name, inner, name, catalog) for name, inner in tree_of(catalog).items()}
    fields["lookup"] = (fields["lookup"][0], ...)
    return create_model("MappingFile", __base__=Model, **FIXED, **fields)


def _field(name: str, inner: Tree | None, address: str, catalog: Catalog) -> Any:
    """Type and default of one name in a section; the catalog's words go into the JSON Schema."""
    if inner is None:
        form = (ConstantForm if name in CONSTANT_WHEN_BARE else Form) | None
        target = catalog[address]
        known = f" One of {', '.join(target.values)}." if target.values else ""
        return (form, Field(None, description=target.help + known))
    if name == "identifiers" and set(inner) == {FREE}:
        return (Annotated[list[dict[str, Form]], Field(description=_words(address, catalog))], ...)  # in order
    if set(inner) == {FREE}:
        return (dict[str, Form], Field({}, description=_words(address, catalog)))
    model = _section(name, inner, address, catalog)
    if name.endswith("[]"):
        return (Annotated[list[model], BeforeValidator(_map_as_list(inner))], [])  # type: ignore[valid-type]
    return (model | None, None)


def _words(address: str, catalog: Catalog) -> str:
    return catalog[f"{address}.{FREE}"].help


def _section(name: str, inner: Tree, address: str, catalog: Catalog) -> type[Model]:
    """A model for the names below one name; list elements may have a `when`."""
    fields = {key.removesuffix("[]"): _field(key, below, f"{address}.{key}", catalog) for key, below in inner.items()}
    if name.endswith("[]"):
        fields["when"] = (When | None, None)
    if "fields" in fields:  # a pydantic model has an attribute of that name
        kind, default = fields.pop("fields")
        fields["fields_"] = (kind, Field({}, alias="fields", description=default.description))
    return create_model(name.removesuffix("[]").title() + "Section", __base__=Model, **fields)


def _map_as_list(inner: Tree) -> Any:
    """A map of type to value, as a list of elements, where the elements have both."""

    def spelled(value: Any) -> Any:
        if isinstance(value, dict) and {"type", "value"} <= set(inner) and not {"type", "value"} & set(value):
            return [{"type": kind, "value": form} for kind, form in value.items()]
        return value

    return spelled
