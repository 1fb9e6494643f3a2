"""Sheets of every kind, hit by chance: what reading them ends in is told by `outcome`.

As a program (`python fuzzing.py FIRST COUNT`) it reads that many in one process and prints its peak memory in bytes and the
longest time of one in seconds.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import random
import struct
import sys
import tempfile
import time
import zipfile
from functools import cache
from pathlib import Path

from importer.errors import SheetError
from importer.sheets import open_sheet

HERE = Path(__file__).parent
TOKENS = (
    b"\0", b"\xff", b"\r", b"\n", b'"', b"'", b",", b";", b"\t", b"\\", b"<", b">", b"&", b"&lt;", b"/>", b"</row>",
    b"<!--", b"]]>", b"<![CDATA[", b"<?", b"<!DOCTYPE x>", b"-1", b"99999999999", b"1e999", b"nan", b"\xef\xbb\xbf",
    b"\xff\xfe", b"PK\x03\x04", b"_x0000_", b"_xD800_", b"r=", b"t=", b"s=", b"r:id", b"[$-", b";;;", b"[h]",
)  # fmt: skip


def loaded(name: str):
    """A module that lies in the folder of tests of workbooks."""
    spec = importlib.util.spec_from_file_location(name, HERE / "workbook" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def sound() -> dict[str, bytes]:
    """A small sound file of each kind, by its name."""
    books, binaries = loaded("conftest").Books(), loaded("binaries")
    text = "".join(f'{row},"Asha ""{row}"" Rao",05{row}\n' for row in range(9))
    rows = "".join(
        f'<row r="{row}">{books.text(f"A{row}", f"text {row}")}<c r="B{row}" s="1"><v>{row}.5</v></c>'
        f'<c r="C{row}" t="s"><v>{row % 2}</v></c><c r="D{row}"><f>A1</f><v>1</v></c></row>'
        for row in range(1, 9)
    )
    elements = "".join(
        binaries.ods_row(f"text {row}", binaries.ods_cell("float", str(row)), binaries.ods_cell("date", "2024-02-29"))
        for row in range(9)
    )
    records = b"".join(
        binaries.xlsb_row(
            row,
            binaries.cell12(6, 0, binaries.wide(f"text {row}")),
            binaries.cell12(5, 1, struct.pack("<d", row), 1),
            binaries.cell12(7, 2, struct.pack("<I", 0)),
        )
        for row in range(1, 9)
    )
    cells = b"".join(
        binaries.label8(row, 0, f"text {row}") + binaries.cell8(0x0203, row, 1, struct.pack("<d", row), 1)
        for row in range(1, 9)
    )
    return {
        "s.csv": f"Code,Name,Pin\n{text}".encode(),
        "s.tsv": f"Code,Name,Pin\n{text}".replace(",", "\t").encode("utf-16"),
        "s.csv.gz": gzip.compress(f"Code,Name,Pin\n{text}".encode(), mtime=0),
        "s.jsonl": b'{"a": "x", "b": 1.50}\n' * 5,
        "s.xlsx": books.pack(books.parts(rows, strings=["<t>one</t>", "<r><t>two</t></r>"], formats=["dd/mm/yyyy"])),
        "s.ods": binaries.ods(elements),
        "s.xlsb": binaries.xlsb(records, formats=["00000"], strings=["one"]),
        "s.xls": binaries.xls(cells, formats=["00000"]),
    }


def hit(content: bytes, chance: random.Random) -> bytes:
    """Bytes with a few places changed, cut out, put in or doubled."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) + 1)
        end = min(len(out), at + chance.randint(0, 40))
        match chance.randrange(5):
            case 0:
                out[at:end] = b""
            case 1:
                out[at:at] = chance.choice(TOKENS)
            case 2:
                out[at:at] = out[at:end] * chance.randint(1, 3)
            case 3:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                out[at : at + 4] = struct.pack("<I", chance.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 1 << 20)))
    return bytes(out)


def spoilt(seed: int) -> tuple[str, bytes]:
    """Name and content of a file; of archives either the bytes were hit, or a part, and packed again."""
    chance = random.Random(seed)
    name, content = chance.choice(sorted(sound().items()))
    if not content.startswith(b"PK") or chance.random() < 0.3:
        return name, hit(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    for _ in range(chance.randint(1, 2)):
        part = chance.choice(sorted(parts))
        parts[part] = hit(parts[part], chance)
    return name, loaded("binaries").archive(parts)


def outcome(seed: int) -> str:
    """How reading one that was hit ends."""
    return read(*spoilt(seed))


def read(name: str, content: bytes) -> str:
    """How reading ends: `read`, or the sentence of the refusal. Raises whatever else happens: that is the fault."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with open_sheet(str(path)) as sheet:
                rows = [int(row) for chunk in sheet.chunks(3) for row in chunk.cells.index]
        except SheetError as refused:
            return refused.message
        if rows != sorted(set(rows)) or (rows and rows[0] <= sheet.header_row):
            raise AssertionError(f"rows in disorder: {rows}")
        return "read"


def main() -> None:
    """Many in one process."""
    import resource

    first, count = int(sys.argv[1]), int(sys.argv[2])
    longest = 0.0
    for seed in range(first, first + count):
        started = time.monotonic()
        try:
            outcome(seed)
        except BaseException:
            sys.stderr.write(f"seed {seed}\n")
            raise
        longest = max(longest, time.monotonic() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    sys.stdout.write(f"{peak} {longest:.3f}\n")


if __name__ == "__main__":
    main()
