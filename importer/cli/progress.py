"""What a run says while it works: a tqdm bar on a terminal, else one plain line every 30 seconds."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable

import typer
from tqdm import tqdm

from importer.records import Outcome, Status

PLAIN_LINE_EVERY_S = 30.0


class Progress:
    """Counts outcomes as they fall and shows them on standard error; never a row's data."""

    def __init__(self, total: int, *, shown: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._counts: Counter[Status] = Counter()
        self._now = now
        self._started = self._last_line = now()
        on_terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=total,
            unit=" rows",
            file=sys.stderr,
            disable=not (shown and on_terminal),
            dynamic_ncols=True,
        )
        self._plain = shown and not on_terminal

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
        self._bar.update(1)
        if not self._bar.disable:
            self._bar.set_postfix_str(self._states(), refresh=False)
        elif self._plain and self._now() - self._last_line >= PLAIN_LINE_EVERY_S:
            self._last_line = self._now()
            self._say()

    def _say(self) -> None:
        done = self._counts.total()
        rate = done / max(self._now() - self._started, 1e-9)
        left = (self._total - done) / rate if rate else 0.0
        typer.echo(
            f"{done:,} of {self._total:,} rows, {rate:,.1f}/s, about {left:,.0f} s left: {self._states()}",
            err=True,
        )

    def _states(self) -> str:
        return ", ".join(f"{count:,} {status}" for status, count in sorted(self._counts.items()))
