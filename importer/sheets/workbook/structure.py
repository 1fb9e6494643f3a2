"""What the parts of an xlsx file say about each other: which worksheets there are, where, and how numbers are shown.

Only what reading cells needs is looked at. Fonts, fills, themes, defined names and whatever else may be damaged or
written in a way of its own is left alone, so that a file is not refused for its dress. Both namespaces (transitional
and strict), absolute and relative targets, and part names in other cases or with backslashes are understood.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from defusedxml import ElementTree
from openpyxl.styles.numbers import BUILTIN_FORMATS

from importer.sheets.workbook.formats import NumberFormat, read_format
from importer.sheets.workbook.strings import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TRUE = frozenset({"1", "true", "on"})
SHOWN = frozenset({"", "visible"})
USUAL_WORKBOOK = "xl/workbook.xml"
# Numbers of formats that only East Asian editions show (ECMA-376 part 1, 18.8.30): dates, and two times.
EAST_ASIAN = {
    **dict.fromkeys((*range(27, 32), *range(34, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33), "h:mm:ss"),
}


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet: its name, where its XML lies in the archive, and whether it is shown."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """What a workbook says of itself."""

    worksheets: tuple[Worksheet, ...]  # in the order of their tabs; without charts, dialogs and macro sheets
    formats: tuple[NumberFormat, ...]  # by the style number of a cell; never empty
    strings_part: str  # "" where there are no shared strings
    styles_part: str
    epoch_1904: bool
    recalculates: bool  # whether it asks to be calculated when opened, as files written by libraries do


def read_structure(read: Callable[[str], bytes | None]) -> Structure:
    """The structure of a workbook; `read` answers with a part's bytes, None where there is no such part.

    Raises:
        ValueError: something that reading needs is missing. ElementTree's ParseError for XML that is none,
            DefusedXmlException for entities.
    """
    workbook_part = next((target for kind, target in relations_of(read, "").values() if kind == "officeDocument"), "")
    content = read(workbook_part) if workbook_part else None
    if content is None:
        workbook_part, content = USUAL_WORKBOOK, read(USUAL_WORKBOOK)
    if content is None:
        raise ValueError("it has no workbook part")
    root = ElementTree.fromstring(content)
    relations = relations_of(read, workbook_part)
    by_kind = dict(relations.values())
    styles_part = by_kind.get("styles", posixpath.dirname(workbook_part) + "/styles.xml")
    properties = next(_all(root, "workbookPr"), None)
    calculation = next(_all(root, "calcPr"), None)
    return Structure(
        worksheets=tuple(_worksheets(root, relations)),
        formats=tuple(_formats(read(styles_part))),
        strings_part=by_kind.get("sharedStrings", ""),
        styles_part=styles_part,
        epoch_1904=properties is not None and properties.get("date1904", "") in TRUE,
        recalculates=calculation is not None and calculation.get("fullCalcOnLoad", "") in TRUE,
    )


def _worksheets(root: Element, relations: dict[str, tuple[str, str]]) -> list[Worksheet]:
    """The worksheets whose part is named."""
    found = []
    for sheet in _all(root, "sheet"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, target = relations.get(identity, ("", ""))
        if kind == "worksheet":
            name = sheet.get("name", "")
            found.append(Worksheet(name, target, sheet.get("state", "") in SHOWN))
    return found


def relations_of(read: Callable[[str], bytes | None], part: str) -> dict[str, tuple[str, str]]:
    """Kind and target of each relation of a part, by its id; "" is the whole package."""
    folder, name = posixpath.split(part)
    content = read(posixpath.join(folder, "_rels", f"{name}.rels"))
    if content is None:
        return {}
    relations = {}
    for one in _all(ElementTree.fromstring(content), "Relationship"):
        if one.get("TargetMode") != "External":
            target = unquote(one.get("Target", "")).replace("\\", "/")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            relations[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], full)
    return relations


def _formats(styles: bytes | None) -> list[NumberFormat]:
    """The number format of each cell style; the general one alone where there are no styles."""
    root = ElementTree.fromstring(styles) if styles else None
    if root is None:
        return [read_format("General")]
    codes = {**BUILTIN_FORMATS, **EAST_ASIAN}
    codes.update((_number(one.get("numFmtId")), one.get("formatCode", "General")) for one in _all(root, "numFmt"))
    crosses = next(_all(root, "cellXfs"), None)
    numbers = [_number(style.get("numFmtId")) for style in crosses] if crosses is not None else []
    return [read_format(codes.get(number, "General")) for number in numbers] or [read_format("General")]


def _number(text: str | None) -> int:
    """A format's number; 0, the general one, where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _all(root: Element, tag: str) -> Iterator[Element]:
    """The elements of this name, whatever their namespace."""
    return (element for element in root.iter() if isinstance(element.tag, str) and local(element.tag) == tag)
