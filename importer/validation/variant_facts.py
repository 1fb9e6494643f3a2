"""What one type of identifier or channel (a mobile, an email, an externalId …) asks of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.endpoint import Country, Variant
from importer.validation.facts import Fact, form, longest


def variant_facts(column: str, variant: Variant) -> Iterator[Fact]:
    """The catalog's form, or that of the declared countries; declared prefix and length; the greatest length."""
    if variant.countries:
        pattern = "|".join(map(number_of, variant.countries))
        yield form(column, pattern, "digits with country code: " + ", or ".join(map(told, variant.countries)))
    elif variant.pattern is not None:
        yield form(column, variant.pattern, variant.pattern_help)
    if variant.prefix or variant.length is not None:
        yield form(column, declared_form(variant), declared_words(variant))
    if variant.max_length is not None:
        yield longest(column, variant.max_length)


def number_of(country: Country) -> str:
    """A country's numbers as an expression: code, first digit, the rest."""
    first = f"[{country.first}]" if country.first else "[0-9]"
    return "|".join(f"{country.code}{first}[0-9]{{{length - 1}}}" for length in country.lengths)


def told(country: Country) -> str:
    """`91 and 10 digits, the first of them 6, 7, 8 or 9 (IN)`."""
    first = f", the first of them {either(tuple(country.first))}" if country.first else ""
    return f"{country.code} and {either(tuple(map(str, country.lengths)))} digits{first} ({country.region})"


def either(words: tuple[str, ...]) -> str:
    """`6, 7 or 8`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def declared_form(variant: Variant) -> str:
    """Prefix and length as an expression."""
    rest = ".*" if variant.length is None else f".{{{variant.length - len(variant.prefix)}}}"
    return re.escape(variant.prefix) + rest


def declared_words(variant: Variant) -> str:
    """Prefix and length as they are declared."""
    prefix = f"{variant.prefix} in front" if variant.prefix else ""
    length = f"{variant.length} characters in all" if variant.length is not None else ""
    return ", ".join(part for part in (prefix, length) if part)
