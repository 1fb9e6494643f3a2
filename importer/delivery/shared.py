"""One line for all runs on a machine that send to the same target system: they share its pace.

The line is a small file under an operating-system lock: when its next slot is, how many were taken, and the ceiling that
one of the runs has found. Whoever wants to send claims the next slot and writes back the one after it, so that two
runs at 100/min make 100 requests a minute together, whichever of them is the busier. The lock is held for some
microseconds and goes with its process; a run that dies leaves one slot unused, and nothing to tidy up.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from importer.delivery.pace import CATCH_UP_S, Found, Slots

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


LAYOUT = struct.Struct("<ddddQd")
STATE_OFFSET = 8  # bytes: the first one is what Windows locks
PIECE_S = 0.002  # claimed at least at once: a fast run asks for the line 500 times a second at most
BUSY_S = 0.001  # until the line is asked for again where another run holds it …
TRIES = 50  # without waiting, some microseconds each
GIVE_UP_S = 1.0  # … for so long; then the run that holds it is stopped, and this one goes at its own pace
CLOCK_STEP_S = 60.0  # two moments of booting further apart than this: the machine was started anew, or slept
TOLD_FROM_S = 30.0  # and two slots more: no wait for one's turn is as long as that
LOOKED_BACK_S = 60.0  # at most, to tell this run's part of all slots …
SAMPLE_S = 2.0  # … but no further than this …
SAMPLE = 20  # … where it took so many of them


@dataclass(slots=True)
class Line:
    """What the file holds. Times in s of the machine's monotonic clock."""

    booted_at: float = 0.0  # wall clock less monotonic clock: whether `next_at` is of this boot
    next_at: float = 0.0
    taken: float = 0.0  # slots, by all runs
    ceiling: float = 0.0  # requests/s; 0: none was found yet
    version: int = 0  # of the ceiling: grows with each that is found
    born_at: float = 0.0  # when growth from that ceiling began


