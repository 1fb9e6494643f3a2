"""Fills the page for people, `report.html`, from what the journal knows; the sheets themselves are not needed."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Any

from importer.apis import capillary
from importer.endpoint import Code
from importer.journal import Figures, Journal, Said
from importer.problems import Cause, Problem
from importer.records import Notice, Outcome, RowId, RowResult, Status
from importer.report import Summary, masked, masked_text
from importer.report.html import CauseLine, CodeLine, LaneLine, Moment, Moments, Page, SheetLine, TargetLine, write_page
from importer.report.html.rows import problem_key, reply_key
from importer.report.html.words import place, sentence
from importer.report.masking import HIDDEN
from importer.report.results import advice

FILE = "report.html"
CODES_SHOWN = 50
LANES_SHOWN = 10
LIBRARIES = ("aiohttp", "openpyxl", "orjson", "pandas", "pandera")
EMULATOR = "emulator"  # what the embedded one is called where a target system is named
TITLES = {
    Status.REJECTED: "Refused by Capillary",
    Status.FAILED: "Could not be delivered, though tried again",
    Status.UNKNOWN: "No conclusive answer: perhaps applied",
    Status.NOT_SENT: "The run stopped before their turn",
}


def write(journal: Journal, summary: Summary, waiting: Status) -> None:
    """Write the page of a run into its folder. Raises ReportLost."""
    write_page(journal.folder / FILE, page_of(journal, summary, waiting))


def page_of(journal: Journal, summary: Summary, waiting: Status) -> Page:
    """Everything that the page shows. `waiting`: the state of rows without an outcome."""
    codes = capillary.endpoint().codes
    figures = journal.figures
    facts = journal.facts
    plan = facts.get("plan", {})
    rows = figures.rows_of_sheets()
    labels = {sheet.number: sheet.label for sheet in journal.sheets()}
    unwell = sum(count for status, count in summary.counts.items() if status.well is False)
    return Page(
        summary=summary,
        unwell=unwell + journal.superseded_badly(waiting),
        codes=codes,
        rows=with_problems(journal, waiting),
        identifying=frozenset(facts.get("identifying", ())),
        sheets=[SheetLine(one.label, one.path, one.digest, rows.get(one.number, 0)) for one in journal.sheets()],
        causes=causes(summary.causes, told(figures, waiting, labels, codes), labels),
        said=list(said(figures.errors(CODES_SHOWN), figures.warnings(CODES_SHOWN), codes)),
        moments=moments(journal),
        lanes=[
            LaneLine(one.rows, f"{one.identifier_name} {masked(one.identifier_value)}", named(one.first, labels))
            for one in figures.largest_lanes(LANES_SHOWN)
        ],
        shared=sorted(
            (LaneLine(one["customers"], f"{one['type']} {masked(one['value'])}", "") for one in plan.get("shared", ())),
            key=lambda line: (-line.rows, line.identifier),  # equals come in any order
        ),
        targets=[TargetLine(**one) for one in plan.get("targets", ())],
        notes=[*plan.get("notes", ()), *summary.notes],
        settings=settings(facts),
        versions=facts.get("versions") or versions(),
        rehearsal=summary.target == EMULATOR,
    )


def with_problems(journal: Journal, waiting: Status) -> Iterator[tuple[RowResult, Sequence[Problem]]]:
    """Each row that did not end well, with its problems: two long answers read side by side."""
    problems = groupby(journal.problems(), key=lambda pair: RowId(pair[0], pair[1].row))
    row, found = next(problems, (None, iter(())))
    for result in journal.unwell(waiting=waiting):
        while row is not None and row < result.outcome.id:
            row, found = next(problems, (None, iter(())))
        yield result, [one for _, one in found] if row == result.outcome.id else ()


def causes(found: Sequence[Cause], back: Iterable[CauseLine], labels: Mapping[int, str]) -> list[CauseLine]:
    """Why rows did not end well: found before sending, or what came back; most rows first."""
    before = [
        CauseLine(
            key=problem_key(cause.slug, cause.column),
            rows=cause.rows,
            title=cause.title,
            where=cause.column,
            advice=cause.advice,
            pattern=cause.pattern,
            example="" if cause.example == HIDDEN else cause.example,
            suggestion=cause.suggestion,
            first=tuple(named(RowId(*one), labels) for one in cause.first),
            more=cause.rows > len(cause.first),
        )
        for cause in found
    ]
    return sorted([*before, *back], key=lambda cause: -cause.rows)


def told(
    figures: Figures, waiting: Status, labels: Mapping[int, str], codes: Mapping[str, Code]
) -> Iterator[CauseLine]:
    """What came back, by state and code; for partial rows, by what was not stored."""
    for one in figures.replies(CODES_SHOWN, waiting=waiting):
        assert one.status is not None, "replies are counted by state"
        yield reply_cause(one, one.status, labels, codes)
    for one in figures.warnings(CODES_SHOWN):
        if one.code in codes and codes[one.code].lost:
            yield reply_cause(one, Status.PARTIAL, labels, codes)


def reply_cause(said: Said, status: Status, labels: Mapping[int, str], codes: Mapping[str, Code]) -> CauseLine:
    """One state and code in words."""
    known = codes.get(said.code)
    like = Outcome(said.first, status, said.code, warnings=(Notice(said.code, ""),))
    return CauseLine(
        key=reply_key(status, said.code),
        rows=said.rows,
        title=sentence(known.meaning)[:-1] if known else TITLES.get(status, "Part of the data was not stored"),
        where=place(said.code) if said.code else "",
        advice=sentence(known.advice if known else advice(like, codes)),
        example=masked_text(said.message),
        first=(named(said.first, labels),),
        more=said.rows > 1,
    )


def said(errors: Sequence[Said], warnings: Sequence[Said], codes: Mapping[str, Code]) -> Iterator[CodeLine]:
    """Capillary's codes with what they mean; an HTTP status or a broken connection is none."""
    for kind, found in (("error", errors), ("warning", warnings)):
        for one in found:
            known = codes.get(one.code)
            if known or kind == "warning":
                yield CodeLine(
                    code=one.code or "none",
                    kind=kind,
                    rows=one.rows,
                    meaning=sentence(known.meaning) if known else "Not in our table.",
                    advice=sentence(known.advice) if known else "",
                    example=masked_text(one.message),
                    lost=bool(known and known.lost and kind == "warning"),
                )


