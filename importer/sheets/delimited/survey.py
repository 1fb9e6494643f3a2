"""One pass over all bytes of a text file: is it what it claims to be, and what must the reader look out for?

The encoding is never guessed. A byte-order mark tells it; else the mapping does; else a pattern of NUL bytes
proves UTF-16 or UTF-32; else the **whole** file must be strict UTF-8. Anything else is refused, with place.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.errors import SheetError
from importer.sheets.delimited.readings import likely_readings

if TYPE_CHECKING:
    from importer.sheets.source import Source

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 8_000_000  # characters; more is not a line of a sheet

BYTE_ORDER_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ALIASES = {  # what a mapping may say, and the mark's encodings that this covers
    "utf-8-sig": {"utf-8"},
    "utf-16": {"utf-16-le", "utf-16-be"},
    "utf-32": {"utf-32-le", "utf-32-be"},
}
NOT_FOR_SHEETS = {
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
    "utf-7",
    "mbcs",
    "oem",
}
LEAST_NUL_SHARE = 0.02  # of a UTF-16 file's bytes: its line ends and delimiters alone make more

CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])  # C0 without tab, line feed, return; and DEL
ODD_SEQUENCES = {  # in UTF-8, by their first byte, which is looked for much faster
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),  # C1 controls
    b"\xef": re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbd-\xbf])"),  # U+FEFF inside, replacement character, U+FFFE, U+FFFF
}
TWICE_STARTS = (b"\xc3\x83", b"\xc3\xa2")  # Ã and â, as which most lead bytes of UTF-8 read in cp1252
TWICE_ENCODED = re.compile(  # Ã before what a continuation byte reads as, save for blanks; and â€ of curly quotes
    rb"\xc3\x83(?:\xc2[\xa1-\xbf]|\xe2\x80[\x98-\xba]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe])|\xc3\xa2\xe2\x82\xac"
)
LONGEST_SEQUENCE = 3  # bytes, of the above


@dataclass(frozen=True, slots=True)
class Survey:
    """What a whole text file is made of."""

    encoding: str  # Python codec, without byte-order mark
    bom_bytes: int  # length of the byte-order mark; 0: there is none
    evidence: str  # how the encoding is known, in words
    line_ends: dict[str, int]  # how often each kind occurs, the commonest first
    damaged: bool  # control or replacement characters occur: cells must be looked at one by one
    final_line_end: bool
    end_mark: bool = False  # the last line is DOS's end-of-file mark alone
    twice_encoded: int = 0  # physical line where text first looks like UTF-8 encoded once more; 0: nowhere


def survey(source: Source, declared: str | None) -> Survey:
    """What the file is made of.

    Raises:
        SheetError: its encoding is unknown or does not fit, or it is no text.
    """
    with source.file.open("rb") as stream:
        start = stream.read(BLOCK_BYTES)
    encoding, bom_bytes, evidence = _encoding(source, start, declared)
    return _pass_over(source, encoding, bom_bytes, evidence)


def _encoding(source: Source, start: bytes, declared: str | None) -> tuple[str, int, str]:
    """Codec, length of the byte-order mark, and how both are known."""
    stated = _codec(declared) if declared else None
    for mark, encoding in BYTE_ORDER_MARKS:
        if not start.startswith(mark):
            continue
        if stated not in (None, encoding) and encoding not in ALIASES.get(str(stated), ()):
            raise SheetError(
                f"{source.name} begins with a byte-order mark of {encoding}, against `encoding: {declared}`.",
                advice="Take `encoding:` out of the mapping, or export the file again.",
            )
        return encoding, len(mark), "by its byte-order mark"
    if stated in ("utf-16", "utf-32"):
        unmarked = _unmarked_utf(start)
        if unmarked is None or not unmarked.startswith(str(stated)):
            raise SheetError(
                f"{source.name} is not {stated}: it has no byte-order mark, nor do its bytes look so.",
                advice=f"If it is, say `encoding: {stated}-le` or `encoding: {stated}-be`.",
            )
        return unmarked, 0, "as the mapping says; byte order by the pattern of its NUL bytes"
    if stated is not None:
        return stated.removesuffix("-sig"), 0, "as the mapping says"
    unmarked = _unmarked_utf(start)
    if unmarked is not None:
        return unmarked, 0, "by the pattern of its NUL bytes, without a byte-order mark"
    return "utf-8", 0, "checked over the whole file"


def _codec(declared: str) -> str:
    """The codec's own name, for the name in a mapping."""
    try:
        info = codecs.lookup(declared)
        text = isinstance(info.decode(b"")[0], str) and isinstance("".encode(declared), bytes)
    except (LookupError, UnicodeError, TypeError, ValueError):
        text = False
    name = info.name.replace("_", "-") if text else ""
    if not name or name in NOT_FOR_SHEETS:
        raise SheetError(
            f"`encoding: {declared}` is not an encoding that importer knows.",
            advice="Usual ones are utf-8, cp1252, iso-8859-1, cp1250, cp1251, shift_jis, gb18030, utf-16.",
        )
    return name


