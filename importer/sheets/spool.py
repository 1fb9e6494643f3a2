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


def spool(blocks: Iterator[bytes], name: str, cleanup: ExitStack, *, limit: int | None, what: str) -> Path:
    """A new file with these bytes in a folder that only this user may enter; both go with `cleanup`.

    Raises:
        SheetError: more bytes than the limit, or no room for them.
    """
    most = limit or MOST_BYTES
    try:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="importer-")))
        target = folder / (Path(name).name or "sheet")
        written = 0
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as stream:
            for block in blocks:
                written += len(block)
                if written > most:
                    raise too_large(what, most)
                stream.write(block)
    except OSError as error:
        raise SheetError(f"{what} could not be copied to a temporary file: {error.strerror or error}.") from error
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
    """Everything that comes in by standard input, as a file.

    Raises:
        SheetError: nobody pipes anything in, or it is too large.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise SheetError(
            "- means standard input, but nothing comes in.",
            advice="Pipe a sheet in, or name a file.",
        )
    return spool(blocks_of(sys.stdin.buffer), "standard-input", cleanup, limit=limit, what="Standard input")
