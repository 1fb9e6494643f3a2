"""Whatever delimited text can be read: all of its rows as rejects read as the original did, damage included."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import SheetError
from importer.records import Outcome, RowId, RowResult, SheetOptions, Status
from importer.rejects import ADDED
from importer.report import Reasons, Rejected, write_rejects
from importer.run.rejects import _beside, form_of
from importer.sheets import DelimitedSheet, open_sheet

# A row that was too short, or broke the rules of quoting, may be one cell too long until somebody looks at it.
SHAPE = "row-too-short, row-too-long, stray-quote"
REASONS = Reasons("20260301-120000-small", {})


def told(sheet: DelimitedSheet) -> tuple[list[list[str]], list[tuple[int, str, str]]]:
    """The cells of the original's columns, and (place, slug, column) of each problem."""
    cells: list[list[str]] = []
    problems: list[tuple[int, str, str]] = []
    names = [name for name in sheet.header if name not in ADDED]
    for chunk in sheet.chunks():
        first = int(chunk.cells.index[0])
        problems += [
            (len(cells) + one.row - first, SHAPE if one.slug in SHAPE else one.slug, one.column)
            for one in chunk.problems
        ]
        cells += chunk.cells[names].to_numpy().tolist()
    return cells, sorted(set(problems))


def as_rejects(sheet: DelimitedSheet, path: Path) -> None:
    """All rows of a sheet as rejects."""
    rows = [row for chunk in sheet.chunks() for row in chunk.cells.index]
    ends = (Rejected(RowResult("", row, "", "", Outcome(RowId(0, row), Status.FAILED))) for row in rows)
    head, beside = _beside(sheet.raw, sheet.header_row, ends)
    names = dict(zip(sheet.columns.positions, sheet.columns.names, strict=True))
    write_rejects(path, head, beside, names=names, reasons=REASONS, form=form_of(sheet.dialect))


def prove(content: bytes, options: SheetOptions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, rejects, again = (Path(folder) / name for name in ("customers.csv", "rejects.csv", "again.csv"))
        path.write_bytes(content)
        with open_sheet(str(path), options) as sheet:
            before = told(sheet)
            as_rejects(sheet, rejects)
        with open_sheet(str(rejects), options) as sheet:
            assert told(sheet) == before
            as_rejects(sheet, again)
        with open_sheet(str(again), options) as sheet:
            assert told(sheet) == before, "rejects of rejects are the same rejects"


# No blank before a quote and none escaped: of so few rows either would do as the way in which all are written.
pieces = st.sampled_from(
    ["a", "b1", "é", "a b", ",", ";", "\t", "|", '"', '""', "'", "\\n", "\n", "\r\n", "\r", "=", "-5", "+3", "''", ";;",
     "\ufffd", "\x01", "x" * 300, "# ", "importer_run", "\n\n", ",,", ';"', '";', '","', '""a";', "\n1,2,3", "\n1;2;3"]
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(pieces, min_size=1, max_size=30).map("".join),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([",", ";"]),
    quote=st.sampled_from(["", '"']),
    stated=st.booleans(),
    title=st.sampled_from(["", "Customers\n\n"]),
)
def test_whatever_stands_below_a_header_comes_back_as_it_was_read(rows, encoding, delimiter, quote, stated, title):
    header = delimiter.join(f"{quote}{name}{quote}" for name in ("Name", "Mobile", "City"))
    options = SheetOptions(
        header=3 if title else None,
        delimiter=delimiter if stated else None,
        encoding="cp1252" if encoding == "cp1252" else None,
    )
    with suppress(UnicodeEncodeError):
        content = f"{title}{header}\n{rows}".encode(encoding)
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "customers.csv"
                path.write_bytes(content)
                with open_sheet(str(path), options) as sheet:
                    told(sheet)
        except SheetError:
            return
        prove(content, options)
