"""What could be changed in the mapping so that many rows become sound: a sentence, where there is such a change.

Each suggestion is a text of the mapping language; tests put them into a mapping and see the problem go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import phonenumbers

from importer.endpoint import Kind, Slot, Variant
from importer.problems import Problem
from importer.validation.dates import another_order, formats_of, stated_formats
from importer.validation.target_facts import variant_of

MEANT = "did you mean "


def suggestion(problem: Problem, form: str, slot: Slot | None) -> str:
    """A change of the mapping, as a sentence without a full stop; "" where nothing in the mapping would help.

    `slot`: the target that the problem is about, where it is about one.
    """
    rule = RULES.get(problem.slug)
    return rule(problem, form, slot) if rule else ""


def differs_in_case(problem: Problem) -> bool:
    """Whether the value would be one of the allowed ones, were it not for the letter case."""
    meant = f"{MEANT}{problem.value.strip()}?".casefold()
    return problem.slug in ("choice-unknown", "not-allowed") and meant in problem.detail.replace("'", "").casefold()


def _form(problem: Problem, form: str, slot: Slot | None) -> str:
    """The converter that the target's type has in the catalog."""
    if slot is None:
        return ""
    variant = variant_of(slot)
    if variant is not None and (variant.prefix or variant.length):
        return _declared(problem.value, variant)
    if variant is not None and variant.converter:
        return f"add `{variant.converter.replace('REGION', _region(problem.value))}` to the column's `convert`"
    return "add `trim` to the column's `convert`" if form != form.strip() else ""


def _declared(value: str, variant: Variant) -> str:
    """The prefix that is not there, or the zeros that a spreadsheet has dropped."""
    prefix, length = variant.prefix, variant.length
    if prefix.isalnum() and not value.startswith(prefix) and length in (None, len(prefix + value)):
        where = f'{{from: "^(?!{prefix})", to: {prefix}, regex: true}}'  # where it is missing, and nowhere else
        return f"put it in front with `replace: {where}`"
    if length and not prefix and value.isdecimal() and len(value) < length:
        return f"add `pad: {{to: {length}}}` to the column's `convert`, if what is missing are leading zeros"
    return ""


def _region(number: str) -> str:
    """The region of a number with country code; two letters to be filled in where it has none."""
    try:
        found = phonenumbers.parse("+" + re.sub(r"\D", "", number).removeprefix("00"), None)
    except phonenumbers.NumberParseException:
        return "REGION"
    region = phonenumbers.region_code_for_number(found) if phonenumbers.is_valid_number(found) else None
    return region or "REGION"


def _letter_case(problem: Problem, form: str, slot: Slot | None) -> str:
    """The value is known in another letter case, or with blanks around it."""
    if not differs_in_case(problem):
        return "add `trim` to the column's `convert`" if slot and form != form.strip() else ""
    if problem.slug == "choice-unknown":
        return "let `choice` ignore the letter case: `choice: {map: {…}, ignore_case: true}`"
    if slot is None:
        return ""
    table = ", ".join(f"{value}: {value}" for value in slot.target.values)
    return f"add `choice: {{map: {{{table}}}, ignore_case: true}}` to the column's `convert`"


def _integer(_: Problem, form: str, __: Slot | None) -> str:
    """Thousands in groups, or a fraction of zeros that a spreadsheet has put there."""
    for separator in (",", ".", " ", "'"):
        if re.fullmatch(rf"[+-]?9{{1,3}}({re.escape(separator)}9{{2,3}})*{re.escape(separator)}999", form):
            return f'state how thousands are written: `integer: {{thousands: "{separator}"}}`'
    if re.fullmatch(r"[+-]?9+\.9{1,2}", form):
        return r'take a fraction of zeros off first: `replace: {from: "\\.0+$", to: "", regex: true}`'
    return ""


def _decimal(_: Problem, form: str, __: Slot | None) -> str:
    """A decimal comma, or thousands in groups."""
    if re.fullmatch(r"[+-]?9+,9+", form):
        return 'state the decimal sign: `decimal: {point: ","}`'
    if re.fullmatch(r"[+-]?9{1,3}(\.9{3})+,9+", form):
        return 'state both signs: `decimal: {point: ",", thousands: "."}`'
    if re.fullmatch(r"[+-]?9{1,3}(,9{2,3})+(\.9+)?", form):
        return 'state how thousands are written: `decimal: {thousands: ","}`'
    return ""


def _date(problem: Problem, form: str, slot: Slot | None) -> str:
    """The format that the value has, unless the mapping states it already: then the day does not exist."""
    formats, stated = formats_of(form), stated_formats(problem, form)
    if stated:
        other = another_order(problem, form)
        return f"if the month is written first, state `{other}` instead" if other else ""
    if not formats:
        return ""
    name = "datetime" if slot is not None and slot.target.kind is Kind.DATETIME else "date"
    told = " or ".join(f"`{one}`" for one in formats)
    return f"add {told} to the formats of `{name}`" + ("; which of them, you know" if len(formats) > 1 else "")


def _email(_: Problem, form: str, slot: Slot | None) -> str:
    """Several addresses in a cell, where the target takes one entry for each."""
    if slot is None or not slot.target.key or form.count("@") < 2:  # noqa: PLR2004 - two addresses
        return ""
    separator = next((one for one in (";", ",", "/", "|") if one in form), "")
    return f'make a list of the cell first: `split: "{separator}"`' if separator else ""


def _extension(_: Problem, __: str, ___: Slot | None) -> str:
    """The extension, cut off."""
    return r'cut it off before `phone`: `replace: {from: "\\s*(ext|x|#).*", to: "", regex: true}`'


def _too_long(_: Problem, __: str, slot: Slot | None) -> str:
    """As many characters as the target takes."""
    variant = variant_of(slot) if slot else None
    most = (variant.max_length if variant else None) or (slot.target.max_length if slot else None)
    return f'to cut it off on purpose, add `part: {{chars: "1-{most}"}}` to the column\'s `convert`' if most else ""


def _twice(_: Problem, __: str, ___: Slot | None) -> str:
    """Which of the two moments is meant."""
    return "let `datetime` decide: `fold: earlier` or `fold: later`"


RULES: Mapping[str, Callable[[Problem, str, Slot | None], str]] = MappingProxyType(
    {
        "pattern-mismatch": _form,
        "not-allowed": _letter_case,
        "choice-unknown": _letter_case,
        "integer-invalid": _integer,
        "decimal-invalid": _decimal,
        "date-invalid": _date,
        "datetime-twice": _twice,
        "email-invalid": _email,
        "phone-extension": _extension,
        "too-long": _too_long,
    }
)
