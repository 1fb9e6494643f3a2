"""Files of the binary kinds, written record by record, and OpenDocument ones element by element."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

URN = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
NAMESPACES = "".join(f' xmlns:{prefix}="{URN}{name}:1.0"' for prefix, name in PREFIXES.items())
CALCEXT = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(parts: dict[str, str | bytes]) -> bytes:
    """Parts as an archive, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ── OpenDocument ───────────────────────────────────────────────────────────────────────


def ods(rows: str, *, styles: str = "", columns: str = "", more: str = "", table_style: str = "") -> bytes:
    """A spreadsheet with the worksheet Customers; `styles` are automatic ones, `more` further tables."""
    content = (
        f"<office:document-content{NAMESPACES}{CALCEXT}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="Customers" table:style-name="{table_style}">'
        f"{columns}{rows}</table:table>{more}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": content,
        }
    )


def ods_row(*cells: str, attributes: str = "") -> str:
    """A row of cells: those that begin with < as they are, others as text."""
    written = "".join(
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {attributes}>{written}</table:table-row>"


def ods_cell(kind: str, value: str, shown: str = "", more: str = "") -> str:
    """A cell with a typed value."""
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    paragraph = f"<text:p>{shown}</text:p>" if shown else ""
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}" {more}>{paragraph}</table:table-cell>'


# ── xlsb ───────────────────────────────────────────────────────────────────────────────


def record12(kind: int, content: bytes = b"") -> bytes:
    """A record of an xlsb file."""
    out = b""
    for number in (kind, len(content)):
        rest = number
        while True:
            out += bytes([rest & 0x7F | (0x80 if rest > 0x7F else 0)])
            rest >>= 7
            if not rest:
                break
    return out


def wide(text: str) -> bytes:
    """A text with its length before it."""
    content = text.encode("utf-16-le")
    return struct.pack("<I", len(content) // 2) + content


def xlsb_row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    """The header of a row (1-based) and its cells."""
    header = struct.pack("<IIH", number - 1, 0, 300) + bytes([0, 0x10 if hidden else 0, 0]) + bytes(4)
    return part(0, header) + b"".join(cells)


def part(kind: int, content: bytes = b"") -> bytes:
    """A record with its content."""
    return record12(kind, content) + content


def cell12(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    """A cell of any kind."""
    return part(kind, struct.pack("<II", column, style) + value)


def xlsb(
    rows: bytes, *, formats: Sequence[str] = (), strings: Sequence[str] = (), epoch_1904: bool = False, state: int = 0
) -> bytes:
    """A workbook with the worksheet Customers; cell styles 1, 2 … have these formats."""
    styles = b"".join(part(44, struct.pack("<H", 164 + at) + wide(code)) for at, code in enumerate(formats))
    crosses = b"".join(
        part(47, struct.pack("<HH", 0xFFFF, number) + bytes(12)) for number in (0, *range(164, 164 + len(formats)))
    )
    named = [("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{KIND}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(named, start=1)
    )
    sheet = part(156, struct.pack("<II", state, 1) + wide("rId1") + wide("Customers"))
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": part(153, struct.pack("<I", int(epoch_1904)) + bytes(8)) + sheet,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
            "xl/styles.bin": styles + part(617, struct.pack("<I", 1)) + crosses + part(618),
            "xl/sharedStrings.bin": b"".join(part(19, b"\0" + wide(text)) for text in strings),
            "xl/worksheets/sheet1.bin": part(145) + rows + part(146),
        }
    )


# ── xls ────────────────────────────────────────────────────────────────────────────────


def record8(kind: int, content: bytes = b"") -> bytes:
    """A record of an xls file."""
    return struct.pack("<HH", kind, len(content)) + content


def narrow(text: str, length: str = "<H") -> bytes:
    """A text of one byte a character, with its length and its flags before it."""
    return struct.pack(length, len(text)) + b"\0" + text.encode("latin-1")


def cell8(kind: int, row: int, column: int, value: bytes, style: int = 0) -> bytes:
    """A cell; its row is 1-based."""
    return record8(kind, struct.pack("<HHH", row - 1, column, style) + value)


def label8(row: int, column: int, text: str) -> bytes:
    """A cell of text."""
    return cell8(0x0204, row, column, narrow(text))


def xls(
    cells: bytes,
    *,
    formats: Sequence[str] = (),
    strings: Sequence[str] = (),
    epoch_1904: bool = False,
    version: int = 0x0600,
    code_page: int = 1200,
) -> bytes:
    """A workbook of Excel 97, or older, with the worksheet Customers; cell styles 1, 2 … have these formats."""
    begin = struct.pack("<HHHHII", version, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    globals_ = record8(0x0809, begin) + record8(0x22, struct.pack("<H", int(epoch_1904)))
    globals_ += record8(0x42, struct.pack("<H", code_page))
    globals_ += b"".join(record8(0x041E, struct.pack("<H", 164 + at) + narrow(f)) for at, f in enumerate(formats))
    for number in (0, *range(164, 164 + len(formats))):
        globals_ += record8(0xE0, struct.pack("<HH", 0, number) + bytes(16))
    if strings:
        globals_ += shared8(strings)
    name = narrow("Customers", "<B") if version == 0x0600 else b"\x09Customers"
    start = len(globals_) + 4 + 6 + len(name) + 4
    globals_ += record8(0x85, struct.pack("<IBB", start, 0, 0) + name) + record8(0x0A)
    sheet = record8(0x0809, begin[:2] + b"\x10\0" + begin[4:])
    return compound(globals_ + sheet + cells + record8(0x0A))


def shared8(strings: Sequence[str]) -> bytes:
    """Shared strings, in as many records as they need; where one ends within a text, the next says its width anew."""
    records, room = [struct.pack("<II", len(strings), len(strings))], 8000
    for text in strings:
        wide_text = any(ord(letter) > 0xFF for letter in text)
        content, width = text.encode("utf-16-le" if wide_text else "latin-1"), 2 if wide_text else 1
        records[-1] += struct.pack("<HB", len(content) // width, int(wide_text))
        while content:
            fits = max(0, room - len(records[-1])) // width * width
            records[-1] += content[:fits]
            content = content[fits:]
            if content:
                records.append(bytes([int(wide_text)]))
    return record8(0xFC, records[0]) + b"".join(record8(0x3C, more) for more in records[1:])


def compound(stream: bytes) -> bytes:
    """A compound file with the stream Workbook, in sectors of 512 bytes."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    table_sectors = -(-(sectors + 2) // 127)
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * table_sectors]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512 * table_sectors, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", table_sectors, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)[:32]
    listed = [sectors + 1 + at for at in range(table_sectors)]
    header += struct.pack("<109I", *listed, *[0xFFFFFFFF] * (109 - len(listed)))
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 0, len(stream))
    return header + stream.ljust(512 * sectors, b"\0") + directory.ljust(512, b"\0") + table


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    """An entry of the directory."""
    wide_name = name.encode("utf-16-le") + b"\0\0"
    siblings = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (wide_name.ljust(64, b"\0") + struct.pack("<H", len(wide_name)) + siblings).ljust(116, b"\0") + struct.pack(
        "<IQ", start, size
    )
