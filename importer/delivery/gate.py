"""One gate for all workers: while it is shut nobody sends, and when a pause is over one request tries the way."""

from __future__ import annotations

import asyncio
import random


class Gate:
    """Shut for a time, then half open: a single request probes, and its result opens the gate or shuts it longer."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._shut_until = 0.0  # loop time, s
        self._probing = False
        self._half_open = False
        self._change = asyncio.Event()

    @property
    def open(self) -> bool:
        """Whether everybody may pass."""
        return not self._half_open

    def shut(self, seconds: float) -> None:
        """Hold everybody for this long from now (a longer pause that already holds, holds)."""
        self._shut_until = max(self._shut_until, asyncio.get_running_loop().time() + seconds)
        self._half_open = True
        self._probing = False
        self._tell()

    def release(self) -> None:
        """The probe came through: everybody may pass."""
        self._half_open = False
        self._probing = False
        self._tell()

    def retry_probe(self) -> None:
        """The probe ended without a verdict: let another request try."""
        self._probing = False
        self._tell()

    def _tell(self) -> None:
        """Whoever waits for the probe's verdict looks again."""
        self._change.set()
        self._change = asyncio.Event()

    async def passed(self) -> bool:
        """Wait until this request may pass; True where it is the probe."""
        loop = asyncio.get_running_loop()
        while self._half_open:
            if (left := self._shut_until - loop.time()) > 0:
                await asyncio.sleep(
                    left + self._chance.random() * min(0.1 * left, 1.0)
                )  # they must not all wake at once
            elif self._probing:
                await self._change.wait()
            else:
                self._probing = True
                return True
        return False