def moments(journal: Journal) -> Moments | None:
    """The time in which requests left."""
    timeline = journal.figures.timeline()
    if timeline is None:
        return None
    parts = [Moment(one.rows, one.fastest_second, one.median_ms, one.slow_ms) for one in timeline.slices]
    requests = sum(one.rows + one.repeated for one in timeline.slices)
    return Moments(timeline.start, timeline.width_s, parts, requests)


def settings(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the run goes back to, and how it was told to send."""
    family = [
        (words, facts[name])
        for name, words in (("retry_of", "Retry of"), ("repairs", "Repairs the rejects of"))
        if facts.get(name)
    ]
    sending, rehearsal = facts.get("sending", {}), facts.get("target") == EMULATOR
    free = "as fast as the emulator answers"
    told = [
        ("Rate", f"{sending['rate']:g} a second" if sending.get("rate") else free if rehearsal else "self-tuning"),
        ("Concurrency", str(sending.get("concurrency") or "as the target system says")),
        ("Timeout", f"{sending['timeout_s']:g} s" if sending.get("timeout_s") else "as the target system says"),
        ("Accepted guards", ", ".join(facts.get("accept", ())) or "none"),
    ]
    return family if facts.get("command") == "plan" else [*family, *told]


def versions() -> dict[str, str]:
    """What a run is made with, for whoever has to repeat it."""
    return {
        "importer": version("importer"),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def named(row: RowId, labels: Mapping[int, str]) -> str:
    """A row as people name it; the sheet where there are several."""
    return str(row.row) if len(labels) == 1 else f"{row.row} of {labels.get(row.sheet, row.sheet + 1)}"
