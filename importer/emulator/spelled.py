"""Faults as they are spelled on a command line: `drop,share=0.01,after_write` or `status,status=503,from_s=60,until_s=80`."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from importer.emulator.faults import Fault, FaultKind

LISTS = frozenset({"nth", "values", "attempts"})  # several are joined by +: nth=3+5


def read_fault(text: str) -> Fault:
    """A kind, then its fields; a field without a value is switched on. Raises ValueError."""
    kind, *rest = (part.strip() for part in text.split(","))
    fields: dict[str, Any] = {"kind": kind}
    for part in rest:
        name, equals, value = part.partition("=")
        fields[name.strip()] = _value(name.strip(), value.strip()) if equals else True
    if kind not in set(FaultKind):
        message = f"--fault {text}: there is no kind {kind!r}; there are {', '.join(FaultKind)}"
        raise ValueError(message)
    try:
        return Fault.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        known = ", ".join(name for name in Fault.model_fields if name != "kind")
        where = ".".join(str(part) for part in first["loc"][:1])
        message = f"--fault {text}: {where + ': ' if where else ''}{first['msg']}; its fields are {known}"
        raise ValueError(message) from None


def _value(name: str, text: str) -> Any:
    """Lists are told by the field's name; numbers and switches are read by the field's type."""
    return text.split("+") if name in LISTS else text
