"""Unpacks `.gz`, `.zst` and `.zip` files with one member, within limits: archives lie about their size."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.sheets.spool import MOST_BYTES, blocks_of, spool, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAMAGED_ARCHIVE = (  # what Python's readers of archives raise for bytes that are none
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
)
GZIP, ZIP, ZSTD = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"
EMPTY_ZIP = b"PK\x05\x06"
ENDINGS = (".gz", ".zip", ".zst")
HIGHEST_RATIO = 250  # unpacked bytes to packed ones; delimited text packs 5 to 30 times smaller
RATIO_APPLIES_FROM = 64 * 1024**2  # unpacked bytes
MEMBERS_SHOWN = 5
NOT_MEMBERS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def is_packed(start: bytes) -> bool:
    """Whether a file begins like a packed one (workbooks are zip files too: see `is_workbook_archive`)."""
    return start.startswith((GZIP, ZIP, ZSTD, EMPTY_ZIP))


def unpack(file: Path, name: str, start: bytes, cleanup: ExitStack, limit: int | None) -> Path:
    """The one file inside, under its own name, in a private temporary folder.

    Args:
        file: the packed file.
        name: what to call it in messages.
        start: its first bytes.
        cleanup: removes the unpacked file.
        limit: most bytes that may come out; None: 2 GiB, and 250 times the packed size from 64 MiB on.

    Raises:
        SheetError: it is damaged, encrypted, holds none or several files, or too much comes out.
    """
    with ExitStack() as opened:
        inner, blocks = _opener(start)(file, name, opened)
        sound = _sound(blocks, name)
        watched = sound if limit else _watched(sound, file, name)
        return spool(watched, inner, cleanup, limit=limit, what=f"{name}, unpacked,")


def _sound(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Blocks until the archive shows that it is damaged."""
    try:
        yield from blocks
    except DAMAGED_ARCHIVE as error:
        raise _damaged(name) from error


def _opener(start: bytes) -> Callable[[Path, str, ExitStack], tuple[str, Iterator[bytes]]]:
    if start.startswith(GZIP):
        return _gzip
    return _zstd if start.startswith(ZSTD) else _zip


def _gzip(file: Path, name: str, opened: ExitStack) -> tuple[str, Iterator[bytes]]:
    return _without_ending(name, ".gz"), blocks_of(opened.enter_context(gzip.open(file, "rb")))


def _zstd(file: Path, name: str, opened: ExitStack) -> tuple[str, Iterator[bytes]]:
    try:
        import zstandard  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise SheetError(
            f"{name} is packed with Zstandard, which needs a further package.",
            advice="pip install 'importer[zstd]', or unpack it first: zstd -d.",
        ) from None
    packed = opened.enter_context(file.open("rb"))

    def blocks() -> Iterator[bytes]:
        try:
            yield from blocks_of(zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True))
        except zstandard.ZstdError as error:
            raise _damaged(name) from error

    return _without_ending(name, ".zst"), blocks()


def _zip(file: Path, name: str, opened: ExitStack) -> tuple[str, Iterator[bytes]]:
    try:
        archive = opened.enter_context(zipfile.ZipFile(file))
        members = [
            member for member in archive.infolist()
            if not member.is_dir() and not any(word in member.filename for word in NOT_MEMBERS)
        ]  # fmt: skip
    except (*DAMAGED_ARCHIVE, ValueError) as error:
        raise _damaged(name) from error
    if len(members) != 1:
        held = ", ".join(member.filename for member in members[:MEMBERS_SHOWN]) or "none"
        raise SheetError(
            f"{name} holds {len(members)} files ({held}); one is expected.",
            advice="Unpack it, and name the sheets.",
        )
    (member,) = members
    if member.flag_bits & 1:
        raise SheetError(f"{name} is protected by a password.", advice="Unpack it with the password first.")
    try:
        stream = opened.enter_context(archive.open(member))
    except DAMAGED_ARCHIVE as error:
        raise _damaged(name) from error
    return PurePosixPath(member.filename.replace("\\", "/")).name, blocks_of(stream)


def _watched(blocks: Iterator[bytes], file: Path, name: str) -> Iterator[bytes]:
    """Blocks until they are out of all proportion to the packed file."""
    most = min(MOST_BYTES, max(RATIO_APPLIES_FROM, HIGHEST_RATIO * file.stat().st_size))
    unpacked = 0
    for block in blocks:
        unpacked += len(block)
        if unpacked > most:
            raise too_large(f"{name}, unpacked,", most)
        yield block


def _without_ending(name: str, ending: str) -> str:
    return name[: -len(ending)] if name.lower().endswith(ending) else name


def _damaged(name: str) -> SheetError:
    return SheetError(f"{name} is damaged: it cannot be unpacked.", advice="Fetch or export it again.")
