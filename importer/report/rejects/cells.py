"""Cells of delimited text byte by byte: a record is cut where its cells begin, and put together again.

The cutting follows Python's `csv` module, which read the record: a quote counts only where a cell begins, a doubled one
stands for itself, text after a closing quote belongs to the cell. What comes out is joined by the delimiter to the same
text; where the cells are not those that were read, the caller writes them anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from importer.rejects import DANGEROUS, Form, RawRow, guard

PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "→": "->"})


def raw_row(row: int, cells: Sequence[str], form: Form) -> RawRow:
    """Cells that did not come from delimited text, as they would stand in it."""
    return RawRow(row, form.delimiter.join(written(cell, form) for cell in cells), form.line_end, cells)


def cut(text: str, form: Form) -> list[str]:
    """The raw cells of a record, with their quotes and blanks."""
    match = _cell(form.delimiter, form.quote, form.escape, form.spaced).match
    cells: list[str] = []
    place = 0
    while True:
        found = match(text, place)
        assert found, "the pattern matches nothing at all, too"
        cells.append(found[0])
        place = found.end() + 1  # over the delimiter
        if place > len(text):
            return cells


def left_open(raw: str, form: Form) -> bool:
    """Whether a record's last raw cell opens a quote and never closes it: what follows would become part of it."""
    body = raw.lstrip(" ") if form.spaced else raw
    return body.startswith(form.quote) and not _closed(form.delimiter, form.quote, form.escape).match(body)


@cache
def _closed(delimiter: str, quote: str, escape: str | None) -> re.Pattern[str]:
    """A quoted cell up to its closing quote."""
    mark = re.escape(quote)
    return re.compile(f"{mark}(?:{_escaped(delimiter, quote, escape)}{mark}{mark}|[^{mark}])*+{mark}")


def _escaped(delimiter: str, quote: str, escape: str | None) -> str:
    """What an escape takes the meaning from, as the first of several alternatives."""
    if not escape:
        return ""
    return f"{re.escape(escape)}[{re.escape(delimiter)}{re.escape(quote)}{re.escape(escape)}\r\n]|"


@cache
def _cell(delimiter: str, quote: str, escape: str | None, spaced: bool) -> re.Pattern[str]:  # noqa: FBT001 - as in Form
    """One cell up to the next delimiter."""
    border = re.escape(delimiter)
    rest = f"(?:{_escaped(delimiter, quote, escape)}[^{border}])*+"
    closed = _closed(delimiter, quote, escape).pattern
    open_to_the_end = rf"{re.escape(quote)}[\s\S]*+"
    return re.compile(f"{' *+' if spaced else ''}(?:{closed}{rest}|{open_to_the_end})|{rest}")


def guarded(raw: str, cell: str, form: Form) -> str:
    """A raw cell that reads as `cell`, so that no spreadsheet program runs it; untouched where none would."""
    if not cell.startswith(DANGEROUS):
        return raw
    blanks = len(raw) - len(raw.lstrip(" ")) if form.spaced else 0
    lead, body = raw[:blanks], raw[blanks:]
    if body.startswith(form.quote):
        return lead + form.quote + ("''" if form.quote == "'" else "'") + body[1:]
    return lead + (written("'" + cell, form) if form.quote == "'" else "'" + body)


def written(cell: str, form: Form) -> str:
    """A cell in the original's way of writing; in quotes where it must be, or where all cells are."""
    special = (form.delimiter, form.quote, "\r", "\n", *([form.escape] if form.escape else []))
    if form.quote_all or any(map(cell.__contains__, special)) or (form.spaced and cell.startswith(" ")):
        return quoted(cell, form)
    return cell


def quoted(cell: str, form: Form) -> str:
    """A cell in quotes."""
    if form.escape:
        cell = cell.replace(form.escape, form.escape * 2).replace(form.quote, form.escape + form.quote)
    else:
        cell = cell.replace(form.quote, form.quote * 2)
    return form.quote + cell + form.quote


def own_words(cell: str, form: Form) -> str:
    """One of our cells, guarded; in quotes where a way of writing is known by them alone."""
    if form.quote == "'":
        cell = cell.replace('"', "'")  # a file is known to be quoted by apostrophes where it holds no other quote
    cell = guard(fitting(cell, form.encoding))
    if form.spaced:
        return " " + quoted(cell, form)
    return quoted(cell, form) if form.quote == "'" else written(cell, form)


def fitting(text: str, encoding: str) -> str:
    """Our words in an encoding that may lack some of their characters: the nearest plain ones, at worst `?`."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_nearest(character, encoding) for character in text)
    return text


def _nearest(character: str, encoding: str) -> str:
    """A character, or what comes nearest to it: without its accent, its curl or its width."""
    for near in (character, PLAIN.get(ord(character), ""), unicodedata.normalize("NFKD", character)):
        if fits := near.encode(encoding, "ignore").decode(encoding):
            return fits
    return "?"
