"""E-mail addresses, judged by email-validator without asking the network."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from importer.mapping.converters.base import Converter, Example, Unreadable

# Addresses that need no library: each rule here is stricter than the standard's.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?!-)){0,60}"
_PLAIN = re.compile(rf"[A-Za-z0-9_+]+(?:[.-][A-Za-z0-9_+]+)*@(?:{_LABEL}(?<!-)\.)+[A-Za-z]{{2,24}}")
_PLAIN_LOCAL = 64
_PLAIN_LENGTH = 200


class Email(Converter):
    """An e-mail address."""

    name = "email"
    slugs = ("email-invalid",)
    judges = True
    help = (
        "Takes an address that could exist; the part before @ stays as it is, the domain goes to lower case. Refuses "
        "addresses outside ASCII: Capillary takes letters, digits and - _ + . only."
    )
    examples = (
        Example(None, "Tom@Example.COM", "Tom@example.com"),
        Example(None, "tom(at)example.com", problem="email-invalid"),
        Example(None, "tom@localhost", problem="email-invalid"),
    )

    def one(self, value: str) -> str:
        """Plain addresses at once; the rest by the library."""
        if len(value) <= _PLAIN_LENGTH and _PLAIN.fullmatch(value):
            local, _, domain = value.rpartition("@")
            if len(local) <= _PLAIN_LOCAL:
                return f"{local}@{domain.lower()}"
        try:
            found = validate_email(value, check_deliverability=False, allow_smtputf8=False, strict=True)
        except EmailNotValidError as error:
            raise Unreadable("email-invalid", str(error).rstrip(".")) from None
        if not found.normalized.isascii():
            raise Unreadable("email-invalid", "the domain has characters outside ASCII")
        return found.normalized
