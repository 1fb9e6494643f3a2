"""The number formats of an OpenDocument spreadsheet, spelt as the codes that `formats.py` reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from importer.sheets.workbook.formats import NumberFormat, read_format
from importer.sheets.workbook.strings import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

URN = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE, NUMBER, TABLE = f"{{{URN}style:1.0}}", f"{{{URN}datastyle:1.0}}", f"{{{URN}table:1.0}}"
FORMATS = frozenset({"number-style", "percentage-style", "currency-style", "date-style", "time-style", "text-style"})
CONDITION = re.compile(r"value\(\) *(<=|>=|<|>|=|!=) *(-?[0-9]+\.?[0-9]*)")
MOST_DIGITS = 40  # places of a number: more are no number
CODES = {"day": "dd", "month": "mm", "year": "yyyy", "era": "yyyy", "day-of-week": "ddd", "week-of-year": "d"} | {
    "quarter": "m", "hours": "hh", "minutes": "mm", "seconds": "ss", "am-pm": "AM/PM", "boolean": "General",
    "text-content": "@", "scientific-number": "0E+00", "fraction": "# ?/?", "currency-symbol": "",
}  # fmt: skip


@dataclass(slots=True)
class Styles:
    """What the styles of a file say of cells and of whole worksheets, by the names of the styles."""

    codes: dict[str, str] = field(default_factory=dict)  # of number formats
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)  # number format and parent of a cell's style
    hidden: set[str] = field(default_factory=set)  # worksheets that are not shown
    _forms: dict[str, NumberFormat] = field(default_factory=dict)

    def form_of(self, name: str) -> NumberFormat:
        """The number format of a cell style, its parent's where it has none of its own."""
        found = self._forms.get(name)
        if found is None:
            code, seen, at = "", set[str](), name
            while at in self.cells and at not in seen and not code:
                seen.add(at)
                data, at = self.cells[at]
                code = self.codes.get(data, "")
            found = self._forms[name] = read_format(code)
        return found


def read_styles(roots: Iterable[Element]) -> Styles:
    """The styles in these parts; names that stand again in a later part are its own."""
    styles = Styles()
    written: dict[str, Element] = {}
    for root in roots:
        for element in root.iter():
            name = element.get(f"{STYLE}name", "") if isinstance(element.tag, str) else ""
            tag = local(element.tag) if name else ""
            if tag in FORMATS:
                written[name] = element
            elif tag == "style" and element.get(f"{STYLE}family") == "table-cell":
                styles.cells[name] = (
                    element.get(f"{STYLE}data-style-name", ""),
                    element.get(f"{STYLE}parent-style-name", ""),
                )
            elif tag == "style" and any(
                local(one.tag) == "table-properties" and one.get(f"{TABLE}display") == "false" for one in element
            ):
                styles.hidden.add(name)
    styles.codes = {name: _code(element, written) for name, element in written.items()}
    return styles


def _code(element: Element, written: Mapping[str, Element]) -> str:
    """The code of a number format: conditions with the formats that they lead to, then its own."""
    own = _section(element)
    sections = []
    for one in element:
        condition = CONDITION.fullmatch(one.get(f"{STYLE}condition", "")) if local(one.tag) == "map" else None
        target = written.get(one.get(f"{STYLE}apply-style-name", ""))
        if condition and target is not None:
            sections.append(f"[{condition[1].replace('!=', '<>')}{condition[2]}]{_section(target)}")
    return ";".join([*sections, own])


def _section(element: Element) -> str:
    """One format without its conditions."""
    parts = []
    for one in element:
        tag = local(one.tag)
        if tag == "number":
            parts.append(_digits(one))
        elif tag == "text":
            text = "".join(one.itertext())
            parts.append("%" if text.strip() == "%" else f'"{text}"' if '"' not in text else "")
        else:
            parts.append(CODES.get(tag, ""))
    code = "".join(parts)
    if local(element.tag) == "time-style" and element.get(f"{NUMBER}truncate-on-overflow") == "false":
        return f"[h]{code}"
    return code


def _digits(number: Element) -> str:
    """The places of a number: a 0 for each that is always filled, and text that stands between them."""
    least = _count(number.get(f"{NUMBER}min-integer-digits"))
    between = {
        _count(one.get(f"{NUMBER}position")): "".join(one.itertext())
        for one in number
        if local(one.tag) == "embedded-text"
    }
    if number.get(f"{NUMBER}grouping") == "true":
        return "#,##0"
    places = ""
    for at in range(max(least, 1, *between, 0)):
        if at in between and places:
            places = f'"{between[at].replace(chr(34), "")}"{places}'
        places = ("0" if at < least else "#") + places
    decimals = max(_count(number.get(f"{NUMBER}decimal-places")), _count(number.get(f"{NUMBER}min-decimal-places")))
    return places + ("." + "0" * decimals if decimals else "")


def _count(text: str | None) -> int:
    """A number of places, within reason."""
    return min(int(text), MOST_DIGITS) if text and text.isascii() and text.isdigit() else 0
