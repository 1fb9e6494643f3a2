"""The wish to stop: once for a clean end, twice for an end at once."""

from __future__ import annotations

import asyncio


class Stop:
    """Asked for by signals, guards and dead services; heeded by the crew. Used from the event loop."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._at_once = asyncio.Event()
        self.signal: int | None = None  # the signal that asked first

    @property
    def asked(self) -> bool:
        """Whether nothing more should leave."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Let what is in flight finish; send nothing more."""
        self._asked.set()

    def signalled(self, number: int) -> None:
        """A signal came: the first asks, the second ends at once."""
        if self.signal is not None:
            self._at_once.set()
        self.signal = self.signal or number
        self._asked.set()

    async def wait(self) -> None:
        """Until a stop is asked for."""
        await self._asked.wait()

    async def wait_at_once(self) -> None:
        """Until an end at once is asked for."""
        await self._at_once.wait()
