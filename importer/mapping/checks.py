"""What only the mapping as a whole shows: targets filled twice, wrong types, promises that cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from importer.endpoint import Catalog, Effect, Kind, Target
from importer.errors import Finding
from importer.mapping.declare import LONGEST_CUSTOM_NAME
from importer.mapping.document import Section
from importer.mapping.findings import finding, nearest
from importer.mapping.slots import Filled, pipeline_for, typed


def findings(file: Any, document: Section, filled: list[Filled], catalog: Catalog) -> list[Finding]:
    """Every error and warning, in the order of the checks."""
    return [
        *_types(document, filled),
        *_names(file, document, filled),
        *_declared(file, document),
        *_countries(file, document, catalog),
        *_twice(document, filled),
        *_elements(document, filled, catalog),
        *_blanks(file, document, filled),
        *_policies(file, document, filled),
        *_lookup(document, filled),
    ]


def _types(document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """Converters and constants yield what their target takes."""
    for one in filled:
        many = len(one.form.alternatives_or_self()) > 1
        for number, form in enumerate(one.form.alternatives_or_self()):
            path = (*one.path, number) if many else one.path
            try:
                if form.constant is None:
                    pipeline_for(form, one.slot.target)
                else:
                    yield from _constant(document, one, path, typed(one.slot.target.kind, form.constant))
            except ValueError as error:
                place = (*path, "convert") if form.convert else path
                yield finding(document, place, f"{one.slot.address}: {error}")


def _constant(document: Section, one: Filled, path: tuple[str | int, ...], value: Any) -> Iterator[Finding]:
    target = one.slot.target
    if target.values and isinstance(value, str) and value not in target.values and not target.address.endswith("*"):
        hint = nearest(value, target.values, what="it may be")
        yield finding(
            document,
            (*path, "constant"),
            f"{one.slot.address}: {value!r} is not known{hint}",
            warning=target.open_values,
        )
    elif target.kind is Kind.ENUM and target.values and value not in target.values:
        yield finding(
            document,
            (*path, "constant"),
            f"{one.slot.address}: {value!r} is not declared{nearest(value, target.values)}",
        )


def _names(file: Any, document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """Names of lookup identifiers that nobody knows, and fields that are not declared."""
    for one in filled:
        target, name = one.slot.target, one.slot.address.rpartition(".")[2]
        if target.address == "lookup.identifiers.*" and name not in target.values:
            hint = nearest(name, target.values, what="known are")
            yield finding(document, one.path, f"Capillary documents no lookup by {name!r}{hint}", warning=True)
        if not target.declared:
            section = one.slot.address.rpartition(".")[0].rpartition(".")[2]
            message = f"{one.slot.address} is not declared: it is sent as text; declare it under `declare.{section}`"
            if file.declare.complete:
                known = file.declare.fields_ if section == "fields" else file.declare.extendedFields
                message = f"the organisation has no {one.slot.address}{nearest(name, known)}"
            yield finding(document, one.path, message, warning=not file.declare.complete, key=True)
        if target.address == "profile.fields.*" and len(name) > LONGEST_CUSTOM_NAME:
            yield finding(document, one.path, _too_long(name), key=True)


def _declared(file: Any, document: Section) -> Iterator[Finding]:
    """Declared names that no custom field can have."""
    for name in file.declare.fields_:
        if len(name) > LONGEST_CUSTOM_NAME:
            yield finding(document, ("declare", "fields", name), _too_long(name), key=True)


def _too_long(name: str) -> str:
    return (
        f"the name of a custom field has at most {LONGEST_CUSTOM_NAME} characters; {name!r} has {len(name)}: "
        "write the name that it has at Capillary"
    )


def _countries(file: Any, document: Section, catalog: Catalog) -> Iterator[Finding]:
    """Declared countries are known."""
    mobile = file.declare.identifiers.mobile
    path = ("declare", "identifiers", "mobile", "country")
    for number, region in enumerate(mobile.country if mobile else ()):
        if region not in catalog.countries:
            hint = nearest(region, catalog.countries) if region.upper() in catalog.countries else ""
            message = f"there is no country {region!r}{hint or '; write two capitals, as in IN, GB or US'}"
            yield finding(document, (*path, number) if len(mobile.country) > 1 else path, message)


def _twice(document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """Extended fields that differ in case alone are one field to Capillary (document EF)."""
    seen: dict[str, Filled] = {}
    for one in filled:
        if one.slot.target.address != "extendedFields.*":
            continue
        key = one.slot.address.casefold()
        if key in seen:
            message = (
                f"{one.slot.address} is filled twice, first as {seen[key].slot.address}; the letter case of these names "
                "is nothing to Capillary: keep one of them"
            )
            yield finding(document, one.path, message, key=True)
        seen.setdefault(key, one)


def _elements(document: Section, filled: list[Filled], catalog: Catalog) -> Iterator[Finding]:
    """List elements have what they need, and nothing that their type does not take."""
    inside = [one for one in filled if one.element]
    for address, group in groupby(inside, key=lambda one: one.element.address if one.element else ""):
        slots = list(group)
        element = slots[0].element
        assert element is not None
        path = slots[0].path[:-1]
        names = {one.slot.address.removeprefix(address + ".") for one in slots}
        for needed, target in _required(catalog, slots[0]):
            if needed not in names:
                known = f": one of {', '.join(target.values)}" if target.values else ""
                yield finding(document, path, f"{address} lacks `{needed}`{known or f'; write `{needed}: COLUMN`'}")
        for one in slots:
            target = one.slot.target
            if target.when_type and element.type and element.type not in target.when_type:
                wanted = " or ".join(target.when_type)
                message = f"{one.slot.address} goes with type {wanted}, not {element.type}: take it out here"
                yield finding(document, one.path, message, key=True)
            variant = target.variants.get(element.type)
            if variant and variant.needs_one_of and not names & set(variant.needs_one_of):
                yield finding(
                    document,
                    path,
                    f"{address}: a {element.type} needs one of {', '.join(variant.needs_one_of)}",
                )
            for needed in variant.needs if variant else ():
                if needed not in names:
                    yield finding(document, path, f"{address}: a {element.type} needs {needed}")


def _required(catalog: Catalog, one: Filled) -> list[tuple[str, Target]]:
    """Names (and their targets) that an element of this one's list must fill."""
    listed = one.slot.target.address.partition("[].")[0] + "[]."
    return [
        (address.removeprefix(listed), target)
        for address, target in catalog.items()
        if address.startswith(listed) and target.required
    ]


