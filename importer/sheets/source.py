"""Where a sheet's bytes lie: the file itself, or what was unpacked, fetched or read from standard input."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from importer.errors import SheetError

READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A readable, non-empty local file, and what to call it."""

    path: str  # as the user named it
    name: str  # its file name, without folders: for labels and messages
    file: Path  # where the bytes lie now; named after the kind of file only where nothing was unpacked
    kind: str  # ending, lower case, that says how to read it: ".csv"
    digest: str  # SHA-256, hex, of the bytes as they lie on disk (packed, where they are packed)
    stamp: tuple[int, int]  # size and time of change (bytes, ns) of `file`, taken before the digest
    notes: tuple[str, ...] = ()  # how the bytes came here, in sentences

    def check_unchanged(self) -> None:
        """Compare the file with what it was when it was opened.

        Raises:
            SheetError: somebody wrote to it meanwhile.
        """
        if stamp_of(self.file) != self.stamp:
            raise self.changed()

    def check_same(self) -> None:
        """Compare the bytes of the file with those that were opened, however long ago that was.

        Raises:
            SheetError: the file is gone, or holds others.
        """
        if stamp_of(self.file) == self.stamp:
            return
        try:
            same = not self.copied and digest_of(self.file) == self.digest
        except OSError as error:
            raise SheetError(f"{self.path} is gone ({error.strerror}).", advice="Bring it back.") from error
        if not same:
            raise SheetError(f"{self.path} is no longer what it was when the run began.", advice="Bring it back.")

    @property
    def copied(self) -> bool:
        """Whether `file` is a copy of our own: unpacked, fetched, or read from standard input."""
        return self.file != Path(self.path)

    def changed(self) -> SheetError:
        """The sentence for a file that somebody writes to."""
        return SheetError(
            f"{self.name} changed while it was read.",
            advice="Begin again when nobody writes to it any more.",
        )


def stamp_of(file: Path) -> tuple[int, int]:
    """Size and time of change of a file, bytes and nanoseconds; (-1, -1) where it is gone."""
    try:
        status = file.stat()
    except OSError:
        return -1, -1
    return status.st_size, status.st_mtime_ns


def check_readable(path: str, *, shown: str = "") -> Path:
    """A path that leads to a non-empty file which may be read; `shown` is its name in messages.

    Raises:
        SheetError: it does not.
    """
    file = Path(path)
    shown = shown or path
    try:
        if file.is_dir():
            raise SheetError(f"{shown} is a folder, not a file.", advice="Name the sheets in it.")
        with file.open("rb") as stream:
            empty = not stream.read(1)
    except FileNotFoundError:
        raise SheetError(f"{shown}: there is no such file.", advice=_neighbours(file)) from None
    except OSError as error:
        raise SheetError(f"{shown} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # a NUL byte in the path
        raise SheetError(f"{shown!r} is not a path: {error}.") from error
    if empty:
        raise SheetError(f"{shown} is empty: not a single byte.", advice="Export it again.")
    return file


def digest_of(file: Path) -> str:
    """SHA-256, hex, of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _neighbours(file: Path) -> str:
    """What could have been meant: files beside it with a name like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - for this message alone

    try:
        names = [other.name for other in file.parent.iterdir() if other.is_file()]
    except OSError:
        return f"The folder {file.parent} does not exist either."
    alike = get_close_matches(file.name, names, n=3)
    return f"Was {' or '.join(alike)} meant?" if alike else "Look at the name and the folder."
