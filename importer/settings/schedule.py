"""When a target system may be written to: bulk work often belongs to the night of the cluster's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.errors import SettingsError

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A daily window on the clock of a zone; it may run over midnight."""

    opens: time
    closes: time
    zone: ZoneInfo

    @classmethod
    def read(cls, allow: str, zone: str) -> Schedule:
        """From `22:00-06:00` and `Asia/Kolkata`. Raises SettingsError."""
        found = _WINDOW.fullmatch(allow.strip())
        try:
            if not found:
                raise ValueError  # noqa: TRY301 - one sentence for every way to be no window
            opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        except ValueError:
            raise SettingsError(f"{allow!r} is no window of a day.", advice='Write it as "22:00-06:00".') from None
        if opens == closes:
            raise SettingsError(f"{allow!r} is never open.", advice="Leave the schedule out to send at any time.")
        try:
            return cls(opens, closes, ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise SettingsError(f"{zone!r} is no time zone.", advice="Write it as Asia/Kolkata.") from None

    def wait_s(self, now: datetime) -> float:
        """Seconds until the window opens; 0 while it is open. `now`: with an offset."""
        local = now.astimezone(self.zone)
        clock = local.time()
        inside = (
            self.opens <= clock < self.closes
            if self.opens < self.closes
            else clock >= self.opens or clock < self.closes
        )
        if inside:
            return 0.0
        day = local.date() if clock < self.opens else local.date() + timedelta(days=1)
        opening = datetime.combine(day, self.opens, tzinfo=self.zone)
        return (opening - now).total_seconds()

    def local(self, moment: datetime) -> datetime:
        """That moment on the zone's clock."""
        return moment.astimezone(self.zone)

    def __str__(self) -> str:
        """As importer.toml spells it."""
        return f"{self.opens:%H:%M}-{self.closes:%H:%M} {self.zone.key}"
