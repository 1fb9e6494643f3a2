"""The page's sentences: what happened, and what to do next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from importer.records import Status
from importer.report.masking import masked_text
from importer.report.sentence import how_rows_ended, rows_of

if TYPE_CHECKING:
    from importer.report.html.records import Page

SECONDS_A_MINUTE = MINUTES_AN_HOUR = 60
TO_REPAIR = (Status.INVALID, Status.REJECTED, Status.PARTIAL)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: a sentence, and the command to type where there is one."""

    text: str
    command: str = ""


def headline(page: Page) -> str:
    """The outcome in one sentence."""
    summary, bad = page.summary, page.unwell
    of = rows_of(summary.rows_read)
    waiting = summary.counts.get(Status.NOT_SENT, 0)
    if not summary.rows_read:
        return "No rows were read: the sheet is empty below its header."
    if summary.command == "plan":
        planned = summary.counts.get(Status.PLANNED, 0)
        return f"A plan: {planned:,} of {of} would be sent" + (f", {bad:,} would not pass." if bad else ".")
    if summary.stopped or waiting:
        return f"Stopped early: {waiting:,} of {of} still wait" + (
            f", {bad - waiting:,} did not end well." if bad > waiting else "."
        )
    not_retried = summary.counts.get(Status.SKIPPED, 0) if summary.command == "retry" else 0
    return how_rows_ended(summary.rows_read, bad, not_retried) + "."


def mood(page: Page) -> tuple[str, str]:
    """(class, words) of the badge beside the headline."""
    summary = page.summary
    if summary.command == "plan":
        return "plan", "Plan only: nothing was sent"
    if summary.stopped or summary.counts.get(Status.NOT_SENT, 0):
        return "stopped", "Stopped early"
    return ("bad", "Needs your attention") if page.unwell else ("good", "All well")


def next_steps(page: Page) -> list[Step]:
    """What to do, most urgent first; never empty."""
    steps = [*_go_on(page), *_repair(page), *_look_up(page), *_retry(page)]
    if page.summary.command == "plan":
        steps.append(Step("When you like what you see, send it.", _again(page, "run")))
    elif page.rehearsal:
        steps.append(
            Step(
                "This was a rehearsal with the embedded emulator: nothing has reached Capillary. "
                "When you like what you see, name the real target system with --to.",
                "" if page.unwell else _again(page, "run"),
            )
        )
    return steps or [Step("Nothing is left to do.")]


def _go_on(page: Page) -> list[Step]:
    summary = page.summary
    waiting = summary.counts.get(Status.NOT_SENT, 0)
    if not (summary.stopped or waiting) or summary.command == "plan":
        return []
    why = f"It stopped because: {masked_text(summary.stopped)}" if summary.stopped else "It was interrupted."
    if summary.advice:
        return [Step(f"{why} {sentence(summary.advice)}", f"importer resume {shlex.quote(summary.folder)}")]
    return [Step(f"{why} Go on with the rows that wait.", f"importer resume {shlex.quote(summary.folder)}")]


def _repair(page: Page) -> list[Step]:
    counts = page.summary.counts
    count = sum(counts.get(status, 0) for status in TO_REPAIR)
    files = [name for name in page.summary.files if PurePath(name).name.startswith("rejects")]
    if not count or not files:
        return []
    names = " and ".join(PurePath(name).name for name in files)
    told = f"Repair the {rows_of(count)} in {names}: the last columns say what is wrong and what to do."
    if page.summary.command == "plan":
        return [Step(f"{told} Or repair the sheet or the mapping itself, and plan again.")]
    return [Step(f"{told} Then send the repaired file.", _again(page, "run", files))]


def _look_up(page: Page) -> list[Step]:
    count = page.summary.counts.get(Status.UNKNOWN, 0)
    if not count:
        return []
    return [
        Step(
            f"{rows_of(count).capitalize()} got no conclusive answer and may have been applied: look these customers up "
            "before you send anything again."
        )
    ]


def _retry(page: Page) -> list[Step]:
    counts = page.summary.counts
    failed, waiting = counts.get(Status.FAILED, 0), counts.get(Status.NOT_SENT, 0)
    if not failed or waiting:  # while rows wait, the run goes on first
        return []
    told = (
        f"{rows_of(failed).capitalize()} could not be delivered though nothing is wrong with them: send them once more."
    )
    return [Step(told, shlex.join(["importer", "retry", page.summary.folder]))]


def _again(page: Page, command: str, sheets: list[str] | None = None) -> str:
    """A command over the same mapping: repaired files go where the run went, the whole sheet to the real thing."""
    summary = page.summary
    target = summary.target if summary.target and (sheets or not page.rehearsal) else "TARGET"
    words = ["importer", command, *(sheets or [sheet["path"] for sheet in summary.sheets])]
    return shlex.join([*words, "-m", summary.mapping["path"], "--to", target])


def place(code: str) -> str:
    """What came back, in a word or two: Capillary's code, or a name of ours for an answer that never came."""
    return f"code {code}" if code.isdigit() else code.replace("-", " ")


def sentence(text: str) -> str:
    """The same with a capital letter and a full stop."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def moment(text: str) -> str:
    """A time for people, in UTC."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%d %B %Y, %H:%M:%S} UTC"
    except ValueError:
        return text


def clock(text: str) -> str:
    """A time in a table, in UTC."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return text


def took(started: str, ended: str) -> str:
    """From one time to another, in words."""
    try:
        return lasting((datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds())
    except ValueError:
        return ""


def lasting(seconds: float) -> str:
    """A duration in words that fit its size."""
    if seconds < SECONDS_A_MINUTE:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(round(seconds), SECONDS_A_MINUTE)
    if minutes < MINUTES_AN_HOUR:
        return f"{minutes} min {rest} s"
    return f"{minutes // MINUTES_AN_HOUR:,} h {minutes % MINUTES_AN_HOUR} min"
