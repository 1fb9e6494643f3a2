"""How delimited text is written: enough to read it without loss, and to write rejects in the same form."""

from __future__ import annotations

import enum
from dataclasses import dataclass

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LINE_ENDS = {"\n": "LF", "\r\n": "CR LF", "\r": "CR"}


class Quoting(enum.StrEnum):
    """Which cells the file puts in quotes."""

    MINIMAL = "minimal"  # those that need it
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Found in the file or stated in the mapping."""

    encoding: str  # a Python codec without byte-order mark: "utf-8", "utf-16-le", "cp1252"
    bom: bool = False  # the file begins with that encoding's byte-order mark
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None  # as well as a doubled quote; None: no other
    space_after_delimiter: bool = False  # and before the quote: `a, "b"`
    line_end: str = "\n"  # the commonest, where they are mixed
    quoting: Quoting = Quoting.MINIMAL
    sep_line: bool = False  # the first line is Excel's `sep=;`, which is no row
    end_mark: bool = False  # the last line is DOS's end-of-file mark, which is no row
    final_line_end: bool = True  # the last record ends with a line end

    def __str__(self) -> str:
        """In words, for the plan."""
        delimiter = DELIMITERS.get(self.delimiter, repr(self.delimiter))
        mark = " with byte-order mark" if self.bom else ""
        escape = f" escaped by {self.escape}" if self.escape else ""
        line_end = LINE_ENDS[self.line_end]
        return f"{self.encoding}{mark}, delimiter {delimiter}, quote {self.quote}{escape}, line ends {line_end}"
