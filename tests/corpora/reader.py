"""Reads files one by one, each in a process of its own with limits; prints how each ended, as JSON lines.

Usage: python reader.py ROOT < names-below-ROOT
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from importer.errors import SheetError
from importer.sheets import open_sheet

SECONDS = 20
MEGABYTES = 500
SHOWN_CELLS = 24  # sheets that are not larger stand in the golden file cell by cell; of others a digest


def read(path: Path) -> dict[str, object]:
    """How reading one file ends: its cells, or the refusal."""
    try:
        with open_sheet(str(path)) as sheet:
            chunks = list(sheet.chunks())
            cells = [[int(row), *values] for chunk in chunks for row, *values in chunk.cells.itertuples()]
            problems = [[p.row, p.column, p.slug] for chunk in chunks for p in chunk.problems]
            header, notes = list(sheet.header), list(sheet.notes)
            label = sheet.label
    except SheetError as refusal:
        return {"refused": refusal.message.replace(str(path), path.name)}
    told: dict[str, object] = {
        "read": len(cells),
        "sheet": label,
        "header": header[:12],
        "columns": len(header),
    }
    if sum(map(len, cells)) <= SHOWN_CELLS:
        told["cells"] = cells
    else:
        text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        told |= {"first": [cell[:40] if isinstance(cell, str) else cell for cell in cells[0][:8]]}
        told |= {"sha256": hashlib.sha256(text.encode()).hexdigest()}
    return told | {"problems": problems[:8], "problem_count": len(problems), "notes": notes}


def read_within_limits(path: Path) -> dict[str, object]:
    """`read` in a forked process; a crash, a hang or too much memory is told as such."""
    out, into = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(2 * SECONDS)  # kills it, even inside a library that never looks at Python's clock
        with os.fdopen(into, "w", encoding="utf-8") as stream:
            json.dump(read(path), stream, ensure_ascii=False)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as stream:
        answer = stream.read()
    _, status, used = os.wait4(child, 0)
    seconds = time.monotonic() - started
    megabytes = used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    if status != 0:
        return {"crashed": f"signal {status & 127}" if status & 127 else f"exit code {status >> 8}"}
    limits = {}
    if seconds > SECONDS:
        limits["slow"] = round(seconds)
    if megabytes > MEGABYTES:
        limits["large"] = round(megabytes)
    return json.loads(answer) | limits


def main() -> None:
    """Every file whose name comes in."""
    root = Path(sys.argv[1])
    for line in sys.stdin:
        name = line.rstrip("\n")
        told = {"file": name} | read_within_limits(root / name)
        print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    main()
