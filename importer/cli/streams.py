"""Standard streams whose reader may leave: a pager that was quit or a terminal that was closed does not end a run."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

GONE = frozenset(
    {errno.EPIPE, errno.EIO, errno.EINVAL, errno.EBADF}
)  # what writing to nobody answers with; not a full disk


class Unheard:
    """A stream that is passed on as it is; once nobody reads it any more, what is written goes nowhere."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, whether anybody reads it or not."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._leave(error)
            return len(text)

    def flush(self) -> None:
        """Likewise."""
        try:
            self._stream.flush()
        except OSError as error:
            self._leave(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _leave(self, error: OSError) -> None:
        """From now on into the void. Raises what is no sign of a reader that has left."""
        if error.errno not in GONE:
            raise error
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, self._stream.fileno())
        os.close(void)


@contextmanager
def unheard() -> Iterator[None]:
    """While this lasts, standard output and standard error may lose their readers, or never have had any."""
    before = sys.stdout, sys.stderr
    with open(os.devnull, "w", encoding="utf-8") as void:  # noqa: PTH123 - no path of the user's
        sys.stdout, sys.stderr = (Unheard(stream or void) for stream in before)
        try:
            yield
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()  # else the interpreter does it, and complains
            sys.stdout, sys.stderr = before
