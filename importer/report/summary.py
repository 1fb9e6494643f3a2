"""`summary.json`: what a machine reads of a run. The schema is described in docs/reference/summary.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from importer.problems import Cause
from importer.records import Status
from importer.report.files import replacing
from importer.report.masking import masked_text

VERSION = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """One run (or plan) in numbers. Times: ISO 8601 in UTC, durations in s, rates in requests/s."""

    run: str
    command: str
    folder: str
    importer: str  # version
    started_at: str
    ended_at: str
    exit_code: int
    target: str
    mapping: Mapping[str, str]  # name, path, digest
    sheets: tuple[Mapping[str, str], ...]  # label, path, digest
    rows_read: int
    counts: Mapping[Status, int]
    problems: Mapping[str, int] = field(default_factory=dict)  # by slug
    causes: tuple[Cause, ...] = ()  # of the problems, most rows first, a hundred at most
    codes: Mapping[str, int] = field(default_factory=dict)  # of replies
    requests: int = 0
    refusals: int = 0
    seconds: float = 0.0
    rate: float | None = None  # sent per second
    rate_found: float | None = None  # by self-tuning, or as told
    stopped: str = ""  # why the run ended early
    advice: str = ""  # what to do about that
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what is to be known of those files
    version: int = VERSION

    def facts(self) -> dict[str, Any]:
        """Plain data, states by name; every state is there, also those without rows."""
        facts = asdict(self)
        facts["stopped"] = masked_text(self.stopped)  # it may quote a message of Capillary's
        facts["causes"] = [cause.facts() for cause in self.causes]
        facts["counts"] = {status.value: self.counts.get(status, 0) for status in Status}
        return facts


def write_summary(path: Path, summary: Summary) -> None:
    """Write the file."""
    with replacing(path) as file:
        file.write(summary_text(summary))


def summary_text(summary: Summary) -> str:
    """The summary as JSON."""
    return orjson.dumps(summary.facts(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"
