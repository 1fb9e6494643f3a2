"""`declare:` what an organisation has of its own: extended and custom fields, and rules for identifiers."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from importer.endpoint import Catalog, Kind, Target
from importer.mapping.forms import Model, Regex, SourceText, Texts

LONGEST_CUSTOM_NAME = 20  # characters (document CF)


class ExtendedField(Model):
    """An extended field of the organisation."""

    type: Literal["string", "integer", "double", "date", "datetime", "enum", "list"]
    values: Texts | None = None
    max_length: int | None = Field(None, ge=1)
    min: float | None = None
    max: float | None = None
    pattern: Regex | None = None

    @model_validator(mode="after")
    def values_of_an_enum(self) -> ExtendedField:
        """An enum needs its values, nothing else has any."""
        if (self.type == "enum") != (self.values is not None):
            raise ValueError("an enum needs its `values: [A, B]`, and nothing else has any")
        return self


class CustomField(Model):
    """A custom field of the organisation."""

    type: Literal["string", "integer", "boolean"]
    max_length: int | None = Field(None, ge=1)
    min: float | None = None
    max: float | None = None
    pattern: Regex | None = None


class MobileRule(Model):
    """Which countries' mobile numbers the organisation takes."""

    country: Texts


class ExternalIdRule(Model):
    """How the organisation's external ids begin, and how long they are (document SETUP)."""

    prefix: SourceText = ""
    length: int | None = Field(None, ge=1, le=50)

    @model_validator(mode="after")
    def room_for_more(self) -> ExternalIdRule:
        """A prefix leaves room for what follows it; a rule says something."""
        if not self.prefix and self.length is None:
            raise ValueError("a rule for external ids states `prefix`, `length` or both")
        if self.length is not None and len(self.prefix) >= self.length:
            raise ValueError(f"the prefix {self.prefix!r} leaves no room in {self.length} characters")
        return self


class IdentifierRules(Model):
    """What the organisation enforces of identifiers."""

    mobile: MobileRule | None = None
    externalId: ExternalIdRule | None = None  # noqa: N815 - as in the body


class Declare(Model):
    """The organisation's own fields and settings. `complete`: it has no others, as `importer fields pull` states."""

    complete: bool = False
    identifiers: IdentifierRules = IdentifierRules()
    extendedFields: dict[str, ExtendedField] = Field({})  # noqa: N815 - as in the body
    fields_: dict[str, CustomField] = Field({}, alias="fields")


def own_field(declare: Declare, target: Target, name: str) -> Target:
    """An organisation's field as it is declared, or as plain text; a target of the catalog as it is."""
    found: ExtendedField | CustomField | None
    if target.address == "extendedFields.*":
        known = {key.casefold(): field for key, field in declare.extendedFields.items()}  # document EF: case is nothing
        found = known.get(name.casefold())
    elif target.address == "profile.fields.*":
        found = declare.fields_.get(name)
    else:
        return target
    if found is None:
        return replace(target, declared=False)
    kind = Kind(found.type)
    return replace(
        target,
        kind=kind,
        values=tuple(getattr(found, "values", None) or ()),
        max_length=found.max_length or (target.max_length if kind is Kind.STRING else None),
        min=found.min,
        max=found.max,
        pattern=found.pattern,
    )


def ruled(declare: Declare, target: Target, catalog: Catalog) -> Target:
    """A target with what the organisation enforces of the identifiers that it takes."""
    rules, variants = declare.identifiers, dict(target.variants)
    if rules.mobile and (mobile := variants.get("mobile")):
        known = tuple(catalog.countries[one] for one in rules.mobile.country if one in catalog.countries)
        converter = mobile.converter.replace("REGION", rules.mobile.country[0])
        variants["mobile"] = replace(mobile, countries=known, converter=converter)
    if rules.externalId and (external := variants.get("externalId")):
        variants["externalId"] = replace(external, prefix=rules.externalId.prefix, length=rules.externalId.length)
    return replace(target, variants=variants) if variants != target.variants else target
