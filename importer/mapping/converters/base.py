"""What every converter is: a named step from cell text to value, with one policy for what it cannot read.

A pipeline runs over the distinct values of a column and spreads the results, so a column with few values costs little
however long it is.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from importer.endpoint import Kind
from importer.problems import Problem

_WHOLE = re.compile(r"-?[0-9]{1,9}")
VALUES_KEPT = 20_000  # of one pipeline; a bound on memory


class BadConverter(ValueError):
    """A converter's argument makes no sense; the message says what is wrong and what is allowed."""


class Unreadable(Exception):
    """This value cannot be read: the slug of the problem, and what its message adds."""

    def __init__(self, slug: str, detail: str = "") -> None:
        super().__init__(slug)
        self.slug = slug
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Example:
    """What a converter makes of a cell: a value, or the slug of a problem. Tested, and printed in the reference."""

    argument: Any
    cell: str
    value: Any = None
    problem: str = ""


class Converter(ABC):
    """One step. Subclasses take their argument as plain YAML data whose scalars are text as written."""

    name: ClassVar[str]
    help: ClassVar[str]  # what it takes, yields and refuses
    arguments: ClassVar[str] = ""  # the forms of its argument; "" where it takes none
    examples: ClassVar[tuple[Example, ...]] = ()
    yields: Kind | None = Kind.STRING  # None: what it took
    slugs: ClassVar[tuple[str, ...]] = ()  # of the problems that it tells; () where it takes everything
    judges: ClassVar[bool] = False  # of use even where it changes nothing, since it refuses what is wrong

    def __init__(self, argument: Any = None) -> None:
        """Raises BadConverter."""
        if argument is not None:
            raise BadConverter(f"`{self.name}` takes no argument")

    @abstractmethod
    def one(self, value: str) -> Any:
        """The value of one text; "" or None: blank. Raises Unreadable."""

    def passes(self, values: Sequence[str]) -> bool:
        """Whether a glance shows that each of these comes out as it goes in; False where that takes work."""
        del values
        return False

    def many(self, values: Sequence[str]) -> list[Any]:
        """The values of distinct texts; an Unreadable in the place of one that cannot be read."""
        return [attempt(self, value) for value in values]


def attempt(converter: Converter, value: Any) -> Any:
    """One value, or the Unreadable that says why not. Lists go element by element, blanks dropped."""
    try:
        if isinstance(value, list):
            found = [one for element in value if (one := converter.one(element)) not in ("", None)]
            return flattened(found) or None
        return converter.one(value)
    except Unreadable as reason:
        return reason


def converted(step: Converter, values: Sequence[Any]) -> list[Any]:
    """What a step makes of each value, lists among them; an Unreadable in the place of one that it cannot read."""
    if any(isinstance(value, list) for value in values):
        return [attempt(step, value) for value in values]
    return step.many(values)


def flattened(values: list[Any]) -> list[Any]:
    """Elements of lists in lists, one level up."""
    return [inner for value in values for inner in (value if isinstance(value, list) else [value])]


@dataclass(frozen=True, slots=True)
class Converted:
    """`values`: object series with the index of the cells, None where blank or unreadable. `problems`: by row."""

    values: pd.Series[Any]
    problems: tuple[Problem, ...]


class Pipeline:
    """Converters one after the other; a value that one cannot read never meets the next."""

    def __init__(self, steps: Sequence[Converter]) -> None:
        self.steps = tuple(steps)
        self.yields = Kind.STRING
        for step in self.steps:
            self.yields = step.yields or self.yields
        self._known: dict[str, Any] = {}  # values of texts that were seen lately: dates and choices come again

    def _converted(self, texts: Sequence[str]) -> list[Any]:
        """The value of each text; an Unreadable where there is none."""
        values: list[Any] = list(texts)
        for step in self.steps:
            live = [place for place, value in enumerate(values) if not isinstance(value, Unreadable | None)]
            results = converted(step, [values[place] for place in live])
            for place, result in zip(live, results, strict=True):
                values[place] = None if isinstance(result, str) and not result else result
        return values

    def __call__(self, cells: pd.Series[Any]) -> Converted:
        """Convert non-blank cells (text, index = row numbers). `Problem.column` and `.target` are left to the caller."""
        if all(step.passes(cells.array) for step in self.steps):
            return Converted(cells, ())
        codes, texts = pd.factorize(cells)
        known = self._known
        new = [text for text in texts if text not in known]
        if len(known) + len(new) > VALUES_KEPT:
            known.clear()
            new = list(texts)
        known.update(zip(new, self._converted(new), strict=True))
        values = [known[text] for text in texts]
        spread = np.empty(len(values), dtype=object)
        for place, value in enumerate(values):
            spread[place] = None if isinstance(value, Unreadable) else value
        bad = {place: value for place, value in enumerate(values) if isinstance(value, Unreadable)}
        problems: tuple[Problem, ...] = ()
        if bad:
            rows = cells.index.to_numpy()
            problems = tuple(
                Problem(int(rows[at]), bad[code].slug, value=str(texts[code]), detail=bad[code].detail)
                for at, code in enumerate(codes.tolist())
                if code in bad
            )
        return Converted(pd.Series(spread[codes], index=cells.index, dtype=object), problems)


# ── arguments: YAML data whose scalars are text ────────────────────────────────────────


def text_argument(converter: type[Converter], argument: Any, what: str) -> str:
    """The argument, which must be a text."""
    if not isinstance(argument, str):
        raise BadConverter(f"`{converter.name}` needs {what}: {converter.arguments}")
    return str(argument)


def options(converter: type[Converter], argument: Any, known: Sequence[str]) -> dict[str, Any]:
    """The argument, which must be a map of these keys."""
    if not isinstance(argument, dict):
        raise BadConverter(f"`{converter.name}` needs a map: {converter.arguments}")
    for key in argument:
        if key not in known:
            raise BadConverter(f"`{converter.name}` has no option {key!r}; it has: {', '.join(known)}")
    return argument


def number(converter: type[Converter], text: Any, what: str) -> int:
    """A whole number, written as text."""
    if not (isinstance(text, str) and _WHOLE.fullmatch(text)):
        raise BadConverter(f"`{converter.name}`: {what} must be a whole number, not {text!r}")
    return int(text)
