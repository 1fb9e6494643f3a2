"""Streams of a compound file ([MS-CFB]), the container of xls files: a small file system of sectors."""

from __future__ import annotations

import struct

ENTRY_BYTES = 128
IN_HEADER = 109  # sectors of the allocation table that the header itself lists
LAST = 0xFFFFFFFA  # numbers from here on are no sectors
STREAM, ROOT = 2, 5
SECTOR_BYTES = frozenset({512, 4096})


def stream_of(file: bytes, *names: str) -> bytes:
    """The content of the first stream with one of these names, whatever their case.

    Raises ValueError, IndexError or struct.error where there is none, or the file is damaged.
    """
    return _Compound(file).stream([name.casefold() for name in names])


class _Compound:
    """The sectors of a file, the table that links them, and its directory."""

    def __init__(self, file: bytes) -> None:
        self._file = file
        self._sector_bytes, self._mini_bytes = (1 << shift for shift in struct.unpack_from("<HH", file, 30))
        if self._sector_bytes not in SECTOR_BYTES or self._mini_bytes > self._sector_bytes:
            raise ValueError("its sectors have no size that exists")
        directory, _, self._cutoff, self._mini_start, _, list_start = struct.unpack_from("<IIIIII", file, 48)
        self._table = self._read_table(list_start)
        self._root, self._streams = self._read_directory(self._chain(directory))

    def stream(self, names: list[str]) -> bytes:
        """A stream by one of its names, in lower case; small ones lie in a stream of the root entry."""
        start, size = next((self._streams[name] for name in names if name in self._streams), (LAST, 0))
        if start >= LAST:
            raise ValueError(f"it has no stream {names[0]}")
        if size >= self._cutoff:
            return self._chain(start)[:size]
        small, links, mini = self._chain(self._root), _numbers(self._chain(self._mini_start)), self._mini_bytes
        return b"".join(small[at * mini : (at + 1) * mini] for at in _linked(links, start))[:size]

    def _read_table(self, list_start: int) -> tuple[int, ...]:
        listed = list(struct.unpack_from(f"<{IN_HEADER}I", self._file, 76))
        for _ in range(len(self._file) // self._sector_bytes):
            if list_start >= LAST:
                break
            *more, list_start = struct.unpack(f"<{self._sector_bytes // 4}I", self._sector(list_start))
            listed += more
        return _numbers(b"".join(self._sector(number) for number in listed if number < LAST))

    def _read_directory(self, directory: bytes) -> tuple[int, dict[str, tuple[int, int]]]:
        """First sector of the root's stream; first sector and bytes of each other by its name."""
        root, streams = LAST, {}
        for at in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            if kind == ROOT:
                root = start
            elif kind == STREAM:
                name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                streams[name.casefold()] = start, size
        return root, streams

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._sector_bytes
        return self._file[at : at + self._sector_bytes]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _linked(self._table, start))


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _linked(table: tuple[int, ...], start: int) -> list[int]:
    """The sectors from a first one on. Raises ValueError where they lead nowhere, or in a circle."""
    sectors: list[int] = []
    while start < LAST:
        if start >= len(table) or len(sectors) > len(table):
            raise ValueError("its sectors are linked to nowhere, or in a circle")
        sectors.append(start)
        start = table[start]
    return sectors
