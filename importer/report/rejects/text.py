"""Writes rejects of delimited text: the original's head and rows byte by byte, the added columns to their right.

Where a cell stands is what makes a table, so the added columns begin in the same place in every row: a row with fewer
cells than the header is filled up with blank ones, and what a row has beyond the header's cells comes after the added
ones. A filled-up row would no longer be too short, and might be sent as it is by somebody in a hurry; so it has one
cell beyond, which says what happened and keeps the row from being sent until it is deleted. So has a row against the
rules of quoting that could not be continued as it stands.

The original may be a file of rejects itself: its added columns give way to the new ones, and cells that are guarded
already are not guarded twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.rejects import ADDED, DANGEROUS, Form, RawRow, unguard
from importer.report.files import replacing
from importer.report.rejects.cells import cut, guarded, left_open, own_words, written
from importer.report.rejects.reasons import Reasons, Rejected

BROKEN = "this row broke the rules of quoting and was written anew: look at it, then delete this cell"
FILLED_UP = "this row had {count} where {needed} are expected: look at it, then delete this cell"
# A way of writing that is taken only where a file cannot be read otherwise needs a cell that shows it.
ESCAPES = "(In this file a quote inside a quoted cell is written {escape}{quote}.)"
APOSTROPHES = "(In this file cells are quoted by {quote}; a {delimiter} inside one does not end it.)"


@dataclass(frozen=True, slots=True)
class Table:
    """Where the cells of an original stand."""

    form: Form
    width: int  # cells of the header, the added ones of an earlier run not counted
    needed: int  # cells that a row must have: blank columns at the header's end may be missing
    old: frozenset[int] = frozenset()  # positions of added columns of an earlier run


def write_rejects(
    path: Path,
    head: Sequence[RawRow],
    rows: Iterable[tuple[RawRow, Rejected]],
    *,
    names: Mapping[int, str],
    reasons: Reasons,
    form: Form,
) -> int:
    """Write the file, streaming; returns the number of rows.

    Args:
        path: where to.
        head: what stands above the data: the header at last, before it what the original has above.
        rows: each as it stands in the original, and how it ended.
        names: what columns are called, by 0-based position: those that the header leaves blank get theirs.
        reasons: fills the added columns.
        form: how the original is written.
    """
    count = 0
    *titles, header = head
    table = table_below(header, names, form)
    with replacing(path, encoding=form.encoding) as file:
        if form.mark:
            file.write("\ufeff")
        if form.sep_line:
            file.write(f"sep={form.delimiter}{form.line_end}")
        for title in titles:
            file.write(title.text + (title.line_end or form.line_end))
        file.write(header_line(header, names, table))
        for raw, rejected in rows:
            file.write(line(raw, reasons.cells(rejected), table))
            count += 1
    return count


def table_below(header: RawRow, names: Mapping[int, str], form: Form) -> Table:
    """The table of which this is the header."""
    tidy = [cell.strip() for cell in header.cells]
    old = frozenset(place for place, name in enumerate(tidy) if name in ADDED) if ADDED[0] in tidy else frozenset()
    kept = [place for place in range(len(tidy)) if place not in old]
    needed = sum(place <= max(set(names) - old, default=0) for place in kept)
    return Table(form, len(kept), needed, old)


def header_line(header: RawRow, names: Mapping[int, str], table: Table) -> str:
    """The header with the added names. A column without one is named as the mapping calls it."""
    form = table.form
    texts = cut(header.text, form)
    if len(texts) != len(header.cells) or left_open(texts[-1], form):
        texts = [written(cell, form) for cell in header.cells]
    named = [
        written(names[place], form) if not cell.strip() and place in names else text
        for place, (text, cell) in enumerate(zip(texts, header.cells, strict=True))
        if place not in table.old
    ]
    return form.delimiter.join([*named, *(own_words(name, form) for name in ADDED)]) + (
        header.line_end or form.line_end
    )


def line(raw: RawRow, added: Sequence[str], table: Table) -> str:
    """A rejected row with its line end: its cells, the added ones, and what stood beyond the header's last column."""
    form = table.form
    told = [own_words(cell, form) for cell in (*added[:-1], with_hint(added[-1], form))]
    end = raw.line_end or form.line_end
    as_it_was = form.quote not in raw.text and not any(cell.startswith(DANGEROUS) for cell in raw.cells)
    if as_it_was and not table.old and len(raw.cells) == table.width:
        return form.delimiter.join([raw.text, *told]) + end
    texts = cut(raw.text, form) if raw.cells else []
    if len(texts) != len(raw.cells) or (texts and left_open(texts[-1], form)):
        texts = [written(cell, form) for cell in raw.cells]
        told.append(own_words(BROKEN, form))
    cells = [
        text if table.old and unguard(cell) != cell else guarded(text, cell, form)
        for place, (text, cell) in enumerate(zip(texts, raw.cells, strict=True))
        if place not in table.old
    ]
    count = len(cells)
    cells += [written("", form)] * (table.width - count)
    if count < table.needed and any(raw.cells):
        had = "1 cell" if count == 1 else f"{count} cells"
        told.append(own_words(FILLED_UP.format(count=had, needed=table.needed), form))
    return form.delimiter.join([*cells[: table.width], *told, *cells[table.width :]]) + end


def with_hint(advice: str, form: Form) -> str:
    """Our last cell, with what people must know of a rare way of writing."""
    if form.escape:
        advice = f"{advice} {ESCAPES.format(escape=form.escape, quote=form.quote)}"
    if form.quote == "'":
        advice = f"{advice} {APOSTROPHES.format(quote=form.quote, delimiter=form.delimiter)}"
    return advice.lstrip()
