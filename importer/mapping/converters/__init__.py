"""Converters: named steps from cell text to value, one short file per family."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from importer.mapping.converters.base import (
    BadConverter,
    Converted,
    Converter,
    Example,
    Pipeline,
    Unreadable,
    converted,
)
from importer.mapping.converters.choice import Choice
from importer.mapping.converters.filling import Pad, Replace
from importer.mapping.converters.mail import Email
from importer.mapping.converters.moments import Date, Datetime
from importer.mapping.converters.numbers import Decimal, Integer
from importer.mapping.converters.own import GROUP, Functions, Own
from importer.mapping.converters.parts import Part, Split
from importer.mapping.converters.phone import Phone
from importer.mapping.converters.text import Digits, Lower, Prefix, Squeeze, Suffix, Title, Trim, Upper
from importer.mapping.converters.truth import Boolean

__all__ = ["NAMES", "BadConverter", "Converted", "Converter", "Example", "Pipeline", "Unreadable", "converted", "make"]

NAMES: Mapping[str, type[Converter]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Trim, Squeeze, Upper, Lower, Title, Digits, Phone, Email, Integer, Decimal, Boolean, Date, Datetime,
            Choice, Replace, Pad, Prefix, Suffix, Part, Split,
        )
    }
)  # fmt: skip


@cache
def own_converters() -> Mapping[str, Any]:
    """Entry points of installed packages by name; loaded when a mapping names one."""
    return {point.name: point for point in entry_points(group=GROUP)}


def make(name: str, argument: Any = None, own: Functions = MappingProxyType({})) -> Converter:
    """The converter of this name; `own`: the functions that the mapping names. Raises BadConverter with a sentence."""
    if kind := NAMES.get(name):
        return kind(argument)
    if name in own:
        return Own(name, own[name], argument)
    if point := own_converters().get(name):
        try:
            function = point.load()
        except (Exception, SystemExit) as error:  # somebody else's package: whatever it raises is told with its name
            said = f"{type(error).__name__}: {error}"
            raise BadConverter(f"the converter {name!r} ({point.value}) cannot be loaded ({said})") from error
        if not callable(function):
            raise BadConverter(f"the converter {name!r} ({point.value}) is no function")
        return Own(name, function, argument)
    known = list(dict.fromkeys([*NAMES, *own, *own_converters()]))
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    raise BadConverter(f"there is no converter {name!r}; {hint}")
