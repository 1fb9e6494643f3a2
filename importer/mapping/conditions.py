"""`when`, `skip_when` and rules: conditions on columns, compiled to masks over a frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

Mask = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on a column, or a combination of conditions; exactly one of these is given."""

    column: str = ""
    equals: str | None = None
    in_: tuple[str, ...] | None = None
    matches: re.Pattern[str] | None = None
    blank: bool | None = None
    all_: tuple[Condition, ...] = ()
    any_: tuple[Condition, ...] = ()
    not_: Condition | None = None

    def columns(self) -> set[str]:
        """Every column that it looks at."""
        found = {self.column} if self.column else set()
        for inner in (*self.all_, *self.any_, *([self.not_] if self.not_ else [])):
            found |= inner.columns()
        return found


def compile_condition(condition: Condition, blanks: Collection[str]) -> Mask:
    """A function from a frame of text to a boolean series. Cells are trimmed; case counts; `matches` is whole-cell."""
    if condition.all_ or condition.any_:
        masks = [compile_condition(inner, blanks) for inner in (*condition.all_, *condition.any_)]
        return _every(masks) if condition.all_ else _some(masks)
    if condition.not_ is not None:
        inner = compile_condition(condition.not_, blanks)
        return lambda frame: ~inner(frame)
    holds = _test(condition, frozenset(blanks) | {""})

    def mask(frame: pd.DataFrame) -> pd.Series[bool]:
        codes, texts = pd.factorize(frame[condition.column])
        verdicts = pd.Series([holds(str(text).strip()) for text in texts], dtype=bool).to_numpy()
        return pd.Series(verdicts[codes] if len(codes) else [], index=frame.index, dtype=bool)

    return mask


def _test(condition: Condition, blanks: frozenset[str]) -> Callable[[str], bool]:
    """The test of one trimmed cell."""
    if condition.equals is not None:
        wanted = condition.equals.strip()
        return lambda text: text == wanted
    if condition.in_ is not None:
        among = frozenset(one.strip() for one in condition.in_)
        return lambda text: text in among
    if condition.matches is not None:
        fits = condition.matches.fullmatch
        return lambda text: fits(text) is not None
    return lambda text: (text in blanks) is bool(condition.blank)


def _every(masks: list[Mask]) -> Mask:
    def mask(frame: pd.DataFrame) -> pd.Series[bool]:
        found = masks[0](frame)
        for one in masks[1:]:
            found = found & one(frame)
        return found

    return mask


def _some(masks: list[Mask]) -> Mask:
    def mask(frame: pd.DataFrame) -> pd.Series[bool]:
        found = masks[0](frame)
        for one in masks[1:]:
            found = found | one(frame)
        return found

    return mask
