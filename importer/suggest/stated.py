"""Headers that state the order of their dates: `DOB (dd/mm/yyyy)`, `Geburtstag TT.MM.JJJJ`."""

from __future__ import annotations

import re

SHORTEST_ORDER = 4  # d/m/y has more characters, and a word such as dmy says nothing
_LETTER = r"([dgtjmayrдмг])"
_LETTER_FORMAT = re.compile(
    rf"(?<![^\W_])({_LETTER}\2{{0,3}})[-/. ]?({_LETTER}\4{{0,3}})[-/. ]?({_LETTER}\6{{0,3}})(?![^\W_])", re.IGNORECASE
)


def stated_order(header: str) -> str:
    """`dmy`, `mdy` or `ymd` where the header itself states the order of a date: `DOB (dd/mm/yyyy)`, `TT.MM.JJJJ`; else ""."""
    for found in _LETTER_FORMAT.finditer(header):
        order = _order(tuple(found[group].casefold() for group in (1, 3, 5)))
        if order in {"dmy", "mdy", "ymd"} and len(found[0]) > SHORTEST_ORDER:
            return order
    return ""


def unordered(header: str) -> str:
    """The header without a stated order: `Birth date ddMMyyyy` is Birth date."""
    return _LETTER_FORMAT.sub(" ", header).strip() if stated_order(header) else header


def _order(groups: tuple[str, ...]) -> str:
    """Each group as day, month or year: by its letter, where languages agree on it, else by its length."""
    turkish = {group[0] for group in groups} == {"g", "a", "y"}  # gün, ay, yıl
    said = []
    for group in groups:
        if group[0] in "mм" or (turkish and group[0] == "a"):
            said.append("m")
        elif len(group) == 4 or group[0] in "yarг":  # noqa: PLR2004 - a full year
            said.append("y")
        else:
            said.append("d" if group[0] in "dgtд" else "j")  # jour, or Jahr
    missing = {"d", "m", "y"} - set(said)
    return "".join(missing).join("".join(said).split("j")) if len(missing) == 1 else "".join(said)
