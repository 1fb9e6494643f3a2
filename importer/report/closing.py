"""The closing words on the terminal: what happened, where the files are, what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from importer.records import Status
from importer.report.sentence import how_rows_ended, rows_of
from importer.report.summary import Summary


def closing_words(summary: Summary) -> str:
    """The words after a run."""
    parts = [outcome_sentence(summary), "", counts_table(summary.counts, summary.rows_read)]
    if summary.codes:
        parts += ["", "What Capillary said: " + listed(summary.codes)]
    if pace := pace_sentence(summary):
        parts += ["", pace]
    parts += ["", *(f"  {name}" for name in summary.files), *(f"  {note}" for note in summary.notes)]
    if hint := next_step(summary):
        parts += ["", hint]
    return "\n".join(parts)


def outcome_sentence(summary: Summary) -> str:
    """What happened, in one sentence."""
    _, bad = split(summary.counts)
    if summary.stopped:
        waiting = summary.counts.get(Status.NOT_SENT, 0)  # the reason itself stands on standard error
        of = rows_of(summary.rows_read)
        return f"Stopped early: {waiting:,} of {of} wait; {summary.requests:,} requests to {summary.target}."
    not_retried = summary.counts.get(Status.SKIPPED, 0) if summary.command == "retry" else 0
    ended = how_rows_ended(summary.rows_read, bad, not_retried)
    if not_retried == summary.rows_read > 0:
        return f"{ended}: results.csv says of each why. --rejected and --unknown take up more."
    return f"{ended}; {summary.requests:,} requests to {summary.target}."


def pace_sentence(summary: Summary) -> str:
    """How fast requests left, which rate was told or found, what was refused for speed; "" where nothing was sent."""
    if not summary.rate:
        return ""
    words = f"Pace: {summary.rate:,.1f} requests/s in the mean"
    if summary.rate_found:
        words += f", {summary.rate_found:,.1f}/s allowed in the end"
    if summary.refusals:
        words += f"; {summary.refusals:,} of {summary.requests:,} were refused for speed"
    return words + "."


def split(counts: Mapping[Status, int]) -> tuple[int, int]:
    """(rows that ended well, rows that did not). A superseded row's successor decides; the journal has counted it."""
    bad = sum(count for status, count in counts.items() if status.well is False)
    return sum(counts.values()) - bad, bad


def counts_table(counts: Mapping[Status, int], read: int) -> str:
    """A line a state that has rows, and the sum that proves it."""
    there = [(status, counts[status]) for status in Status if counts.get(status)]
    width = max([len(f"{count:,}") for _, count in there] + [len(f"{read:,}")])
    lines = [f"  {count:>{width},}  {status.value:<22} {status.meaning}" for status, count in there]
    proof = "= sum of the states" if sum(counts.values()) == read else "DIFFERS FROM THE SUM OF THE STATES"
    return "\n".join([*lines, f"  {read:>{width},}  rows read              {proof}"])


def listed(counts: Mapping[str, int], most: int = 5) -> str:
    """The most frequent first."""
    shown = [f"{code} ({count:,})" for code, count in list(counts.items())[:most]]
    return ", ".join(shown) + (", …" if len(counts) > most else "")


def next_step(summary: Summary) -> str:
    """The command to type next; "" where there is nothing to do."""
    counts = summary.counts
    if counts.get(Status.NOT_SENT):
        return f"Next: importer resume {summary.folder}"
    if counts.get(Status.FAILED):
        return f"Next: importer retry {summary.folder}"
    _, bad = split(counts)
    rejects = [name for name in summary.files if "rejects" in name]
    if bad and rejects:
        first = shlex.quote(rejects[0])
        send = f"importer run {first} -m {shlex.quote(summary.mapping['path'])} --to {summary.target}"
        return f"Next: repair the rows in {' and '.join(rejects)}; the last columns say what and why. Then: {send}"
    return ""
