"""Customers' data where others may see it: enough to recognise one's own, too little to use (contract section 4)."""

from __future__ import annotations

import re

SHOWN_FROM_CHARACTERS = 10
HIDDEN = "…"
_EMAIL = re.compile(r"([^\s@<>\"']+)@([^\s@<>\"',;]+)")
_IDENTIFIER = re.compile(r"(?<![\w.])[\w+-]*\d[\w+-]{9,}(?!\w)")


def masked(value: str) -> str:
    """E-mails: first letter and domain; ten or more characters: the first two and last four; else nothing."""
    if not value:
        return ""
    if found := _EMAIL.fullmatch(value.strip()):
        return f"{found[1][0]}{HIDDEN}@{found[2]}"
    if len(value) >= SHOWN_FROM_CHARACTERS and not any(character.isspace() for character in value):
        return f"{value[:2]}{HIDDEN}{value[-4:]}"
    return HIDDEN


def masked_text(text: str) -> str:
    """A sentence with the e-mails and long numbers in it masked: messages of Capillary's that quote a customer."""
    text = _EMAIL.sub(lambda found: f"{found[1][0]}{HIDDEN}@{found[2]}", text)
    return _IDENTIFIER.sub(lambda found: masked(found[0]), text)
