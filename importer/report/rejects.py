"""`rejects.csv`: the rows that did not end well, with their original cells, ready to be repaired and sent again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.endpoint import Code
from importer.problems import Problem
from importer.records import RowResult
from importer.rejects import ADDED, guard
from importer.report.files import replacing
from importer.report.results import advice, message


@dataclass(frozen=True, slots=True)
class Form:
    """How the original was written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    line_end: str = "\n"
    mark: bool = False  # the encoding's byte-order mark at the beginning, where `encoding` writes none itself
    quote_all: bool = False  # every cell in quotes


def write_rejects(
    path: Path,
    header: Sequence[str],
    rows: Iterable[tuple[Sequence[str], RowResult, Sequence[Problem]]],
    *,
    run: str,
    codes: Mapping[str, Code],
    form: Form,
) -> int:
    """Write the file, streaming; returns the number of rows. `rows`: original cells, result and problems of each."""
    count = 0
    with replacing(path, encoding=form.encoding, errors="backslashreplace") as file:
        if form.mark:
            file.write("\ufeff")
        writer = csv.writer(
            file,
            delimiter=form.delimiter,
            quotechar=form.quote,
            lineterminator=form.line_end,
            quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
        )
        writer.writerow([*header, *ADDED])
        for cells, result, problems in rows:
            writer.writerow([*map(guard, cells), *map(guard, added(run, result, problems, codes))])
            count += 1
    return count


def added(run: str, result: RowResult, problems: Sequence[Problem], codes: Mapping[str, Code]) -> tuple[str, ...]:
    """The cells below the added columns."""
    outcome = result.outcome
    columns = ", ".join(dict.fromkeys(problem.column for problem in problems if problem.column))
    reason = f"{outcome.code}: {message(outcome)}" if outcome.code and not problems else message(outcome)
    said = " ".join(dict.fromkeys(problem.advice for problem in problems)) or advice(outcome, codes)
    return run, str(outcome.id.row), outcome.status.value, columns, reason, said
