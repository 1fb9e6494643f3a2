"""Finds out how delimited text is written, from evidence in its beginning; what the mapping states wins.

A way of reading fits where it cuts almost all rows into the same number of cells, two or more. Where two ways
fit equally well, none is chosen: the user is asked.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.rejects import ADDED, read_mark
from importer.sheets.delimited.dialect import DELIMITERS, Dialect, Quoting
from importer.sheets.delimited.records import LONGEST_CELL, csv_options, open_text
from importer.sheets.heading import TITLES_AT_MOST

if TYPE_CHECKING:
    from importer.records import SheetOptions
    from importer.sheets.delimited.survey import Survey
    from importer.sheets.source import Source

SAMPLE_CHARACTERS = 1 << 18
SAMPLE_ROWS = 1_000
FITS = 0.9  # share of the rows with the commonest number of cells
CLEARLY_MORE = 2  # times as many columns: the other delimiter stands inside cells
SPACED_QUOTES = re.compile(r" +([\"']).*\1\Z", re.DOTALL)  # a cell that wanted to be quoted: `a, "b"`
ROW = ADDED[1]
SEP_LINE = re.compile(r"\Asep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a sample reads in one dialect."""

    dialect: Dialect
    rows: list[list[str]]  # blank ones too
    broken: int  # rows against the rules of quoting

    @property
    def counts(self) -> Counter[int]:
        """How many rows have how many cells."""
        return Counter(len(cells) for cells in self.rows if any(cells))

    @property
    def width(self) -> int:
        """The commonest number of cells; of several the largest."""
        counts = self.counts
        return max(counts, key=lambda width: (counts[width], width), default=0)

    @property
    def share(self) -> float:
        """The share of rows that have it, 0 to 1; broken rows count against."""
        counts = self.counts
        return counts[self.width] / max(1, counts.total() + self.broken)

    @property
    def titles(self) -> int:
        """How many rows hold one cell before the first that holds more: a header that is not cut looks so."""
        counts = [len(cells) for cells in self.rows if any(cells)]
        return next((place for place, count in enumerate(counts) if count > 1), len(counts))

    @property
    def is_rejects(self) -> bool:
        """Whether it reads as rejects of ours: the added names in one row, and below them what they stand for."""
        names = [[cell.strip() for cell in cells] for cells in self.rows[: TITLES_AT_MOST + 1]]
        header = next((place for place, cells in enumerate(names) if set(ADDED) <= set(cells)), None)
        if header is None:
            return False
        column = names[header].index(ROW)
        marks = (cells[column].strip() for cells in self.rows[header + 1 :] if len(cells) > column)
        return all(not mark or read_mark(mark) for mark in marks)

    @property
    def fits(self) -> bool:
        """Whether this could be how the file is written."""
        return self.width > 1 and self.share >= FITS


def detect(source: Source, survey: Survey, options: SheetOptions) -> tuple[Dialect, list[str]]:
    """The dialect, and sentences that tell what it was concluded from.

    Raises:
        SheetError: two delimiters fit equally well, or a stated one cannot be used.
    """
    sample, whole = _sample(source, survey)
    notes: list[str] = []
    base = Dialect(
        encoding=survey.encoding,
        bom=survey.bom_bytes > 0,
        line_end=next(iter(survey.line_ends), "\n"),
        end_mark=survey.end_mark,
        final_line_end=survey.final_line_end,
    )
    sep = SEP_LINE.match(sample)
    if sep:
        base = replace(base, sep_line=True, delimiter=sep.group(1))
        sample = sample[sep.end() :]
        notes.append(f"The first line is {sep.group(0).strip()!r}, a hint for spreadsheet programs; it is no row.")
    delimiters = _delimiters(options, sep.group(1) if sep else None)
    ways = _ways(base, sample, delimiters, options.quote)
    trials = [_trial(way, sample, whole=whole) for way in ways]
    chosen = _choose(trials, source.name)
    if chosen.dialect.quote != '"' and options.quote is None:
        notes.append(f"Cells are quoted by {chosen.dialect.quote}: header and rows show it.")
    if chosen.dialect.escape:
        notes.append('A quote inside a quoted cell is written \\": rows fit only when read so.')
    if chosen.dialect.space_after_delimiter:
        notes.append("Blanks between a delimiter and the cell are left out: quoted cells follow only after them.")
    quoting = Quoting.ALL if _all_quoted(sample, chosen) else Quoting.MINIMAL
    return replace(chosen.dialect, quoting=quoting), notes


def _sample(source: Source, survey: Survey) -> tuple[str, bool]:
    """The file's beginning, and whether that is all of it."""
    with open_text(source, survey.encoding, survey.bom_bytes) as stream:
        sample = stream.read(SAMPLE_CHARACTERS)
        return sample, not stream.read(1)


