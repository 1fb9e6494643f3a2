"""From the validated file to slots: each target that the mapping fills, with where its value comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from importer.endpoint import Catalog, Kind, Slot, Target
from importer.mapping.converters import Pipeline
from importer.mapping.converters.choice import Choice
from importer.mapping.converters.damage import Whole
from importer.mapping.converters.parts import Split
from importer.mapping.declare import own_field, ruled
from importer.mapping.document import KEYED
from importer.mapping.forms import BOOLEANS, Form, When
from importer.mapping.model import FREE, Tree, tree_of

Path = tuple[str | int, ...]
_INDEX = re.compile(r"([^\[\]]+)(?:\[(\d*)\])?")
ACCEPTS: dict[Kind, frozenset[Kind]] = {
    Kind.STRING: frozenset({Kind.STRING, Kind.DATE, Kind.DATETIME, Kind.ENUM}),
    Kind.ENUM: frozenset({Kind.STRING, Kind.ENUM}),
    Kind.INTEGER: frozenset({Kind.INTEGER}),
    Kind.DOUBLE: frozenset({Kind.DOUBLE, Kind.INTEGER}),
    Kind.BOOLEAN: frozenset({Kind.BOOLEAN}),
    Kind.DATE: frozenset({Kind.DATE}),
    Kind.DATETIME: frozenset({Kind.DATETIME}),
    Kind.DATE_OR_DATETIME: frozenset({Kind.DATE, Kind.DATETIME}),
    Kind.LIST: frozenset({Kind.LIST, Kind.STRING}),
}
CONVERTER_FOR = {
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "decimal",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: '{date: "%d/%m/%Y"}',
    Kind.DATETIME: '{datetime: {format: "%d/%m/%Y", zone: Asia/Kolkata}}',
    Kind.DATE_OR_DATETIME: '{date: "%d/%m/%Y"}',
}


@dataclass(frozen=True, slots=True)
class Element:
    """A list element of the mapping: its address, its condition, and the `type` that it states."""

    address: str
    when: When | None = None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot as the mapping writes it. `path` leads to its place in the file."""

    slot: Slot
    form: Form
    path: Path
    element: Element | None = None


@dataclass(slots=True)
class Walk:
    """One walk over a validated mapping, in catalog order."""

    file: Any  # the pydantic model of the mapping
    document: Any  # the same with places, for paths
    catalog: Catalog
    _found: list[Filled] = field(default_factory=list)

    def slots(self) -> list[Filled]:
        """Every slot that the mapping fills."""
        for name, inner in tree_of(self.catalog).items():
            self._enter(self.file, name, inner, "", "", (), None)
        return self._found

    def _enter(
        self,
        owner: Any,
        name: str,
        inner: Tree | None,
        catalog_at: str,
        slot_at: str,
        path: Path,
        element: Element | None,
    ) -> None:
        plain = name.removesuffix("[]")
        value = getattr(owner, "fields_" if plain == "fields" else plain, None)
        catalog_at, slot_at = _joined(catalog_at, name), _joined(slot_at, plain)
        if value is None:
            return
        if inner is None:
            self._leaf(self.catalog[catalog_at], value, slot_at, (*path, plain), element)
        elif set(inner) == {FREE}:
            self._free(value, catalog_at, slot_at, (*path, plain))
        elif name.endswith("[]"):
            for number, one in enumerate(value):
                address = f"{slot_at}[{number}]"
                inside = Element(address, one.when, _stated_type(one))
                for key, below in inner.items():
                    self._enter(
                        one,
                        key,
                        below,
                        catalog_at,
                        address,
                        self._element_path((*path, plain), number),
                        inside,
                    )
        else:
            for key, below in inner.items():
                self._enter(value, key, below, catalog_at, slot_at, (*path, plain), element)

    def _free(self, value: Any, catalog_at: str, slot_at: str, path: Path) -> None:
        """Names of the user's own: a map, or (for lookup candidates) a list of maps of one key."""
        target = self.catalog[f"{catalog_at}.{FREE}"]
        if isinstance(value, list):
            for number, one in enumerate(value):
                for key, form in one.items():
                    self._leaf(target, form, f"{slot_at}[{number}].{key}", (*path, number, key), None, key)
            return
        for key, form in value.items():
            self._leaf(own_field(self.file.declare, target, key), form, f"{slot_at}.{key}", (*path, key), None, key)

    def _leaf(
        self, target: Target, form: Form, address: str, path: Path, element: Element | None, name: str = ""
    ) -> None:
        target = ruled(self.file.declare, target, self.catalog)
        body = _body_path(target.body, address, name)
        alternatives = form.alternatives_or_self()
        slot = Slot(
            address=address,
            target=target,
            path=body,
            clears=any(one.blank == "clear" for one in alternatives),
            constant=all(one.constant is not None for one in alternatives),
            element=element.type if element else name if target.variants and name in target.variants else "",
        )
        self._found.append(Filled(slot, form, path, element))

    def _element_path(self, path: Path, number: int) -> Path:
        """Elements that were written as a map are found under their key."""
        here = self.document
        for part in path:
            here = here[part] if isinstance(here, dict) and part in here else None
        return (*path, list(here)[number], KEYED) if isinstance(here, dict) else (*path, number)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _stated_type(element: Any) -> str:
    form = getattr(element, "type", None)
    return form.constant or "" if form is not None else ""


