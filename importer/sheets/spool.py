"""Copies what cannot be read twice (standard input, packed and distant files) to a private temporary file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from importer.errors import SheetError
from importer.sheets.source import READ_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

MOST_BYTES = 2 * 1024**3  # of an unpacked, fetched or piped sheet, unless `max_bytes` says otherwise
PRIVATE = 0o600
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # Windows has a text mode below Python's
STANDARD_INPUT = "Standard input"


def spool(blocks: Iterator[bytes], name: str, cleanup: ExitStack, *, limit: int | None, what: str) -> Path:
    """A new file with these bytes in a folder that only this user may enter; both go with `cleanup`.

    Raises:
        SheetError: more bytes than the limit, or no room for them.
    """
    try:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="importer-")))
    except OSError as error:
        raise SheetError(f"There is no room for temporary files: {error.strerror or error}.") from error
    return write_private(blocks, folder / (Path(name).name or "sheet"), limit=limit, what=what)


def write_private(blocks: Iterator[bytes], target: Path, *, limit: int | None, what: str) -> Path:
    """A new file that only this user may read. Raises SheetError."""
    most = limit or MOST_BYTES
    written = 0
    try:
        with os.fdopen(os.open(target, NEW_FILE, PRIVATE), "wb") as stream:
            for block in blocks:
                written += len(block)
                if written > most:
                    raise too_large(what, most)
                stream.write(block)
    except OSError as error:
        raise SheetError(f"{what} could not be copied to {target}: {error.strerror or error}.") from error
    return target


def too_large(what: str, most: int) -> SheetError:
    """Says that a limit was passed, and how to raise it."""
    return SheetError(
        f"{what} holds more than {most:,} bytes.",
        advice="If that is right, raise the limit: `--max-bytes N`, or `sheet: {max_bytes: N}`.",
    )


class Readable(Protocol):
    """Gives bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def blocks_of(stream: Readable) -> Iterator[bytes]:
    """The rest of a stream, block by block."""
    while block := stream.read(READ_BYTES):
        yield block


def spool_standard_input(cleanup: ExitStack, *, limit: int | None = None) -> Path:
    """Everything that comes in by standard input, as a temporary file.

    Raises:
        SheetError: nobody pipes anything in, or it is too large.
    """
    return spool(_standard_input(), "standard-input", cleanup, limit=limit, what=STANDARD_INPUT)


def save_standard_input(target: Path, *, limit: int | None = None) -> Path:
    """Everything that comes in by standard input, as a new file that outlives the sheet: a run may be resumed.

    Raises:
        SheetError: nobody pipes anything in, it is too large, or `target` cannot be written.
    """
    return write_private(_standard_input(), target, limit=limit, what=STANDARD_INPUT)


def _standard_input() -> Iterator[bytes]:
    if sys.stdin is None or sys.stdin.isatty():
        raise SheetError("- means standard input, but nothing comes in.", advice="Pipe a sheet in, or name a file.")
    return blocks_of(sys.stdin.buffer)
