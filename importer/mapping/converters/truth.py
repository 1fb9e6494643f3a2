"""True and false."""

from __future__ import annotations

from typing import Any

from importer.endpoint import Kind
from importer.mapping.converters.base import BadConverter, Converter, Example, Unreadable, options

TRUE = frozenset({"true", "yes", "y", "1"})
FALSE = frozenset({"false", "no", "n", "0"})


class Boolean(Converter):
    """Yes or no."""

    name = "boolean"
    slugs = ("boolean-invalid",)
    judges = True
    help = "Takes true/false, yes/no, y/n, 1/0 in any case; or exactly the texts that are stated."
    arguments = "{true: [J], false: [N]}"
    yields = Kind.BOOLEAN
    examples = (
        Example(None, "Yes", value=True),
        Example({"true": ["J"], "false": ["N"]}, "N", value=False),
        Example(None, "maybe", problem="boolean-invalid"),
    )

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        self._exact = argument is not None
        given = options(Boolean, argument, ("true", "false")) if self._exact else {"true": TRUE, "false": FALSE}
        self._true, self._false = texts(given.get("true"), "true"), texts(given.get("false"), "false")
        if both := self._true & self._false:
            raise BadConverter(f"`boolean`: {min(both)!r} stands under true and under false")

    def one(self, value: str) -> bool:
        """Stated texts are compared exactly, after white space went off both ends."""
        text = value.strip()
        text = text if self._exact else text.lower()
        if text in self._true:
            return True
        if text in self._false:
            return False
        raise Unreadable("boolean-invalid", f"known are: {', '.join(sorted(self._true | self._false))}")


def texts(given: Any, what: str) -> frozenset[str]:
    """One text or a list of them."""
    found = [given] if isinstance(given, str) else list(given) if isinstance(given, list | frozenset) else []
    if not found or not all(isinstance(one, str) for one in found):
        raise BadConverter(f"`boolean` needs a list of texts under `{what}`: {Boolean.arguments}")
    return frozenset(found)
