"""The reference pages docs/reference/catalog.md and codes.md."""

from __future__ import annotations

from importer.apis.capillary.catalog import catalog
from importer.apis.capillary.codes import codes
from importer.endpoint import Target


def catalog_page() -> str:
    """Every target: type, limits, effect, where it lies in the body."""
    parts = [
        "# Catalog\n\nThe targets that a mapping may name. *Adds* marks what may not be sent twice; everything else *sets*. `[]`",
        "stands for an element of a list, `*` for a name of your organisation's own. Source: the key of the document that",
        "states it, as in [Capillary's facts](capillary.md). Generated from `importer/apis/capillary/catalog.toml`.\n",
        "| target | in the body | type | effect | limits | source | |\n| --- | --- | --- | --- | --- | --- | --- |",
    ]
    parts += [
        f"| `{one.address}` | {f'`{one.body}`' if one.body else 'query'} | {one.kind} | "
        f"{'**adds**' if one.effect == 'adds' else 'sets'} | {limits(one)} | {one.source} | {one.help} |"
        for one in catalog().values()
    ]
    parts.append("\n## What holds beside one type\n\n| target | type | |\n| --- | --- | --- |")
    for one in catalog().values():
        for name, variant in one.variants.items():
            facts = [variant.help]
            if variant.pattern_help:
                facts.append(variant.pattern_help[0].upper() + variant.pattern_help[1:] + ".")
            if variant.max_length:
                facts.append(f"At most {variant.max_length} characters.")
            if variant.needs:
                facts.append(f"Needs {' and '.join(f'`{other}`' for other in variant.needs)}.")
            if variant.needs_one_of:
                facts.append(f"Needs {' or '.join(f'`{other}`' for other in variant.needs_one_of)}.")
            parts.append(f"| `{one.address}` | {name} | {' '.join(fact for fact in facts if fact)} |")
    parts.append(
        "\n## Mobile numbers by country\n\nWhat is asked of a mobile number where the mapping declares countries "
        "(`declare: {identifiers: {mobile: {country: IN}}}`):\nthe country code, then so many digits.\n"
    )
    parts += ["| country | code | digits after it | the first of them |\n| --- | --- | --- | --- |"]
    parts += [
        f"| {one.region} | {one.code} | {', '.join(map(str, one.lengths))} | {', '.join(one.first)} |"
        for one in catalog().countries.values()
    ]
    return "\n".join(parts) + "\n"


def limits(target: Target) -> str:
    """What a value may be, in words."""
    found = []
    if target.values:
        found.append(("e.g. " if target.open_values else "") + ", ".join(f"`{value}`" for value in target.values))
    if target.max_length:
        found.append(f"≤ {target.max_length} characters")
    if target.min is not None:
        found.append(f"≥ {target.min:g}")
    if target.max is not None:
        found.append(f"≤ {target.max:g}")
    if target.required:
        found.append("needed")
    if target.when_type:
        found.append("only beside type " + ", ".join(f"`{name}`" for name in target.when_type))
    return "; ".join(found)


def codes_page() -> str:
    """Every code that concerns an update: meaning, retry, advice."""
    parts = [
        "# Codes\n\nWhat Capillary's codes mean for a row. *Lost*: as a warning, it says that part of the data was not stored, so",
        "the row ends as `partial`. Generated from `importer/apis/capillary/codes.toml`.\n",
        "| code | means | kind | sent again | lost | what to do |\n| --- | --- | --- | --- | --- | --- |",
    ]
    retry = {"yes": "yes", "limited": "by you, later", "no": "no"}
    parts += [
        f"| {one.code} | {one.meaning} | {one.kind} | {retry[one.retry]} | {'lost' if one.lost else ''} | {one.advice} |"
        for one in codes().values()
    ]
    return "\n".join(parts) + "\n"
