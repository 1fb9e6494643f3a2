"""Facts become a pandera schema; its findings come back as facts and the rows on which they fail.

Pandera judges and nothing else: it never coerces (a single bad cell would make that a hundred times slower
and hide the other bad cells of its column), and its own messages, which quote cells, are never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from importer.validation.facts import Fact


class Judged:
    """A pandera schema over some facts."""

    def __init__(self, name: str, facts: Iterable[Fact]) -> None:
        self._facts = {f"{fact.slug} {number}": fact for number, fact in enumerate(facts)}
        columns: dict[str, list[pa.Check]] = {}
        across: list[pa.Check] = []
        for key, fact in self._facts.items():
            (across if fact.across else columns.setdefault(fact.column, [])).append(_check(key, fact))
        self.schema = pa.DataFrameSchema(
            {column: pa.Column(checks=checks, nullable=True) for column, checks in columns.items()},
            checks=across,
            name=name,
        )

    def failing(self, frame: pd.DataFrame) -> Iterator[tuple[Fact, list[int]]]:
        """Each fact that fails, with the positions (not row numbers) of the rows on which it does."""
        if not self._facts or frame.empty:
            return
        try:
            self.schema.validate(frame, lazy=True)
        except SchemaErrors as failed:
            found = failed.schema_errors
        else:
            return
        for error in found:
            if error.check_output is None:  # a column is missing, or a fact raised: ours to mend, never a row's fault
                raise RuntimeError(f"the schema {self.schema.name} could not judge: {error.reason_code}") from None
            yield (
                self._facts[error.check.description],
                np.flatnonzero(~error.check_output.to_numpy(bool)).tolist(),
            )


def _check(key: str, fact: Fact) -> pa.Check:
    """One fact as a pandera check: its name is the slug, its description leads back to the fact."""
    return pa.Check(
        _answers(fact.holds, across=fact.across),
        name=fact.slug,
        description=key,
        ignore_na=False,  # None and blank cells are the facts' own business
    )


def _answers(holds: Callable[[Any], list[bool]], *, across: bool) -> Callable[[Any], pd.Series[bool]]:
    """The fact's answers in the form that pandera takes.

    They are numbered by position, not by row: pandera then gathers no list of failing cells, which would cost
    most of the time where many fail, and cannot hold every text (half a character breaks it).
    """

    def judge(data: Any) -> pd.Series[bool]:
        return pd.Series(holds(data if across else data.tolist()), pd.RangeIndex(-len(data), 0), dtype=bool)

    return judge
