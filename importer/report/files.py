"""Files of a run: private to their owner, and whole or absent."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from importer.errors import ReportLost


@contextmanager
def replacing(path: Path, *, encoding: str = "utf-8", errors: str = "strict") -> Iterator[TextIO]:
    """A text file (mode 0600, line ends as written) that takes its name only when it is complete.

    Raises ReportLost where it cannot be written; a file that stood there before stays as it was.
    """
    with replacing_bytes(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def replacing_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file of bytes, otherwise as `replacing`."""
    partial = path.with_name(path.name + ".part")
    try:
        partial.unlink(missing_ok=True)  # of a process that died; its mode would stay
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        _remove(partial)
        if error.filename is not None and Path(os.fsdecode(error.filename)) not in {path, partial}:
            raise  # something else that was at work while the file was written, such as reading the sheet
        raise ReportLost(
            f"{path} cannot be written ({error.strerror or type(error).__name__}).",
            advice="Close it in other programs and look for space on the disk; then `importer report RUN` writes it again",
        ) from error
    except BaseException:  # whatever it is, no half a file stays; raised again
        _remove(partial)
        raise


def _remove(partial: Path) -> None:
    """Take the rest of a file away, where the disk still lets us."""
    try:
        partial.unlink(missing_ok=True)
    except OSError:
        return  # it is read-only or gone: what was to be told is told by the first error