def _delimiters(options: SheetOptions, sep: str | None) -> list[str]:
    """Those to try: the stated one alone, that of a `sep=` line alone, the usual ones."""
    stated = options.delimiter
    if stated is None and options.format == "tsv":
        stated = "\t"
    if stated is None:
        return [sep] if sep else list(DELIMITERS)
    stated = {"\\t": "\t", "tab": "\t"}.get(stated, stated)
    if len(stated) != 1 or stated in "\r\n\"'\\":
        raise SheetError(
            f"`delimiter: {stated!r}` cannot separate cells.",
            advice='It is one character; a tab is written "\\t".',
        )
    return [stated]


def _ways(base: Dialect, sample: str, delimiters: list[str], quote: str | None) -> list[Dialect]:
    """Ways of writing for which the sample holds a reason to try them."""
    if quote is not None and (len(quote) != 1 or quote in "\r\n\\"):
        raise SheetError(f"`quote: {quote!r}` cannot quote cells.", advice='It is one character, usually ".')
    ways = []
    for delimiter in delimiters:
        quotes = [quote] if quote else ['"', *(["'"] if _apostrophes_quote(sample, delimiter) else [])]
        for mark in quotes:
            after = re.escape(delimiter)
            escapes = [None, *(["\\"] if f"\\{mark}" in sample else [])]
            spaces = [False, *([True] if re.search(f"{after} +{re.escape(mark)}", sample) else [])]
            ways += [
                replace(base, delimiter=delimiter, quote=mark, escape=escape, space_after_delimiter=space)
                for escape, space in product(escapes, spaces)
            ]
    return ways


def _apostrophes_quote(sample: str, delimiter: str) -> bool:
    """Whether every cell of the first line stands in apostrophes, and no cell anywhere in double quotes."""
    first = next((line for line in re.split("[\r\n]+", sample) if line.strip()), "")
    cells = first.split(delimiter)
    wrapped = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return wrapped and '"' not in sample


def _trial(dialect: Dialect, sample: str, *, whole: bool) -> Trial:
    """Read the sample in one dialect."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(sample, newline=""), **csv_options(dialect))
    rows: list[list[str]] = []
    broken = 0
    while len(rows) < SAMPLE_ROWS:
        try:
            rows.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            broken += 1
    if not whole and len(rows) < SAMPLE_ROWS and len(rows) > 1:
        rows.pop()  # the sample's end may have cut it
    return Trial(dialect, rows, broken)


def _choose(trials: list[Trial], name: str) -> Trial:
    """The way of reading that fits; the simplest where it makes no difference."""
    if ours := [trial for trial in trials if trial.is_rejects]:  # of few rows, often damaged ones
        return min(ours, key=_cost)
    fitting = [trial for trial in trials if trial.fits]
    if not fitting:
        return max(trials, key=_plainly)
    by_delimiter: dict[str, Trial] = {}
    for trial in fitting:
        best = by_delimiter.setdefault(trial.dialect.delimiter, trial)
        if _cost(trial) < _cost(best):
            by_delimiter[trial.dialect.delimiter] = trial
    widest = max(trial.width for trial in by_delimiter.values())
    likely = [trial for trial in by_delimiter.values() if trial.width * CLEARLY_MORE > widest]
    first, *others = sorted(likely, key=lambda trial: (trial.titles, -trial.share, -trial.width))
    rivals = [trial for trial in others if (trial.titles, trial.share) == (first.titles, first.share)]
    if rivals:
        told = " or ".join(f"{DELIMITERS[t.dialect.delimiter]} ({t.width} columns)" for t in (first, *rivals))
        raise SheetError(
            f"{name}: the delimiter could be {told}; both cut its rows evenly.",
            advice=f'Say which in the mapping: `sheet: {{delimiter: "{first.dialect.delimiter}"}}`.',
        )
    return first


def _cost(trial: Trial) -> tuple[int, float, int]:
    """What speaks against one way among those with one delimiter; of equals the first is taken."""
    spaced = sum(bool(SPACED_QUOTES.match(cell)) for cells in trial.rows for cell in cells)
    return trial.broken, -trial.share, spaced


def _plainly(trial: Trial) -> tuple[bool, int, float]:
    """Order among ways of which none fits: the one that most rows, and the header, speak for."""
    header = next((cells for cells in trial.rows if any(cells)), [])
    return len(header) > 1, -trial.broken, trial.share if trial.width > 1 else 0.0


def _all_quoted(sample: str, trial: Trial) -> bool:
    """Whether every cell of the first rows that is not blank stands in quotes."""
    quote, delimiter = trial.dialect.quote, trial.dialect.delimiter
    lines = [line for line in re.split("\r\n|\r|\n", sample) if line][:20]
    if not lines or not all(line.startswith(quote) and line.endswith(quote) for line in lines):
        return False
    return all(line.count(f"{quote}{delimiter}{quote}") == trial.width - 1 for line in lines)
