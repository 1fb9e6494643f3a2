"""Which worksheet of a workbook is read: the stated one, or the only visible one with data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from importer.errors import SheetError
from importer.rejects import GUIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Tab(Protocol):
    """A worksheet, by what its tab tells."""

    @property
    def name(self) -> str:
        """What the tab says."""

    @property
    def visible(self) -> bool:
        """Whether there is a tab."""


AnyTab = TypeVar("AnyTab", bound=Tab)
PLAIN_IN_YAML = re.compile("[^\\W\\d][\\w -]*")


def choose_worksheet(
    every: Sequence[AnyTab],
    stated: str | None,
    *,
    book: str,
    filled: Callable[[AnyTab], bool],
    note: Callable[[str], None],
) -> AnyTab:
    """The worksheet to read.

    Args:
        every: all worksheets, in the order of their tabs.
        stated: the mapping's `sheet: {name: …}`; it may name a hidden one.
        book: the workbook's file name, for messages.
        filled: whether a worksheet holds any cell.
        note: takes a sentence on what was left out.

    Raises:
        SheetError: there is none, or several; it lists what there is.
    """
    listed = ", ".join(repr(one.name) for one in every)
    if stated is not None:
        for one in every:
            if one.name == stated:
                return one
        raise SheetError(f"{book} has no worksheet {stated!r}.", advice=f"It has: {listed}.")
    hidden = [one.name for one in every if not one.visible]
    if hidden:
        note(f"Hidden worksheets were left out: {', '.join(map(repr, hidden))}; `sheet: {{name: …}}` reads one.")
    with_data = [one for one in every if one.visible and filled(one)]
    if len(with_data) > 1:  # rejects of ours begin with a guide, which is no data
        with_data = [one for one in with_data if one.name != GUIDE]
    if len(with_data) == 1:
        return with_data[0]
    if not with_data:
        raise SheetError(
            f"{book} has no visible worksheet with data.",
            advice=f"Hidden ones: {', '.join(map(repr, hidden))}." if hidden else "There is nothing to import.",
        )
    raise SheetError(
        f"{book} has {len(with_data)} worksheets with data: {', '.join(repr(one.name) for one in with_data)}.",
        advice=f"Say which one: `sheet: {{name: {_written(with_data[0].name)}}}` in the mapping.",
    )


def _written(name: str) -> str:
    """A name as a mapping spells it: in quotes where YAML would take it for something else."""
    return name if PLAIN_IN_YAML.fullmatch(name) else json.dumps(name, ensure_ascii=False)
