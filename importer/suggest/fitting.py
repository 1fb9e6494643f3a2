"""How well the cells of a column agree with what a role expects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from importer.suggest.regions import Region, region_of
from importer.suggest.roles import Wants
from importer.suggest.shapes import Look
from importer.suggest.spelling import plain
from importer.suggest.tally import Tally
from importer.suggest.vocabulary import vocabulary

ALMOST_ALL, MOST, HALF = 0.95, 0.8, 0.5
FEW_ROWS = 20  # below that, repetitions say nothing
LOYALTY_TYPES = frozenset({"loyalty", "non_loyalty"})
BIRTH_YEARS = (1900, 2030)


@dataclass(frozen=True, slots=True)
class Fit:
    """`factor`: 0 (the cells contradict) to 1 (they agree); `evidence`: on what grounds."""

    factor: float
    evidence: str


@dataclass
class Facts:
    """A tally, asked in words."""

    tally: Tally
    country_hint: str = ""

    @cached_property
    def region(self) -> Region | None:
        """Where its phone numbers belong."""
        if self.tally.share(Look.PHONE) < HALF:
            return None
        return region_of(self.tally.sample.examples, self.country_hint)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Its different values, most frequent first, where they are few; else none."""
        found = self.tally.frequent
        return tuple(value for value, _ in found.most_common()) if found else ()

    @cached_property
    def truths(self) -> dict[str, bool] | None:
        """Its values as true and false; None where some are neither, or both sides are the same."""
        known = vocabulary().truth
        if not self.values or len(self.values) > 6 or not all(plain(value) in known for value in self.values):  # noqa: PLR2004
            return None
        return {value: known[plain(value)] for value in self.values}

    @cached_property
    def genders(self) -> float:
        """Share of filled cells that are a word for a gender."""
        found = self.tally.frequent
        if not found or len(found) > 12:  # noqa: PLR2004 - more spellings than there are words
            return 0.0
        return sum(count for value, count in found.items() if plain(value) in vocabulary().gender) / self.tally.filled

    def fit(self, wants: Wants) -> Fit:  # noqa: C901, PLR0912 - one case a kind
        """How well the cells agree with it."""
        tally = self.tally
        match wants:
            case Wants.PHONE:
                return self._phone()
            case Wants.EMAIL:
                return _shared(tally.share(Look.EMAIL) + tally.share(Look.EMAILS), "e-mail addresses")
            case Wants.DATE | Wants.BIRTH:
                return self._dates(wants)
            case Wants.BOOLEAN:
                return (
                    Fit(1.0, f"cells say {_list(self.values)}")
                    if self.truths
                    else Fit(0.15, "cells are not yes and no")
                )
            case Wants.GENDER:
                return _shared(self.genders, "words for genders")
            case Wants.NAME:
                wordy = tally.share(Look.WORDS)
                many = tally.sample.distinct > 3 or tally.filled < FEW_ROWS  # noqa: PLR2004 - names differ
                return Fit(_grade(wordy) * (1.0 if many else 0.5), f"{wordy:.0%} of the cells are letters only")
            case Wants.TEXT:
                return Fit(
                    max(0.3, _grade(tally.share(Look.WORDS))),
                    f"{tally.share(Look.WORDS):.0%} of the cells are letters only",
                )
            case Wants.CODE:
                return self._code()
            case Wants.POSTAL:
                short = tally.longest <= 10 and tally.share(Look.CODE) + tally.share(Look.SPACED) >= MOST  # noqa: PLR2004
                return Fit(1.0 if short else 0.3, f"cells are codes of at most {tally.longest} characters")
            case Wants.INTEGER:
                number = tally.share(Look.NUMBER)
                return _shared(number, "numbers")
            case Wants.SMALL:
                few = tally.share(Look.DIGITS) >= ALMOST_ALL and bool(self.values)
                return Fit(
                    1.0 if few else 0.2,
                    f"{len(self.values)} different whole numbers" if few else "cells are not few whole numbers",
                )
            case Wants.FEW:
                few = bool(self.values) and (len(self.values) <= 12 or tally.filled > 5 * len(self.values))  # noqa: PLR2004
                return Fit(
                    1.0 if few else 0.4, f"{len(self.values)} different values" if few else "many different values"
                )
            case Wants.TOKEN:
                return _shared(tally.share(Look.OPAQUE), "long tokens")
            case Wants.LOYALTY:
                if self.values and set(self.values) <= LOYALTY_TYPES:
                    return Fit(1.0, f"cells say {_list(self.values)}")
                return Fit(0.7 if self.truths else 0.2, "cells do not say loyalty and non_loyalty")
            case Wants.ANY:
                return Fit(1.0, "")

    def _phone(self) -> Fit:
        share = self.tally.share(Look.PHONE) + self.tally.share(Look.ROUNDED)
        if share < HALF:
            return _shared(share, "phone numbers")
        if self.region is None:
            return Fit(0.4, "no country knows such numbers")
        return Fit(
            min(_grade(share), _grade(self.region.valid + 0.1)),
            f"{share:.0%} of the cells look like phone numbers; {self.region.evidence}",
        )

    def _dates(self, wants: Wants) -> Fit:
        days, tally = self.tally.days, self.tally
        share = days.dates / tally.filled if tally.filled else 0.0
        if share < HALF and days.compact:
            share = max(days.compact.values()) / tally.filled
        low, high = days.years
        if wants is Wants.BIRTH and days.dates and high and not (BIRTH_YEARS[0] <= low and high <= BIRTH_YEARS[1]):
            return Fit(_grade(share) * 0.7, f"{share:.0%} of the cells are dates, of the years {low} to {high}")
        span = f", of the years {low} to {high}" if high else ""
        return Fit(_grade(share), f"{share:.0%} of the cells are dates{span}")

    def _code(self) -> Fit:
        tally = self.tally
        wordy = tally.share(Look.CODE)
        ratio = tally.sample.distinct / tally.filled if tally.filled else 0.0
        said = (
            "every value is different"
            if tally.unique and tally.sample.exact
            else (
                "hardly a value repeats"
                if ratio > ALMOST_ALL
                else f"{tally.sample.distinct:,} different values in {tally.filled:,} cells"
            )
        )
        return Fit(
            _grade(wordy) * (1.0 if ratio > HALF or tally.filled < FEW_ROWS else 0.8),
            f"{wordy:.0%} of the cells are codes; {said}",
        )


def _grade(share: float) -> float:
    """A share as a factor: nearly all count as all, few as contradiction."""
    if share >= ALMOST_ALL:
        return 1.0
    if share >= MOST:
        return 0.85
    return 0.6 if share >= HALF else 0.15


def _shared(share: float, what: str) -> Fit:
    return Fit(_grade(share), f"{share:.0%} of the cells are {what}")


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(values[:6])
