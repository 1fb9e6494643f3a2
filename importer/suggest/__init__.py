"""Beside the rooms, suggest: takes numbered rows of text, hands on a mapping to review, with evidence and questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from importer.records import Chunk
from importer.suggest.adapting import Adapted, adapt, mended
from importer.suggest.choosing import Choice, Confidence, choose
from importer.suggest.drafting import Draft, Placed
from importer.suggest.rewriting import Inseparable
from importer.suggest.tally import tally

__all__ = [
    "Adapted",
    "Choice",
    "Confidence",
    "Draft",
    "Inseparable",
    "Placed",
    "adapt",
    "draft",
    "mended",
    "study",
]


def study(header: Sequence[str], chunks: Iterable[Chunk]) -> tuple[Choice, ...]:
    """What each column holds, by its header and all of its cells; reads every row once, in bounded memory."""
    return choose(tally(header, chunks))


def draft(choices: Sequence[Choice], *, name: str, sheet: Mapping[str, str | int] | None = None) -> Draft:
    """The mapping for these columns. `sheet`: what its `sheet:` section must say for the file to be read so again."""
    rows = choices[0].facts.tally.rows if choices else 0
    return Draft(name, rows, choices, sheet or {})
