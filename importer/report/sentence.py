"""How a run's rows ended, in one sentence: the terminal, the page and the list of runs say the same."""

from __future__ import annotations


def rows_of(count: int) -> str:
    """A number of rows."""
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def how_rows_ended(read: int, bad: int, not_retried: int = 0) -> str:
    """Without a full stop. `bad`: did not end well. `not_retried`: rows of a retry that it did not take up."""
    taken = read - not_retried
    if read and not taken:
        return f"None of {rows_of(read)} was retried"
    of = f"{taken:,} retried {'row' if taken == 1 else 'rows'}" if not_retried else rows_of(read)
    rest = f"; {not_retried:,} {'other was' if not_retried == 1 else 'others were'} not retried" if not_retried else ""
    if bad:
        return f"{taken - bad:,} of {of} ended well, {bad:,} did not{rest}"
    return f"{f'The one{of[1:]}' if taken == 1 else f'All {of}'} ended well{rest}"
