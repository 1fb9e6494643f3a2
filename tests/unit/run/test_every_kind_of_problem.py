"""Every kind of problem can be had: its example in problems.toml, put into a sheet and a mapping, yields it."""

from __future__ import annotations

import sys

import openpyxl
import pytest

from importer.journal import Journal
from importer.problems import Kind, kinds
from importer.run import Order, plan

BASE = """\
version: 1
name: example
lookup: {source: INSTORE, identifiers: [externalId: Code]}
"""


def sheet(kind: Kind, folder):
    """The sheet of the example."""
    path = folder / f"sheet.{kind.sheet}"
    if kind.sheet == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["Code", "A", "B"])
        book.active.append(["X1", int(kind.example) if kind.example.isdigit() else kind.example, "Lee"])
        book.active["B2"].number_format = "yyyy-mm-dd"
        book.save(path)
    elif kind.sheet == "jsonl":
        pytest.importorskip("pyarrow")
        path.write_text(kind.rows, "utf-8")
    else:
        path.write_text(f"Code,A,B\n{kind.rows or f'X1,{quoted(kind.example)},'}\n", "utf-8", newline="")
    return path


def quoted(cell: str) -> str:
    """A cell of delimited text."""
    return '"' + cell.replace('"', '""') + '"' if {",", '"', "\n"} & set(cell) else cell


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.slug)
def test_the_example_of_each_kind_yields_it_and_says_what_the_page_shows(kind, tmp_path):
    rest = "" if "profile:" in kind.mapping else "profile: {lastName: A}\n"
    (tmp_path / "mapping.yaml").write_text(BASE + rest + kind.mapping.rstrip() + "\n", "utf-8")
    (tmp_path / "mine.py").write_text(kind.python, "utf-8")
    sys.modules.pop("mine", None)  # another example's
    plan(Order("plan", (str(sheet(kind, tmp_path)),), tmp_path / "mapping.yaml", tmp_path / "runs"))
    (folder,) = (tmp_path / "runs").iterdir()
    with Journal.open(folder, read_only=True) as journal:
        found = [one for _, one in journal.problems()]
    assert {one.slug for one in found} == {kind.slug}
    assert found[0].message == kind.says
