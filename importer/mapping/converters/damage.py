"""What a spreadsheet program did to long numbers before the file reached us."""

from __future__ import annotations

import re
from collections.abc import Sequence

from importer.mapping.converters.base import Converter, Unreadable

E_NOTATION = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)  # wherever a number is meant
SHOWN_SHORT = re.compile(r"\d(?:[.,]\d+)?E[+-]\d{2,3}", re.ASCII)  # exactly as such programs show long numbers


class Whole(Converter):
    """The last step of whatever finds or links a customer: a value that was shown short finds somebody else or nobody.

    It has no name in a mapping; it stands behind converters that do not judge by themselves.
    """

    name = "whole"
    judges = True
    slugs = ("excel-rounded",)
    help = "Refuses 9.19877E+11 and the like, in which most digits are lost."
    yields = None

    def passes(self, values: Sequence[str]) -> bool:
        """Identifiers are many and all different, and hardly one holds an exponent."""
        return not any("E+" in value or "E-" in value for value in values)

    def one(self, value: str) -> str:
        """The text itself."""
        if SHOWN_SHORT.fullmatch(value.strip()):
            raise Unreadable("excel-rounded")
        return value
