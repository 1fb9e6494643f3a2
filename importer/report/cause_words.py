"""The causes of problems in a few lines: how many rows, where, what is wrong with them, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importer.problems import Cause

CAUSES_SHOWN = 10
ROWS_NAMED = 3


def cause_lines(causes: Sequence[Cause]) -> Iterator[str]:
    """Two lines a cause, ten causes at most, then where to see all; nothing where there is none."""
    if not causes:
        return
    yield "What is wrong, by cause:"
    shown = causes[:CAUSES_SHOWN]
    width = max(len(_rows(cause)) for cause in shown)
    for cause in shown:
        yield f"  {_rows(cause):>{width}}  {what(cause)}"
        yield f"  {'':<{width}}  {where(cause)}: {remedy(cause)}"
    if len(causes) > len(shown):
        yield f"  … and {len(causes) - len(shown)} more causes; summary.json lists them."
    yield "  Each of these rows stands in the rejects, with what to do about it."


def what(cause: Cause) -> str:
    """`Mobile: not in the form asked for: 10 digits [pattern-mismatch]`; what was asked for, unless the remedy says it."""
    title = cause.title[0].lower() + cause.title[1:] if cause.column else cause.title
    told = ": ".join(part for part in (cause.column, title, cause.pattern) if part)
    asked = f"; asked for: {cause.asked}" if cause.asked and not cause.suggestion else ""
    return f"{told}{asked} [{cause.slug}]"


def where(cause: Cause) -> str:
    """The first rows, with their sheet where it is not the run's first."""
    named = [f"{row}" if sheet == 0 else f"{row} of sheet {sheet + 1}" for sheet, row in cause.first[:ROWS_NAMED]]
    more = " …" if cause.rows > len(named) else ""
    return f"{'row' if cause.rows == 1 else 'rows'} {', '.join(named)}{more}"


def remedy(cause: Cause) -> str:
    """The change of the mapping where there is one, else what to do about the sheet."""
    return f"in the mapping, {cause.suggestion}." if cause.suggestion else cause.advice


def _rows(cause: Cause) -> str:
    return f"{cause.rows:,} {'row' if cause.rows == 1 else 'rows'}"
