"""The rows of the page's table: masked, small, and written one after the other.

A text that comes again and again (a state, an advice, what Capillary says) is written once, at the end, and named by
its number before: 100,000 rows are some 10 MB.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import orjson

from importer.endpoint import Code
from importer.problems import Problem
from importer.records import Outcome, RowResult, Status
from importer.report.html.words import clock, place, sentence
from importer.report.masking import HIDDEN, masked, masked_cell, masked_text
from importer.report.results import advice, message

COLUMNS = ("sheet", "row", "line", "status", "customer", "where", "what", "advice", "keys", "more")
ROWS_AT_MOST = 100_000
WORDS_AT_MOST = 20_000  # further texts stand in their rows
NAMES_ROWS = frozenset({"not-unique", "duplicate-customer"})  # their detail names other rows, and no cell

Cell = int | str | list[int | str]


def cells(
    result: RowResult, problems: Sequence[Problem], codes: Mapping[str, Code], identifying: Container[str] = ()
) -> dict[str, str | int | list[str]]:
    """One row as the table shows it, by column; nothing of it tells who the customer is."""
    outcome = result.outcome
    identifier = masked(result.identifier_value)
    return {
        "sheet": result.sheet,
        "row": outcome.id.row,
        "line": result.line,
        "status": outcome.status.value,
        "customer": f"{result.identifier_name} {identifier}" if identifier else "",
        "where": where(outcome, problems),
        "what": what(outcome, problems, identifying),
        "advice": remedy(outcome, problems, codes),
        "keys": keys(outcome, problems),
        "more": more(outcome),
    }


def keys(outcome: Outcome, problems: Sequence[Problem]) -> list[str]:
    """The causes that this row belongs to: a problem's kind and column, or its state and code."""
    found = dict.fromkeys(problem_key(problem.slug, problem.column) for problem in problems)
    if outcome.status is Status.PARTIAL:
        found |= dict.fromkeys(reply_key(outcome.status, notice.code) for notice in outcome.warnings)
    elif not problems:
        found[reply_key(outcome.status, outcome.code)] = None
    return list(found)


def problem_key(slug: str, column: str) -> str:
    """Names a cause that was found before sending."""
    return f"{slug} {column}"


def reply_key(status: Status, code: str) -> str:
    """Names a cause that came back."""
    return f"{status.value} {code}"


def where(outcome: Outcome, problems: Sequence[Problem]) -> str:
    """The columns concerned, or the code that came back."""
    if problems:
        return ", ".join(dict.fromkeys(problem.column for problem in problems if problem.column))
    codes = [notice.code for notice in outcome.warnings] if outcome.status is Status.PARTIAL else [outcome.code]
    return ", ".join(dict.fromkeys(place(code) for code in codes if code))


def what(outcome: Outcome, problems: Sequence[Problem], identifying: Container[str] = ()) -> str:
    """What is wrong with the row, masked. `identifying`: columns whose cells are shown in part."""
    if problems:
        return "; ".join(problem_words(problem, identifying) for problem in problems)
    if outcome.status is Status.PARTIAL:
        return "; ".join(masked_text(notice.message) for notice in outcome.warnings)
    return masked_text(message(outcome)) if not outcome.successor else message(outcome)


def problem_words(problem: Problem, identifying: Container[str]) -> str:
    """A problem's sentence with the cell in it masked."""
    detail = problem.detail if problem.slug in NAMES_ROWS else masked_text(problem.detail)
    value = masked_cell(problem.value, identifies=problem.column in identifying)
    words = problem._replace(value=value, detail=detail).message.replace(f"“{HIDDEN}”", HIDDEN)
    return f"the value{words.removeprefix(HIDDEN)}" if words.startswith(f"{HIDDEN} ") else words


def remedy(outcome: Outcome, problems: Sequence[Problem], codes: Mapping[str, Code]) -> str:
    """What to do about the row."""
    if problems:
        return " ".join(dict.fromkeys(problem.advice for problem in problems))
    came = [notice.code for notice in outcome.warnings] if outcome.status is Status.PARTIAL else [outcome.code]
    said = [sentence(codes[code].advice) for code in came if code in codes]
    return " ".join(dict.fromkeys(said)) or sentence(advice(outcome, codes))


def more(outcome: Outcome) -> str:
    """What a support ticket asks for."""
    parts = [
        f"{outcome.attempts:,} attempts" if outcome.attempts > 1 else "",
        f"HTTP {outcome.http_status}" if outcome.http_status else "",
        f"sent {clock(outcome.sent_at)}" if outcome.sent_at and outcome.attempts else "",
        f"request id {outcome.request_id}" if outcome.request_id else "",
    ]
    return ", ".join(part for part in parts if part)


def json_parts(rows: Iterable[Mapping[str, str | int | list[str]]]) -> Iterator[str]:
    """The table as one JSON object in pieces, safe inside a <script> element."""
    words: dict[str, int] = {}

    def word(text: str) -> int | str:
        if text not in words and len(words) >= WORDS_AT_MOST:
            return text
        return words.setdefault(text, len(words))

    def short(cell: str | int | list[str]) -> Cell:
        return cell if isinstance(cell, int) else word(cell) if isinstance(cell, str) else [word(one) for one in cell]

    yield '{"columns":' + embedded(COLUMNS) + ',"rows":['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + embedded([short(row[name]) for name in COLUMNS])
    yield '\n],"words":' + embedded(list(words)) + "}"


def embedded(value: object) -> str:
    """JSON that no HTML parser takes for its own; half a character, which UTF-8 cannot hold, by its number."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = orjson.dumps(whole(value)).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def whole(value: object) -> object:
    """The same with halves of characters spelled out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return [whole(one) for one in value] if isinstance(value, list | tuple) else value
