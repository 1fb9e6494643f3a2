"""What the mapping's `check:` and `rules:` ask of the sheet's own columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from importer.validation.facts import (
    Fact,
    at_least,
    at_most,
    each,
    form,
    longest,
    one_of,
    plain_decimal,
    shortest,
)

if TYPE_CHECKING:
    from importer.records import ColumnCheck, RowRule

FrameHolds = Callable[[pd.DataFrame], list[bool]]


def trimmed(cells: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The same cells, these columns without blanks at either end and as plain str (dtype object)."""
    return cells.assign(**{column: cells[column].str.strip().astype(object) for column in dict.fromkeys(columns)})


def column_facts(check: ColumnCheck) -> Iterator[Fact]:
    """What `check:` asks of one column. Blank cells pass everything but `required`."""
    name = check.column
    if check.required:
        yield each("required-blank", name, lambda cell: cell not in check.blanks, "")
    wanted: list[Fact] = []
    if check.pattern is not None:
        wanted.append(form(name, check.pattern))
    if check.in_ is not None:
        wanted.append(one_of(name, check.in_))
    if check.min_length is not None:
        wanted.append(shortest(name, check.min_length))
    if check.max_length is not None:
        wanted.append(longest(name, check.max_length))
    if check.min is not None or check.max is not None:
        wanted.append(each("not-a-number", name, lambda cell: plain_decimal(cell) is not None, ""))
    if check.min is not None:
        wanted.append(at_least(name, check.min, plain_decimal))
    if check.max is not None:
        wanted.append(at_most(name, check.max, plain_decimal))
    yield from (_unless_blank(fact, check.blanks) for fact in wanted)


def rule_facts(rule: RowRule) -> Iterator[Fact]:
    """What `rules:` asks: where the rule applies, each of its columns is filled."""
    for column in rule.require:
        yield Fact("rule-broken", column, _filled(rule, column), lambda _: rule.name, across=True)


def _filled(rule: RowRule, column: str) -> FrameHolds:
    """Whether the column is filled wherever the rule applies."""
    return lambda cells: (~rule.applies(cells).to_numpy(bool) | ~cells[column].isin(rule.blanks).to_numpy()).tolist()


def _unless_blank(fact: Fact, blanks: frozenset[str]) -> Fact:
    """The same fact, which blank cells pass."""

    def holds(cells: Sequence[str]) -> list[bool]:
        return [good or cell in blanks for good, cell in zip(fact.holds(cells), cells, strict=True)]

    return replace(fact, holds=holds)
