"""What a probe found, for people and machines: how many customers exist, which identifier names fail. Masked."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from importer.endpoint import Code
from importer.errors import ExitCode, Stopped
from importer.records import Outcome, Status
from importer.report.masking import masked, masked_text

FOUND = frozenset(
    {Status.UPDATED, Status.UPDATED_WITH_WARNINGS, Status.PARTIAL}
)  # names of states of a row that is sent
NOT_FOUND = "404"  # the one HTTP status that speaks of the customer
LISTED = 10  # rows that are told one by one


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer that was looked up. `outcome`: None where the probe stopped before the answer."""

    row: int
    identifier_name: str
    identifier_value: str  # whole: mask it before showing
    outcome: Outcome | None

    @property
    def exists(self) -> bool | None:
        """Whether there is such a customer; None where nobody knows."""
        if self.outcome is None:
            return None
        if self.outcome.status in FOUND:
            return True
        by_status_alone = self.outcome.code == str(self.outcome.http_status) and self.outcome.code != NOT_FOUND
        return None if self.outcome.status is not Status.REJECTED or by_status_alone else False


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe found. `read`, `sound`: rows of the sheet, and those of them that a run would send."""

    target: str
    read: int
    sound: int
    asked: tuple[Asked, ...]
    stopped: Stopped | None = None
    signal: int | None = None  # that stopped it

    @property
    def exist(self) -> int:
        """How many customers there are."""
        return sum(one.exists is True for one in self.asked)

    @property
    def missing(self) -> list[Asked]:
        """Those that there are not."""
        return [one for one in self.asked if one.exists is False]

    @property
    def exit_code(self) -> ExitCode:
        """0 where everybody exists, 1 where somebody does not or gave no answer; 3, 130 or 143 where it was stopped."""
        if self.stopped:
            return ExitCode.STOPPED
        if self.signal is not None:
            return ExitCode.INTERRUPTED if self.signal == signal.SIGINT else ExitCode.TERMINATED
        return ExitCode.WELL if self.exist == len(self.asked) else ExitCode.SOME_ROWS_DID_NOT

    @property
    def by_identifier(self) -> dict[str, dict[str, int]]:
        """Customers by the name of the identifier that they were looked up by."""
        names: dict[str, dict[str, int]] = {}
        for one in self.asked:
            counts = names.setdefault(one.identifier_name, {"asked": 0, "exist": 0, "missing": 0, "no_answer": 0})
            counts["asked"] += 1
            counts[{True: "exist", False: "missing", None: "no_answer"}[one.exists]] += 1
        return names


def probe_words(probe: Probe, codes: Mapping[str, Code]) -> str:
    """The probe for people."""
    sentence = (
        f"{probe.exist:,} of {len(probe.asked):,} customers exist on {probe.target}"
        f" (looked up with GET, spread over {probe.sound:,} of {probe.read:,} rows; nothing was changed)."
    )
    parts = [sentence, "", *_table(probe.by_identifier)]
    if missing := probe.missing:
        parts.append("")
        parts += [
            f"  row {one.row}: {one.identifier_name} {masked(one.identifier_value)}: {_why(one.outcome)}"
            for one in missing[:LISTED]
        ]
        if len(missing) > LISTED:
            parts.append(f"  … and {len(missing) - LISTED:,} more")
        said = Counter(one.outcome.code for one in missing if one.outcome)
        parts += ["", *(f"{codes[code].sentence}" for code, _ in said.most_common() if code in codes)]
    return "\n".join(parts).rstrip()


def probe_text(probe: Probe) -> str:
    """The probe for machines: one JSON object."""
    facts: dict[str, Any] = {
        "target": probe.target,
        "rows_read": probe.read,
        "rows_sound": probe.sound,
        "asked": len(probe.asked),
        "exist": probe.exist,
        "missing": len(probe.missing),
        "by_identifier": probe.by_identifier,
        "codes": dict(_codes(probe.missing)),
        "missing_rows": [
            {
                "row": one.row,
                "identifier_name": one.identifier_name,
                "identifier_value": masked(one.identifier_value),
                "code": one.outcome.code if one.outcome else "",
            }
            for one in probe.missing
        ],
        "stopped": masked_text(str(probe.stopped or "")),
        "exit_code": int(probe.exit_code),
    }
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode() + "\n"


def _table(names: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    width = max(map(len, ["identifier", *names]))
    yield f"  {'identifier':<{width}} {'asked':>9} {'exist':>9} {'missing':>9} {'no answer':>9}"
    for name, counts in names.items():
        yield f"  {name:<{width}} " + " ".join(f"{count:>9,}" for count in counts.values())


def _why(outcome: Outcome | None) -> str:
    """Code and message of an answer."""
    if outcome is None:
        return ""
    return masked_text(f"{outcome.code}: {outcome.message}" if outcome.code else outcome.message)


def _codes(missing: Iterable[Asked]) -> list[tuple[str, int]]:
    """Codes of those that do not exist, most first."""
    return Counter(one.outcome.code for one in missing if one.outcome).most_common()
