"""The mapping's own test rows: what was expected, what was found, and the difference between them as JSON.

Objects match where they hold at least what is expected; lists match in full, element by element. An expected name
without a value must be absent.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importer.mapping.model import RowTest

SHORT = 60  # characters of a value in a sentence
WHOLE_ROW = "$row"  # where a problem concerns no column
NOTHING_STATED = "it states nothing to expect; `importer mapping test MAPPING --record` fills that in for review"


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a test row. `lookup`: source, accountId and the identifier by its name."""

    status: str  # planned, skipped or invalid
    lookup: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    problems: Sequence[tuple[str, str]] = ()  # (column, slug)
    reason: str = ""  # why it is skipped

    @property
    def slugs(self) -> dict[str, list[str]]:
        """Slugs by column, each once."""
        by_column: dict[str, list[str]] = {}
        for column, slug in dict.fromkeys(self.problems):
            by_column.setdefault(column or WHOLE_ROW, []).append(slug)
        return {column: sorted(slugs) for column, slugs in by_column.items()}


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, in one sentence and as lines of JSON. Empty (and false) where nothing does."""

    summary: str = ""
    lines: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.summary)


def differences(test: RowTest, found: Found) -> Differences:
    """What was found against what the test states."""
    if test.expect is None and test.problems is None:
        return Differences(NOTHING_STATED)
    wanted, got = _alike(_stated(test)), _alike(_shown(found))
    if test.problems is None and test.expect and test.expect.status is None and found.status != "planned":
        wanted = {"status": "planned", **wanted} | ({"problems": {}} if found.problems else {})
    cut, wanted = _cut(got, wanted), _without_absent(wanted)
    places = list(_places(wanted, cut, ""))
    if not places:
        return Differences()
    more = f", and {len(places) - 1} more" if len(places) > 1 else ""
    lines = [*_diff(wanted, cut), *([f"The row is skipped: {found.reason}."] if found.reason else [])]
    return Differences(places[0] + more, tuple(lines))


def _stated(test: RowTest) -> dict[str, Any]:
    """The expectation as one JSON value."""
    wanted: dict[str, Any] = {}
    expect = test.expect
    if expect is not None:
        if expect.status is not None:
            wanted["status"] = expect.status
        if expect.lookup is not None:
            wanted["lookup"] = dict(expect.lookup)
        if expect.body is not None:
            wanted["body"] = expect.body
    if test.problems is not None:
        wanted["problems"] = {column: sorted(slugs) for column, slugs in test.problems.items()}
    return wanted


def _shown(found: Found) -> dict[str, Any]:
    """The same of what was found."""
    return {"status": found.status, "lookup": dict(found.lookup), "body": found.body, "problems": found.slugs}


def _cut(got: Any, wanted: Any) -> Any:
    """What was found, without what nobody asked for. Problems are asked for in full."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        return {
            name: got[name] if name == "problems" else _cut(got[name], inner)
            for name, inner in wanted.items()
            if name in got and got[name] is not None
        }
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        return [_cut(one, inner) for one, inner in zip(got, wanted, strict=True)]
    return got


def _without_absent(wanted: Any) -> Any:
    """The expectation without names that must be absent."""
    if isinstance(wanted, dict):
        return {name: _without_absent(inner) for name, inner in wanted.items() if inner is not None}
    return [_without_absent(one) for one in wanted] if isinstance(wanted, list) else wanted


def _places(wanted: Any, got: Any, path: str) -> Iterator[str]:
    """Each place where they differ as JSON: a number is no text, and true is no number."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in dict.fromkeys([*wanted, *got]):
            below = f"{path}.{name}" if path else name
            if name not in got:
                yield f"{below} is absent, expected {_short(wanted[name])}"
            elif name not in wanted:
                yield f"{below} is {_short(got[name])}, expected to be absent"
            else:
                yield from _places(wanted[name], got[name], below)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got, strict=True)):
            yield from _places(one, other, f"{path}[{number}]")
    elif isinstance(wanted, list) and isinstance(got, list):
        yield f"{path} has {len(got)} entries, expected {len(wanted)}"
    elif _text(wanted) != _text(got):
        yield f"{path} is {_short(got)}, expected {_short(wanted)}"


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= SHORT else shown[: SHORT - 1] + "…"


def _alike(value: Any) -> Any:
    """Numbers that JSON does not tell apart are written alike: 12.0 as 12."""
    if isinstance(value, dict):
        return {name: _alike(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_alike(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


def _diff(wanted: Any, got: Any) -> Iterator[str]:
    """Lines of JSON: `-` expected, `+` found."""
    yield "(- expected, + found)"
    for line in difflib.ndiff(_text(wanted).splitlines(), _text(got).splitlines()):
        if not line.startswith("?"):
            yield line.rstrip()
