"""A role that a header fits, and how strong each kind of fit is."""

from __future__ import annotations

from dataclasses import dataclass

EXACT, TRIMMED, SPELLED_OUT, SHORTENED, SIMILAR = 1.0, 0.95, 0.9, 0.65, 0.55
BRACKETLESS = 0.97  # of a match's strength, where something in brackets was left aside


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One role that a header fits. `strength`: 0 to 1; `how`: in words, for people."""

    role: str
    strength: float
    how: str
    languages: tuple[str, ...] = ()
    second: bool = False  # it says that there is another one
    doubt: str = ""  # why the header may mean something else
    fact: bool = False  # it says something *about* what the role holds, such as whether a mobile number has consented