def _body_path(body: str, address: str, name: str) -> Path:
    """The place in the body: `[]` takes the element's number from the address, `*` the free name."""
    numbers = iter(re.findall(r"\[(\d+)\]", address))
    parts: list[str | int] = []
    for part in _pieces(body):
        word, index = part
        parts.append(name if word == FREE else word)
        if index is not None:
            parts.append(int(index or next(numbers)))
    return tuple(parts)


def _pieces(body: str) -> Iterator[tuple[str, str | None]]:
    for part in body.split(".") if body else ():
        found = _INDEX.fullmatch(part)
        assert found is not None
        yield found[1], found[2]


# ── converters and constants, typed by their target ────────────────────────────────────


def typed(kind: Kind, text: str) -> Any:
    """A constant as its target wants it. Raises ValueError."""
    if kind is Kind.INTEGER:
        if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
            raise ValueError(f"{text!r} is no whole number, as this needs; write digits")
        return int(text)
    if kind is Kind.DOUBLE:
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
            raise ValueError(f"{text!r} is no number, as this needs; write digits, and a point")
        return float(text)
    if kind is Kind.BOOLEAN:
        if text not in BOOLEANS:
            raise ValueError(f"{text!r} is neither true nor false, as this needs")
        return BOOLEANS[text]
    if kind is Kind.DATE and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"{text!r} is no date; write it as 2027-12-31")
    if kind is Kind.DATETIME and not re.fullmatch(
        r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", text, re.ASCII
    ):
        raise ValueError(f"{text!r} is no date with time; write it as 2027-12-31T23:59:59+05:30")
    return text


def pipeline_for(form: Form, target: Target) -> Pipeline:
    """The form's converters, checked against the target's type. Raises ValueError with a sentence."""
    steps = [step.build() for step in form.convert]
    last = steps[-1] if steps else None
    if target.variants and not (last and last.judges):
        steps.append(Whole())
    pipeline = Pipeline(steps)
    listed = any(isinstance(step, Split) for step in steps)
    if listed and target.kind is not Kind.LIST and not (target.key and target.kind is Kind.STRING):
        raise ValueError("`split` yields a list, and this takes one value; use `part` for one of the pieces")
    if isinstance(last, Choice) and not last.keeps and pipeline.yields not in ACCEPTS[target.kind]:
        last.retype(lambda text: typed(target.kind, text))
        return pipeline
    yields = (
        Kind.STRING if listed and pipeline.yields is Kind.LIST and target.kind is not Kind.LIST else pipeline.yields
    )
    if yields not in ACCEPTS[target.kind]:
        wanted = CONVERTER_FOR.get(target.kind)
        either = "true or false, or " if target.kind is Kind.BOOLEAN and not last else ""
        hint = f"; {'end with' if last else 'write'} {either}`convert: [{wanted}]`" if wanted else ""
        if not last:
            raise ValueError(f"this takes {article(target.kind)}, and cells are text{hint}")
        if target.address.endswith(FREE) and target.kind is Kind.STRING:
            hint = f"; declare it as `type: {yields}`, or leave the converter out"
        raise ValueError(f"this takes {article(target.kind)}, and its converters yield {article(yields)}{hint}")
    return pipeline


def article(kind: Kind) -> str:
    """A kind in words."""
    words = {
        Kind.STRING: "text",
        Kind.ENUM: "text",
        Kind.DOUBLE: "a number",
        Kind.INTEGER: "a whole number",
        Kind.BOOLEAN: "true or false",
        Kind.DATETIME: "a date with time (`datetime`)",
        Kind.DATE_OR_DATETIME: "a date, with or without time",
    }
    return words.get(kind) or f"a {kind}"
