"""What a command says while it works: a tqdm bar on a terminal, else one plain line every 30 seconds, never both."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import typer
from tqdm import tqdm

from importer.records import Outcome, Status

PLAIN_LINE_EVERY_S = 30.0
PACE_OVER_S = 10.0  # the pace is that of the last seconds, not of the whole run


class Reading:
    """Counts the rows that the first pass has read: how many there are is not known before."""

    def __init__(self, *, shown: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._lines = Lines(shown=shown, now=now)
        self._bar = tqdm(
            desc="reading", unit=" rows", unit_scale=True, file=sys.stderr, disable=not (shown and sys.stderr.isatty()),
            dynamic_ncols=True, leave=False, delay=1,
        )  # fmt: skip

    def rows(self, count: int) -> None:
        """So many rows so far."""
        self._bar.update(count - self._bar.n)
        if self._lines.due():
            typer.echo(f"Reading: {count:,} rows so far", err=True)

    def close(self) -> None:
        """Leave the terminal's line in order."""
        self._bar.close()


class Progress:
    """Counts outcomes as they fall and shows them on standard error; never a row's data."""

    def __init__(self, total: int, *, shown: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._counts: Counter[Status] = Counter()
        self._now = now
        self._recent = [(now(), 0)]  # (time, rows ended until then), over the last seconds
        self._lines = Lines(shown=shown, now=now)
        self._bar = tqdm(
            total=total, unit=" rows", file=sys.stderr, disable=not (shown and sys.stderr.isatty()), dynamic_ncols=True,
        )  # fmt: skip

    def close(self) -> None:
        """Leave the terminal's line in order."""
        self._bar.close()

    def say(self, words: str) -> None:
        """A line of its own, above the bar where there is one."""
        self._bar.write(words, file=sys.stderr)

    def clear(self) -> None:
        """Make room for other words."""
        self._bar.clear()

    def outcome(self, outcome: Outcome) -> None:
        """One row has ended."""
        self._counts[outcome.status] += 1
        if not self._bar.disable:
            self._bar.set_postfix_str(self._states(), refresh=False)
            self._bar.update(1)
        elif self._lines.due():
            typer.echo(self._line(), err=True)

    def _line(self) -> str:
        """Everything in one line: how far, how fast, how long still, how rows ended."""
        done = self._counts.total()
        pace = self._pace(done)
        left = f"about {timedelta(seconds=round((self._total - done) / pace))} left" if pace else "nothing ends now"
        return f"{done:,} of {self._total:,} rows, {pace:,.1f}/s, {left}: {self._states()}"

    def _pace(self, done: int) -> float:
        """Rows/s since the line before, or over the last seconds where that is longer ago."""
        now = self._now()
        self._recent.append((now, done))
        while len(self._recent) > 2 and now - self._recent[1][0] >= PACE_OVER_S:  # noqa: PLR2004 - a span has two ends
            del self._recent[0]
        began, before = self._recent[0]
        return (done - before) / max(now - began, 1e-9)

    def _states(self) -> str:
        return ", ".join(f"{count:,} {status}" for status, count in sorted(self._counts.items()))


class Lines:
    """Says when a plain line is due: where nobody looks at a terminal, every 30 seconds."""

    def __init__(self, *, shown: bool, now: Callable[[], float]) -> None:
        self._plain = shown and not sys.stderr.isatty()
        self._now = now
        self._last = now()

    def due(self) -> bool:
        """Whether one is due now; then the next is not for a while."""
        if not self._plain or self._now() - self._last < PLAIN_LINE_EVERY_S:
            return False
        self._last = self._now()
        return True
