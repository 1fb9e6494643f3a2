"""Figures about cells in words."""

from __future__ import annotations

MOST_LISTED = 6


def cells(share: float) -> str:
    """A share of the filled cells in words."""
    if share == 1:
        return "all cells"
    return "nearly all cells" if share >= 0.995 else f"{share:.0%} of the cells"  # noqa: PLR2004 - what rounds to 100 %


def different(values: int) -> str:
    """How many different values, in words."""
    return "always the same value" if values == 1 else f"{values:,} different values"


def listed(values: tuple[str, ...]) -> str:
    """The first few of some values."""
    return ", ".join([*values[:MOST_LISTED], *["…"] * (len(values) > MOST_LISTED)])