def _blanks(file: Any, document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """`blank: clear` where it is allowed, and with its guard."""
    clearing = [one for one in filled if one.slot.clears]
    for one in clearing:
        if not one.slot.target.clearable or one.slot.target.kind not in {Kind.STRING, Kind.ENUM}:
            message = f"{one.slot.address} cannot be cleared, only names and text fields can: say leave or reject"
            yield finding(document, (*one.path, "blank"), message)
    if clearing and file.guards.max_cleared is None:
        message = "a mapping that clears must say in how many rows it may: write `guards: {max_cleared: 5%}`"
        yield finding(document, (*clearing[0].path, "blank"), message)


def _policies(file: Any, document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """Policies that would lose or double credits."""
    adding = [one.slot.address for one in filled if one.slot.target.effect is Effect.ADDS]
    if not adding:
        return
    if file.rows.same_customer in {"last-wins", "merge"}:
        message = f"`same_customer: {file.rows.same_customer}` would lose credits, since {adding[0]} adds: say in-order or reject"
        yield finding(document, ("rows", "same_customer"), message)
    if file.rows.unchanged == "skip" and not file.rows.credit_id:
        message = (
            f"`unchanged: skip` must know what identifies a credit, since {adding[0]} adds: write `credit_id: [COLUMN]`"
        )
        yield finding(document, ("rows", "unchanged"), message)


def _lookup(document: Section, filled: list[Filled]) -> Iterator[Finding]:
    """A request needs a source and an identifier."""
    addresses = [one.slot.address for one in filled]
    if "lookup.source" not in addresses:
        yield finding(document, ("lookup",), "`lookup` lacks `source`; write for example `source: INSTORE`")
    if not any(address.startswith("lookup.identifiers") for address in addresses):
        message = "`lookup` lacks identifiers: list some, as in `- mobile: COLUMN`; the first that is not blank is used"
        yield finding(document, ("lookup", "identifiers"), message)
