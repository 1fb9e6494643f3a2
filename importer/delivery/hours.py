"""The hours in which requests may leave: outside them everybody waits, and whoever watches is told until when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

LONGEST_SLEEP_S = 300.0  # the wall clock may be set, and a machine may sleep: it is looked at again


class Timetable(Protocol):
    """When requests may leave; `settings.Schedule` says it."""

    def wait_s(self, now: datetime) -> float:
        """Seconds until they may; 0: now. `now` has an offset."""

    def local(self, moment: datetime) -> datetime:
        """That moment on the clock which the timetable goes by."""


class Hours:
    """Keeps everybody waiting outside a timetable."""

    def __init__(
        self,
        timetable: Timetable,
        say: Callable[[str], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._timetable = timetable
        self._say = say
        self._clock = clock
        self._closed = False

    @property
    def open(self) -> bool:
        """Whether requests may leave now."""
        return self._timetable.wait_s(self._clock()) <= 0

    async def opened(self) -> None:
        """Wait until requests may leave."""
        while (left := self._timetable.wait_s(self._clock())) > 0:
            if not self._closed:
                self._closed = True
                on = self._timetable.local(self._clock() + timedelta(seconds=left))
                self._say(f"Requests may leave {self._timetable}; this run goes on at {on:%Y-%m-%d %H:%M %Z}.")
            await asyncio.sleep(min(left, LONGEST_SLEEP_S))
        if self._closed:
            self._closed = False
            self._say("The hours have come: this run goes on.")
