"""A lock that the operating system frees when its process dies, with its owner's name beside it."""

from __future__ import annotations

import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from importer.errors import RunError

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


OWNER_OFFSET = 1  # bytes: the first one is what Windows locks
OWNER_LENGTH = 200  # bytes


class RunLock:
    """Holds a run for this process. It lies beside the run folders, which hold documented files alone."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of the run in `folder`. Raises RunError naming the process that holds it."""
        self._path = _path(folder)
        place, home = self._path.parent, self._path.parent.parent
        try:
            home.mkdir(mode=0o700, exist_ok=True)  # one by one: `parents=True` would not make these private
            place.mkdir(mode=0o700, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RunError(
                f"{self._path}: the lock of the run cannot be made ({error.strerror}).",
                advice="The folder that holds runs/ must exist and be writable, and .importer/ in it.",
            ) from error
        try:
            _take(self._descriptor)
        except OSError:
            owner = _owner(self._descriptor)
            os.close(self._descriptor)
            raise RunError(
                f"{folder}: this run is open in {owner}.",
                advice="Wait until it ends, or stop that process; its lock goes with it.",
            ) from None
        owner = f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, b"\0" + owner.encode())

    def release(self) -> None:
        """Free the run for others. The file stays: removing it would let two late comers lock two different files."""
        os.close(self._descriptor)


def holder(folder: Path) -> str:
    """The process that holds the run in `folder`; "" where none does."""
    try:
        descriptor = os.open(_path(folder), os.O_RDWR)
    except OSError:
        return ""  # nobody ever held it, or it is none of ours
    try:
        _take(descriptor)
    except OSError:
        return _owner(descriptor)
    finally:
        os.close(descriptor)
    return ""


def _path(folder: Path) -> Path:
    return folder.resolve().parent.parent / ".importer" / "locks" / f"{folder.name}.lock"


def _owner(descriptor: int) -> str:
    """Who holds the lock, as its owner wrote it."""
    os.lseek(descriptor, OWNER_OFFSET, os.SEEK_SET)
    return os.read(descriptor, OWNER_LENGTH).decode(errors="replace") or "another process"