def _unmarked_utf(start: bytes) -> str | None:
    """UTF-16 or UTF-32 without byte-order mark, proved by where its NUL bytes stand."""
    if start.count(0) < LEAST_NUL_SHARE * len(start):
        return None
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        try:
            text = start[: len(start) // width * width].decode(encoding)
        except UnicodeDecodeError as error:
            if error.end < len(start) - 2 * width:  # elsewhere than in a character that the block cuts in two
                continue
            text = start[: error.start].decode(encoding)
        if not any(character in text for character in "\0\ufffe\uffff") and any(end in text for end in "\r\n"):
            return encoding
    return None


def _pass_over(source: Source, encoding: str, bom_bytes: int, evidence: str) -> Survey:
    """Decode everything strictly, counting line ends and looking for damage."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counts: Counter[str] = Counter()
    damaged, twice, consumed, line_length, last, carry = False, 0, bom_bytes, 0, "", b""
    with source.file.open("rb") as stream:
        stream.seek(bom_bytes)
        while True:
            block = stream.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                offset = consumed + len(block) - len(error.object) + error.start
                counts += _line_ends(error.object[: error.start].decode(encoding, "replace"), last)
                raise _refusal(source, encoding, evidence, offset, sum(counts.values()) + 1) from error
            consumed += len(block)
            counts += _line_ends(text, last)
            line_length = _longest(source, text, line_length, sum(counts.values()))
            raw = block if encoding == "utf-8" else text.encode("utf-8", "replace")
            twice = twice or _twice_encoded(raw, sum(counts.values()) - sum(_line_ends(text, last).values()))
            damaged = damaged or _is_damaged(raw) or _is_damaged(carry + raw[: LONGEST_SEQUENCE - 1])
            carry = raw[1 - LONGEST_SEQUENCE :]
            last = (last + text)[-2:]
            if not block:
                break
    ends = {end: count for end, count in counts.most_common() if count}
    return Survey(
        encoding=encoding,
        bom_bytes=bom_bytes,
        evidence=evidence,
        line_ends=ends,
        damaged=damaged,
        final_line_end=last[-1:] in ("\n", "\r"),
        end_mark=last in ("\n\x1a", "\r\x1a"),
        twice_encoded=twice,
    )


def _line_ends(text: str, last: str) -> Counter[str]:
    """How often each kind of line end occurs in a block, given the character before it."""
    if "\r" not in text and not last.endswith("\r"):
        return Counter({"\n": text.count("\n")})
    both = text.count("\r\n")
    split = last.endswith("\r") and text.startswith("\n")  # one line end, cut in two by the block's edge
    found = {
        "\r\n": both + split,
        "\n": text.count("\n") - both - split,
        "\r": text.count("\r") - both - split,
    }
    counts: Counter[str] = Counter()
    counts.update(found)  # keeps a negative number: the block before counted this end as a lone CR
    return counts


def _longest(source: Source, text: str, carried: int, lines: int) -> int:
    """Characters since the last line end; refuses what is no line."""
    newline = max(text.rfind("\n"), text.rfind("\r"))
    length = carried + len(text) if newline < 0 else len(text) - newline - 1
    if length > LONGEST_LINE:
        raise SheetError(
            f"{source.name}, line {lines + 1} has more than {LONGEST_LINE:,} characters: that is no sheet.",
            advice="Look at the file in a text editor.",
        )
    return length


def _twice_encoded(raw: bytes, lines_before: int) -> int:
    """The line in these UTF-8 bytes where text looks encoded twice; 0 where none does."""
    if not any(first in raw for first in TWICE_STARTS):
        return 0
    found = TWICE_ENCODED.search(raw)
    if found is None:
        return 0
    before = raw[: found.start()]
    return lines_before + 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _is_damaged(raw: bytes) -> bool:
    """Whether UTF-8 bytes hold characters that no cell should hold."""
    if len(raw.translate(None, CONTROL_BYTES)) != len(raw):
        return True
    return any(first in raw and odd.search(raw) is not None for first, odd in ODD_SEQUENCES.items())


def _refusal(source: Source, encoding: str, evidence: str, offset: int, line: int) -> SheetError:
    """Says which byte does not fit, and how its cell would read in the likeliest encodings."""
    with source.file.open("rb") as stream:
        stream.seek(offset)
        byte = stream.read(1)
    place = f"{source.name}, line {line}: byte 0x{byte.hex().upper()} (offset {offset:,})"
    if not evidence.startswith("checked"):
        return SheetError(
            f"{place} is not {encoding}, the file's encoding {evidence}.",
            advice="Correct `encoding:` in the mapping, or export the file again.",
        )
    readings = likely_readings(source.file, offset)
    shown = "".join(f"\n  {name + ':':<12} {text}" for name, text in readings)
    return SheetError(
        f"{place} is not UTF-8, and nothing in the file tells its encoding."
        + (f" That cell would read{shown}" if shown else ""),
        advice="Put the one that reads right into the mapping: "
        + (" or ".join(f"`sheet: {{encoding: {name}}}`" for name, _ in readings[:1]) or "`sheet: {encoding: …}`"),
    )
