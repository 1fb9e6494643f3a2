"""Phone numbers by the rules of each region (libphonenumber's metadata), as digits with country code."""

from __future__ import annotations

import re
from typing import Any

import phonenumbers

from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options

_DAMAGED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+|\d+[.,]0", re.ASCII)
_LETTERS = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"(?:ext|x|#|;)\.?\s*[:=]?\s*\d+\s*$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{5,15}")


class Phone(Converter):
    """A phone number as Capillary wants it: digits with country code."""

    name = "phone"
    slugs = ("phone-invalid", "phone-extension", "excel-rounded")
    judges = True
    help = (
        "Takes a valid number of the region, or one with country code (+, 00 or bare); yields digits with country code. "
        "Refuses extensions, letters and numbers that Excel has rounded. `check: possible` asks for a plausible length only."
    )
    arguments = "REGION | {region: REGION, check: valid | possible}"
    examples = (
        Example("IN", "098765 43210", "919876543210"),
        Example("IN", "+44 7400 123456", "447400123456"),
        Example("IN", "00919876543210", "919876543210"),
        Example("IN", "12", problem="phone-invalid"),
        Example("IN", "98765 43210 ext 5", problem="phone-extension"),
        Example("IN", "9.19877E+11", problem="excel-rounded"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        given = {"region": argument} if isinstance(argument, str) else options(Phone, argument, ("region", "check"))
        self._region = given.get("region")
        if not isinstance(self._region, str) or self._region not in phonenumbers.SUPPORTED_REGIONS:
            raise BadConverter(f"`phone` knows no region {self._region!r}; write two capitals, as in IN, GB or US")
        check = given.get("check", "valid")
        if check not in ("valid", "possible"):
            raise BadConverter("`phone`: `check` is valid or possible")
        self._fits = phonenumbers.is_valid_number if check == "valid" else phonenumbers.is_possible_number

    def one(self, value: str) -> str:
        """The number as the region dials it first; bare digits as country code and number next."""
        text = value.strip()
        if _DAMAGED.fullmatch(text):
            raise Unreadable("excel-rounded")
        if _EXTENSION.search(text):
            raise Unreadable("phone-extension")
        if _LETTERS.search(text):
            raise Unreadable("phone-invalid", "it holds letters")
        found = self._parsed(text, self._region)
        if found is None and _PLAIN.fullmatch(text):
            found = self._parsed("+" + text, None)
        if found is None:
            raise Unreadable("phone-invalid", f"no number of region {self._region}, nor one with a country code")
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)[1:]

    def _parsed(self, text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
        try:
            found = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return None
        return found if self._fits(found) and not found.extension else None
