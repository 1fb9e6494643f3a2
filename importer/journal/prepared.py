"""What the first pass prepared, kept in a file of the run until every row has ended: the second pass only reads it.

The file is a row of frames, each some consecutive rows of one sheet: a head of fixed size, then everything else packed
with zlib, whose checksum tells damage. Frames without a waiting row are passed over unread, so that a resumed run sends
within seconds, wherever it was cut off.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import orjson

from importer.errors import JournalLost, RunError

FILE = "prepared.bin"
ROWS_A_FRAME = 1_000
HEAD = struct.Struct("<qqqq")  # sheet, first row, last row, bytes that follow


class Sendable(NamedTuple):
    """A row as it would be sent: its address (path and query) and its body (JSON, UTF-8)."""

    row: int
    address: str
    body: bytes


class PreparedWriter:
    """Writes the file of a run; leaving `with` makes it durable. Raises JournalLost where that fails."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def __enter__(self) -> Self:
        with keeping(self._path):
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with keeping(self._path), self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def add(self, sheet: int, rows: Sequence[Sendable]) -> None:
        """Keep these rows of a sheet, in file order."""
        for start in range(0, len(rows), ROWS_A_FRAME):
            frame = rows[start : start + ROWS_A_FRAME]
            packed = pack(frame)
            with keeping(self._path):
                self._file.write(HEAD.pack(sheet, frame[0].row, frame[-1].row, len(packed)) + packed)


class PreparedReader:
    """Reads the file of a run, a frame at a time. Raises RunError where it is missing or damaged."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def frames(self, wanted: Callable[[int, int, int], bool]) -> Iterator[tuple[int, list[Sendable]]]:
        """(sheet, rows) of each frame for whose sheet, first and last row `wanted` says so, in file order."""
        try:
            with self._path.open("rb") as file:
                while head := file.read(HEAD.size):
                    sheet, first, last, length = HEAD.unpack(head)
                    if wanted(sheet, first, last):
                        yield sheet, unpack(file.read(length))
                    else:
                        file.seek(length, os.SEEK_CUR)
        except (OSError, struct.error, zlib.error) as error:
            raise RunError(
                f"{self._path}: what is still to be sent cannot be read ({said(error)}).",
                advice="Restore the file from a backup. Without it, start a new run for the rows that "
                "results.csv calls not_sent, with --only-rows.",
            ) from error

    def remove(self) -> None:
        """No row waits any more: nothing of it is needed again."""
        self._path.unlink(missing_ok=True)


def pack(rows: Sequence[Sendable]) -> bytes:
    """Some rows as bytes: what is short as one JSON array on the first line, then all bodies."""
    heads = [[one.row, one.address, len(one.body)] for one in rows]
    return zlib.compress(b"".join([orjson.dumps(heads), b"\n", *(one.body for one in rows)]), level=1)


def unpack(packed: bytes) -> list[Sendable]:
    """The rows again. Raises zlib.error where a byte is not what it was."""
    text = zlib.decompress(packed)
    start = text.index(b"\n") + 1
    rows = []
    for row, address, length in orjson.loads(text[: start - 1]):
        rows.append(Sendable(row, address, text[start : start + length]))
        start += length
    return rows


@contextmanager
def keeping(path: Path) -> Iterator[None]:
    """What the disk refuses ends the run before anything is sent. Raises JournalLost."""
    try:
        yield
    except OSError as error:
        raise JournalLost(
            f"{path}: what is to be sent cannot be kept ({said(error)}); nothing was sent.",
            advice="Make room or mend the rights of that folder, then start again.",
        ) from error


def said(error: Exception) -> str:
    """The reason in a few words."""
    return (isinstance(error, OSError) and error.strerror) or str(error)
