"""Workbooks written part by part, so that they can hold what no library writes."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*lines: tuple[str, str], namespace: str = RELATIONS) -> str:
    """A relations part: (kind, target) lines, which get the ids rId1, rId2 and so on."""
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{namespace}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(lines, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def parts_of(
    rows: str,
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    before: str = "",
    after: str = "",
    properties: str = "",
    calculation: str = "",
    more: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, str]:
    """The parts of a workbook with the worksheet Customers.

    `formats`: the codes of cell styles 1, 2 …; `more`: further worksheets, name to (state, rows).
    """
    sheets = {"Customers": ("visible", rows), **(more or {})}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" state="{state}" r:id="rId{at}"/>'
        for at, (name, (state, _)) in enumerate(sheets.items(), start=1)
    )
    codes = "".join(f"<numFmt numFmtId='{164 + at}' formatCode={quoteattr(f)}/>" for at, f in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr {properties}/>'
        f"<sheets>{listed}</sheets>{calculation}</workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *[("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)],
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{one}</si>" for one in strings)}</sst>',
    }
    for at, (_, content) in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{MAIN}" xmlns:xdr="urn:drawing">{before}<sheetData>{content}</sheetData>{after}</worksheet>'
        )
    return parts


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Parts as an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def text(reference: str, content: str) -> str:
    """A cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(content)}</t></is></c>'


class Books:
    """What tests write workbooks with."""

    parts = staticmethod(parts_of)
    pack = staticmethod(packed)
    text = staticmethod(text)
    relations = staticmethod(relations)

    def table(self, *rows: str, **options) -> bytes:
        """A workbook with the header `A` in row 1 and these `<row>`s."""
        return packed(parts_of(f'<row r="1">{text("A1", "A")}</row>' + "".join(rows), **options))

    def cell(self, content: str, **options) -> bytes:
        """A workbook whose cell A2 is this `<c>`, below the header `A`; B1 and B2 make the row one in any case."""
        head = f'<row r="1">{text("A1", "A")}{text("B1", "B")}</row>'
        return packed(parts_of(f'{head}<row r="2">{content}{text("B2", "x")}</row>', **options))


@pytest.fixture
def books() -> Books:
    """Ways to write workbooks."""
    return Books()


@pytest.fixture
def read_cell(read, books: Books) -> Callable[..., tuple[str, str]]:
    """Writes a `<c>` as A2 and answers with its text and the slugs of its problems."""

    def get(content: str, **options) -> tuple[str, str]:
        sheet = read(books.cell(content, **options), "s.xlsx")
        return sheet.rows[2][0], " ".join(problem.slug for problem in sheet.problems)

    return get


@pytest.fixture
def binaries():
    """Ways to write xls, xlsb and ods files, element by element."""
    spec = importlib.util.spec_from_file_location("binaries", Path(__file__).with_name("binaries.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
