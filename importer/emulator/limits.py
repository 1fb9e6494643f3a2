"""How many requests a key may make: windows of time, fixed or sliding, several at once."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence

WINDOWS_S = {"s": 1.0, "min": 60.0, "h": 3600.0}
_LIMIT = re.compile(r"(\d+)\s*/\s*(\d+(?:\.\d+)?)?\s*(s|min|h)")

# Requests a minute of PUT /v2/customers/{id}, the nearest documented line (document RATE-old), and the newer limit of
# demo and testing clusters (document RATE-new).
PRESETS = {"demo": "100/min", "eu": "50/min", "asia-1": "600/min", "asia-2": "1000/min"}


def parse_limit(text: str) -> tuple[int, float]:
    """(requests, seconds) from `100/min`, `5/s`, `20/10s`, or a preset's name. Raises ValueError."""
    found = _LIMIT.fullmatch(PRESETS.get(text, text).strip())
    if not found:
        message = f"{text!r} is no limit: write it as 5/s, 100/min or 20/10s, or name a preset: {', '.join(PRESETS)}"
        raise ValueError(message)
    return int(found[1]), float(found[2] or 1) * WINDOWS_S[found[3]]


class Window:
    """One limit of one key. Times in seconds of the emulator's clock; refused requests do not count."""

    __slots__ = ("_count", "_period", "_sliding", "_stamps", "allowed", "seconds")

    def __init__(self, allowed: int, seconds: float, *, sliding: bool) -> None:
        self.allowed = allowed
        self.seconds = seconds
        self._sliding = sliding
        self._stamps: deque[float] = deque()
        self._period = -1
        self._count = 0

    def wait(self, now: float) -> float:
        """Seconds until a request fits; 0 where it fits now."""
        if self._sliding:
            while self._stamps and self._stamps[0] <= now - self.seconds:
                self._stamps.popleft()
            if len(self._stamps) < self.allowed:
                return 0.0
            return self._stamps[0] + self.seconds - now if self._stamps else self.seconds
        period = math.floor(now / self.seconds)
        if period != self._period:
            self._period, self._count = period, 0
        return 0.0 if self._count < self.allowed else (period + 1) * self.seconds - now

    def take(self, now: float) -> None:
        """Count one request; `wait` was asked before."""
        if self._sliding:
            self._stamps.append(now)
        else:
            self._count += 1

    def reset(self, now: float) -> float:
        """Seconds until the window is new, or its oldest request leaves it."""
        if self._sliding:
            return self._stamps[0] + self.seconds - now if self._stamps else 0.0
        return (self._period + 1) * self.seconds - now

    @property
    def remaining(self) -> int:
        """Requests left in the window that `wait` looked at last."""
        return max(self.allowed - (len(self._stamps) if self._sliding else self._count), 0)


class Limits:
    """The windows of every key."""

    def __init__(self, limits: Sequence[str], *, sliding: bool) -> None:
        """`limits` as `parse_limit` reads them. Raises ValueError."""
        self._limits = [parse_limit(text) for text in limits]
        self._sliding = sliding
        self._keys: dict[str, list[Window]] = {}

    def __bool__(self) -> bool:
        return bool(self._limits)

    def admit(self, key: str, now: float) -> tuple[float, Window]:
        """(seconds to wait, the tightest window); 0 seconds: admitted and counted. Only asked where limits exist."""
        windows = self._keys.get(key)
        if windows is None:
            windows = [Window(allowed, seconds, sliding=self._sliding) for allowed, seconds in self._limits]
            self._keys[key] = windows
        waits = [window.wait(now) for window in windows]
        longest = max(waits)
        if longest > 0:
            return longest, windows[waits.index(longest)]
        for window in windows:
            window.take(now)
        return 0.0, min(windows, key=lambda window: window.remaining)
