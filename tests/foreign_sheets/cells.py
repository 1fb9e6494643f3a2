"""Made-up cells for foreign sheets: each maker answers one cell, from a seeded chance and the number of the row.

Phone numbers are those that regulators keep for fiction where there are any, and else obviously made up.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

Maker = Callable[[Random, int], str]
FIRST_DAY = {"birth": date(1950, 1, 1), "past": date(2019, 1, 1), "future": date(2027, 1, 1)}
DAYS = {"birth": 19_000, "past": 2_000, "future": 700}
TOKEN_LETTERS = string.ascii_letters + string.digits + "_-"


def digits(pattern: str) -> Maker:
    """Each # becomes a digit."""
    return lambda chance, _: "".join(str(chance.randrange(10)) if one == "#" else one for one in pattern)


def numbered(pattern: str, *, start: int = 1) -> Maker:
    """The row's own number in a format such as `KD{:05}`."""
    return lambda _, row: pattern.format(start + row)


def one_of(*values: str, weights: Sequence[int] | None = None) -> Maker:
    """One of a few."""
    return lambda chance, _: chance.choices(values, weights)[0]


def day(form: str, when: str = "birth", *, latest: int = 31) -> Maker:
    """A date as strftime writes it; `latest`: no later day of a month, so that 12 leaves day and month undecided."""

    def made(chance: Random, _: int) -> str:
        found = FIRST_DAY[when] + timedelta(days=chance.randrange(DAYS[when]))
        return found.replace(day=min(found.day, latest)).strftime(form)

    return made


def whole(low: int, high: int, *, thousands: str = "") -> Maker:
    """A whole number."""
    return lambda chance, _: f"{chance.randint(low, high):,}".replace(",", thousands)


def amount(point: str = ".") -> Maker:
    """An amount of money with two decimals."""
    return lambda chance, _: f"{chance.uniform(3, 900):.2f}".replace(".", point)


def mail(domain: str = "example.com") -> Maker:
    """An address nobody has."""
    return lambda chance, row: f"{chance.choice('abcdefgh')}{row:04}@{domain}"


def token(length: int) -> Maker:
    """What a phone's app is known by."""
    return lambda chance, _: "".join(chance.choices(TOKEN_LETTERS, k=length))


def words(*values: str, most: int = 5) -> Maker:
    """Free text: several words in a row."""
    return lambda chance, _: " ".join(chance.choices(values, k=chance.randint(2, most)))


def street(*names: str, form: str = "{name} {number}") -> Maker:
    """An address line."""
    return lambda chance, _: form.format(name=chance.choice(names), number=chance.randint(1, 180))


def joined(*makers: Maker, by: str = " ") -> Maker:
    """Several cells in one, as a full name."""
    return lambda chance, row: by.join(maker(chance, row) for maker in makers)


def either(*makers: Maker) -> Maker:
    """Now one, now another."""
    return lambda chance, row: chance.choice(makers)(chance, row)


def some(share: float, maker: Maker, blank: str = "") -> Maker:
    """Filled in so many rows."""
    return lambda chance, row: maker(chance, row) if chance.random() < share else blank
