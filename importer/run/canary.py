"""The canary of a run: rows that go ahead, and whether the others follow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from importer.delivery import Delivered, Stop
from importer.errors import Stopped
from importer.journal import Journal, Waiting, state_folder
from importer.planning import Candidate, choose, shape
from importer.records import RowId, Status
from importer.settings import TargetSystem

ROWS_BY_DEFAULT = 10  # of a mapping's first run on a target system that is not loopback
ENOUGH_ACCEPTED = 0.8  # share of the canary at which a run goes on without being asked
CANDIDATES_A_ROW = 50  # looked at for each row of the canary: enough to meet rare shapes of body
ACCEPTED = (Status.UPDATED, Status.UPDATED_WITH_WARNINGS, Status.PARTIAL)
FOLDER = "canaries"  # below `.importer/`: an empty file for each mapping and target system that have met


@dataclass(frozen=True, slots=True)
class Canary:
    """How a canary came back. All in rows."""

    sent: int
    statuses: Mapping[Status, int]
    left: int  # rows that wait for its verdict

    @property
    def accepted(self) -> int:
        """How many of them Capillary took."""
        return sum(self.statuses.get(status, 0) for status in ACCEPTED)


Sender = Callable[[frozenset[RowId] | None], tuple[Delivered, Stop]]  # of these rows; None: of all that wait
Judge = Callable[[Canary], bool | None]  # whether to go on; None: nobody was asked


class Introductions:
    """Which mappings have met which target systems, remembered beside the runs."""

    def __init__(self, runs: Path, mapping_digest: str, target: TargetSystem) -> None:
        self._needed = not (target.embedded or target.is_loopback)  # whoever lives on this machine is nobody's customer
        name = hashlib.sha256(f"{mapping_digest} {target.host}".encode()).hexdigest()[:32]
        self._path = state_folder(runs) / FOLDER / name

    @property
    def made(self) -> bool:
        """Whether they have met, or need not."""
        return not self._needed or self._path.exists()

    def make(self) -> None:
        """They have met."""
        if not self.made:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._path.touch(mode=0o600)


def canary_rows(told: int | None, introductions: Introductions) -> int:
    """How many rows go ahead: as told, else ten where mapping and target system meet for the first time."""
    return told if told is not None else 0 if introductions.made else ROWS_BY_DEFAULT


def send_ahead(
    rows: int, journal: Journal, send: Sender, judge: Judge, introductions: Introductions
) -> tuple[Delivered, Stop]:
    """Send some rows; where they came back well, the others too."""
    chosen = choose(candidates(journal, rows), rows)
    ahead, stop = send(frozenset(chosen))
    if ahead.stopped or ahead.interrupted:
        return ahead, stop
    canary = Canary(len(chosen), dict(ahead.statuses), journal.left())
    journal.note(canary={"rows": canary.sent, "accepted": canary.accepted})
    if canary.left and (refusal := verdict(canary, said=judge(canary))):
        ahead.stopped = refusal
        return ahead, stop
    introductions.make()
    rest, stop = send(None)
    return joined(ahead, rest), stop


def verdict(canary: Canary, *, said: bool | None) -> Stopped | None:
    """Why the others should not follow; None: they follow. `said`: the user's word, None where nobody was asked."""
    if said or (said is None and canary.accepted >= ENOUGH_ACCEPTED * canary.sent):
        return None
    words = f"{canary.accepted} of the {canary.sent} rows that went ahead were accepted"
    if said is None:
        words += f"; a run goes on by itself from {ENOUGH_ACCEPTED:.0%} on"
    else:
        words += ", and you did not want to go on"
    return Stopped(
        f"{words}. {canary.left:,} rows wait.",
        advice="Look at their lines in results.csv. To send the others with this mapping: importer resume RUN",
    )


def candidates(journal: Journal, rows: int) -> list[Candidate]:
    """Rows that may go ahead, in file order and spread over the file: each the first of its lane that waits."""
    step = max(1, journal.left() // (CANDIDATES_A_ROW * rows))
    met = 0  # waiting rows passed so far
    picked: dict[int, Waiting] = {}

    def wanted(sheet: int, first: int, last: int) -> bool:
        nonlocal met, picked
        waiting = journal.waiting(sheet, first, last)
        picked = {row: state for at, (row, state) in enumerate(waiting.items(), start=met) if at % step == 0}
        met += len(waiting)
        return bool(picked)

    found: list[tuple[Candidate, int | None]] = []
    for sheet, frame in journal.prepared.frames(wanted):
        found += [
            (Candidate(RowId(sheet, row), shape(body)), picked[row].lane) for row, _, body in frame if row in picked
        ]
    firsts = journal.first_of_lanes({lane for _, lane in found if lane is not None})
    leaders = [one for one, lane in found if lane is None or firsts[lane] == one.row]
    if len(leaders) < rows:  # long lanes: their first rows lie elsewhere, and are taken to look like those met here
        there = {one.row for one in leaders}
        others = {firsts[lane]: one.shape for one, lane in found if lane is not None and firsts[lane] not in there}
        leaders = sorted([*leaders, *(Candidate(row, looks) for row, looks in others.items())])
    return leaders


def joined(first: Delivered, then: Delivered) -> Delivered:
    """Two deliveries of one run as one."""
    statuses = {status: first.statuses.get(status, 0) + then.statuses.get(status, 0) for status in Status}
    return Delivered(
        then.stopped, then.interrupted, first.requests + then.requests, first.refusals + then.refusals,
        first.seconds + then.seconds, then.rate_found, {status: count for status, count in statuses.items() if count},
    )  # fmt: skip