class SharedSlots(Slots):
    """Slots of a line that other processes take from, too."""

    def __init__(
        self, path: Path, say: Callable[[str], None] = lambda _: None, *,
        clock: Callable[[], float] = time.monotonic, wall_clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """`say`: told of long waits. Raises OSError where the file cannot be opened; its folder must be private."""
        super().__init__()
        self._say = say
        self._clock, self._wall_clock = clock, wall_clock
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._epoch = 0  # grows when slots are dealt anew: what was claimed before is void
        self._piece_at = self._piece_end = float("-inf")  # what is left of the last piece
        self._own_taken = 0.0
        self._counted: deque[tuple[float, float, float]] = deque()  # a second each: when, own slots, all slots
        self._seen = 0  # version of the ceiling that this run knows
        self._news: tuple[float, float] | None = None  # a ceiling, and when growth from it began

    def close(self) -> None:
        """Leave the line."""
        os.close(self._descriptor)

    # ── taking ─────────────────────────────────────────────────────────────────────────

    async def take(self, interval_s: Callable[[], float]) -> None:
        """Wait for the next slot that is free."""
        if not self._line.locked():  # nobody waits: a slot that is free already is taken without standing in line
            at = self._claimed(interval_s())
            if at is not None and at <= self._clock():
                return
        else:
            at = None
        async with self._line:
            while True:
                epoch = self._epoch
                interval = interval_s()
                at = at or await self._claim(interval)
                if (left := at - self._clock()) > 0:
                    if left > TOLD_FROM_S + 2 * interval:
                        self._say(f"Another run was asked for a pause, which holds this one, too, for {left:,.0f} s.")
                    await asyncio.sleep(left)
                if epoch == self._epoch:
                    return
                at = None

    async def _claim(self, interval_s: float) -> float:
        """When the claimed slot is."""
        patience = self._clock() + GIVE_UP_S
        while (at := self._claimed(interval_s)) is None:
            if (now := self._clock()) > patience:
                return now + interval_s
            await asyncio.sleep(BUSY_S)
        return at

    def _claimed(self, interval_s: float) -> float | None:
        """The next slot of the present piece, or of a new one; None where another run is at the line."""
        now = self._clock()
        if self._piece_at >= self._piece_end or self._piece_at < now - CATCH_UP_S:
            with self._held() as line:
                if line is None:
                    return None
                span = max(interval_s, PIECE_S)
                self._piece_at = max(line.next_at, now - CATCH_UP_S)
                self._piece_end = line.next_at = self._piece_at + span
                line.taken += span / interval_s
                self._own_taken += span / interval_s
                self._count(now, line.taken)
        at, self._piece_at = self._piece_at, self._piece_at + interval_s
        return at

    def deal_anew(self, interval_s: float) -> None:
        """A pause is over, and its probe has used the present slot."""
        with self._held() as line:
            if line is not None:
                line.next_at = self._clock() + interval_s
        self._void()

    def hold(self, seconds: float) -> None:
        """Nobody takes a slot for so long, in no run."""
        with self._held() as line:
            if line is not None:
                line.next_at = max(line.next_at, self._clock() + seconds)
        self._void()

    def _void(self) -> None:
        self._epoch += 1
        self._piece_at = self._piece_end

    # ── what all runs know ─────────────────────────────────────────────────────────────

    def tell(self, ceiling: float) -> None:
        """A ceiling was found just now."""
        with self._held() as line:
            if line is not None:
                line.ceiling, line.born_at, line.version = ceiling, self._clock(), line.version + 1
                self._seen = line.version

    def news(self, *, fresh: bool = False) -> Found | None:
        """A ceiling that another run has found since this was asked last. `fresh`: look into the file for it."""
        if fresh:
            with self._held():
                pass
        news, self._news = self._news, None
        return Found(news[0], self._clock() - news[1]) if news else None

    def all_per_own(self) -> float:
        """How many slots all runs took for each of this run's, lately."""
        if not self._counted:
            return 1.0
        until, own_until, all_until = self._counted[-1]
        own = all_ = 0.0
        for since, own_since, all_since in reversed(self._counted):
            own, all_ = own_until - own_since, all_until - all_since
            if until - since >= SAMPLE_S and own >= SAMPLE:
                break
        return max(1.0, all_ / own) if own else 1.0

    def _count(self, now: float, taken: float) -> None:
        counted = self._counted
        if len(counted) > 1 and counted[-1][0] - counted[-2][0] < 1.0:
            counted.pop()
        counted.append((now, self._own_taken, taken))
        while counted[0][0] < now - LOOKED_BACK_S and len(counted) > 2:  # noqa: PLR2004 - a difference needs two
            counted.popleft()

    # ── the file ───────────────────────────────────────────────────────────────────────

    @contextlib.contextmanager
    def _held(self) -> Iterator[Line | None]:
        """The line, written back at the end; None where another process holds it."""
        if not self._locked():
            yield None
            return
        try:
            line = self._read()
            yield line
            os.lseek(self._descriptor, STATE_OFFSET, os.SEEK_SET)
            os.write(self._descriptor, LAYOUT.pack(*astuple(line)))
        finally:
            _unlock(self._descriptor)

    def _locked(self) -> bool:
        """Take the lock; another run that is at the line just now is gone in a moment."""
        for _ in range(TRIES):
            with contextlib.suppress(OSError):
                _lock(self._descriptor)
                return True
        return False

    def _read(self) -> Line:
        booted_at = self._wall_clock() - self._clock()
        os.lseek(self._descriptor, STATE_OFFSET, os.SEEK_SET)
        content = os.read(self._descriptor, LAYOUT.size)
        line = Line(*LAYOUT.unpack(content)) if len(content) == LAYOUT.size else Line()
        if abs(line.booted_at - booted_at) > CLOCK_STEP_S:
            line = Line()
        line.booted_at = booted_at
        if line.version != self._seen and line.ceiling:
            self._seen = line.version
            self._news = line.ceiling, line.born_at
        return line
