"""The log of a command, for machines: one JSON object a line, appended; nothing in it tells who a customer is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

from importer.errors import SettingsError
from importer.records import Outcome
from importer.report import masked_text

MAY_QUOTE = frozenset({"message", "words", "stopped", "advice"})


class Log:
    """Where what happened is written, with its time (ISO 8601, UTC) and the name of the event. No path: nowhere."""

    def __init__(self, path: Path | None) -> None:
        """Open the file (mode 0600 where it is new). Raises SettingsError."""
        self._file: IO[bytes] | None = None
        if path is None:
            return
        try:
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)
        except OSError as error:
            raise SettingsError(
                f"{path}: the log cannot be written ({error.strerror}).",
                advice="Name another place with --log-file FILE.",
            ) from error

    def event(self, name: str, /, **facts: Any) -> None:
        """Something happened. `facts`: JSON values of ours; those that may quote a customer's data are masked."""
        if self._file is None:
            return
        shown = {fact: masked_text(value) if fact in MAY_QUOTE else value for fact, value in facts.items()}
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": name, **shown}
        try:
            self._file.write(orjson.dumps(line) + b"\n")
        except OSError:  # a full disk: the journal says so louder, and a run does not end for its log
            self.close()

    def row(self, outcome: Outcome) -> None:
        """A row has ended."""
        self.event(
            "row", sheet=outcome.id.sheet + 1, row=outcome.id.row, status=outcome.status.value, code=outcome.code,
            message=outcome.message, http_status=outcome.http_status, attempts=outcome.attempts,
            latency_ms=outcome.latency_ms, request_id=outcome.request_id,
        )  # fmt: skip

    def close(self) -> None:
        """Nothing more is written."""
        if self._file is not None:
            self._file.close()
            self._file = None
