"""YAML as text: scalars that mean what they say, lines with a comment at their end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_PLAIN = re.compile(r"[^\W\d_](?:[\w .\-/()]*[\w.)])?")
_MEANS_SOMETHING = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
COMMENT_COLUMN = 60  # comments begin here at the earliest, so that targets stand apart from evidence


def scalar(text: str) -> str:
    """A text that YAML reads back exactly, plain where that is safe, also inside brackets."""
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _MEANS_SOMETHING:
        return text
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(one) for one in shown)


def _escaped(one: str) -> str:
    """A character that YAML allows only as an escape."""
    return f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\U{ord(one):08x}"  # noqa: PLR2004 - escapes of 4 and 8 digits


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value) if isinstance(value, str) else str(value)


def remark(text: str) -> str:
    """A text that can stand in a comment."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


@dataclass(slots=True)
class Page:
    """Lines, as they are written."""

    lines: list[str] = field(default_factory=list)

    def add(self, indent: int, text: str, comment: str = "") -> None:
        """A line; `indent` in steps of two blanks."""
        line = "  " * indent + text
        self.lines.append(f"{line:<{COMMENT_COLUMN}}  # {remark(comment)}".rstrip() if comment else line)

    def section(self, title: str) -> None:
        """A blank line, then a section's key."""
        self.lines += ["", f"{title}:"]

    def note(self, text: str) -> None:
        """A line of comment."""
        self.lines.append(f"# {remark(text)}")

    def extend(self, lines: Iterable[str]) -> None:
        """Lines as they are."""
        self.lines.extend(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines).strip("\n") + "\n"
