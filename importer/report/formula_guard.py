"""Keeps spreadsheet programs from running a cell: one apostrophe in front, and exactly one taken off again.

A cell that begins with an apostrophe is guarded too, so that taking one off always gives the cell back.
"""

from __future__ import annotations

DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "'",
)  # contract section 7; the list that OWASP gives for CSV injection


def guard(cell: str) -> str:
    """The cell as it may be written into a CSV."""
    return "'" + cell if cell.startswith(DANGEROUS) else cell


def unguard(cell: str) -> str:
    """A guarded cell as it was."""
    return cell.removeprefix("'")
