"""How well the cells of a column agree with what a role expects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from importer.suggest.contradiction import contradiction
from importer.suggest.regions import Region, region_of
from importer.suggest.roles import Wants
from importer.suggest.shapes import Look
from importer.suggest.spelling import plain
from importer.suggest.tally import Tally
from importer.suggest.vocabulary import vocabulary
from importer.suggest.wording import cells, different, listed

ALMOST_ALL, MOST, HALF = 0.95, 0.8, 0.5
FEW_ROWS = 20  # below that, repetitions say nothing
MOST_TRUTHS = 6  # spellings of yes and no in one column, as in Y, y, yes, N, n, no
MOST_GENDERS = 12  # spellings in one column
LOYALTY_TYPES = frozenset({"loyalty", "non_loyalty"})
FIRST_BIRTH = 1900  # the year


_NUMBERED = re.compile(r"^\d+\s*[-:.)=]\s*")


@dataclass(frozen=True, slots=True)
class Fit:
    """`factor`: 0 (the cells contradict) to 1 (they agree); `evidence`: on what grounds."""

    factor: float
    evidence: str


@dataclass
class Facts:
    """A tally, asked in words."""

    tally: Tally
    likely: tuple[str, ...] = ()  # regions of the headers' language

    @cached_property
    def region(self) -> Region | None:
        """Where its phone numbers belong."""
        if self.tally.share(Look.PHONE) < HALF:
            return None
        return region_of(self.tally.sample.examples, self.likely)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Its different values, most frequent first, where they are few; else none."""
        found = self.tally.frequent
        return tuple(value for value, _ in found.most_common()) if found else ()

    @property
    def few(self) -> bool:
        """Whether each of its values comes up many times."""
        return bool(self.values) and self.tally.filled > 5 * len(self.values)

    @cached_property
    def truths(self) -> dict[str, bool] | None:
        """Its values as true and false; None where no language has words for all of them."""
        if not self.values or len(self.values) > MOST_TRUTHS:
            return None
        for known in vocabulary().truths:
            if all(plain(value) in known for value in self.values):
                return {value: known[plain(value)] for value in self.values}
        return None

    @cached_property
    def genders(self) -> tuple[Mapping[str, str], ...]:
        """Its values as Male, Female and Other, in every way in which a language explains the most rows; the first is best.

        Several where languages contradict each other: alone, `M` is a man in English and a woman in Spanish.
        """
        cells = self.tally.frequent
        if not cells or len(cells) > MOST_GENDERS:
            return ()
        ways: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
        for known in vocabulary().genders:
            read = {value: known[word] for value in self.values for word in [_bare(value)] if word in known}
            ways[tuple(sorted(read.items()))] = sum(cells[value] for value in read), len(set(read.values()))
        most = max(ways.values())
        return tuple(dict(way) for way, weight in ways.items() if weight == most and most[0])

    @property
    def gendered(self) -> float:
        """Share of filled cells that are a word for a gender."""
        cells = self.tally.frequent
        return sum(cells[value] for value in self.genders[0]) / self.tally.filled if cells and self.genders else 0.0

    @property
    def numbers_rows(self) -> bool:
        """Whether every row has a code of its own, and not just 1, 2, 3 and so on."""
        tally = self.tally
        counted = tally.share(Look.DIGITS) == 1 and len(tally.lengths) > 1
        return tally.fill == 1 and tally.unique and tally.share(Look.CODE) == 1 and not counted

    def fit(self, wants: Wants) -> Fit:  # noqa: C901, PLR0912 - one case a kind
        """How well the cells agree with it."""
        tally = self.tally
        if kind := contradiction(tally, wants, flags=self.truths is not None):
            return Fit(0.15, f"the cells are {kind}")
        match wants:
            case Wants.PHONE:
                return self._phone()
            case Wants.EMAIL:
                return _shared(tally.share(Look.EMAIL) + tally.share(Look.EMAILS), "e-mail addresses")
            case Wants.DATE | Wants.BIRTH:
                return self._dates(wants)
            case Wants.BOOLEAN:
                return (
                    Fit(1.0, f"cells say {listed(self.values)}")
                    if self.truths
                    else Fit(0.15, "cells are not yes and no")
                )
            case Wants.GENDER:
                return _shared(self.gendered, "words for genders")
            case Wants.NAME:
                wordy = tally.share(Look.WORDS)
                many = tally.sample.distinct > 3 or tally.filled < FEW_ROWS  # noqa: PLR2004 - names differ
                return Fit(_grade(wordy) * (1.0 if many else 0.5), f"{cells(wordy)} are letters only")
            case Wants.SOURCE:
                return self._source()
            case Wants.TEXT:
                return Fit(
                    _grade(tally.share(Look.WORDS)),
                    f"{cells(tally.share(Look.WORDS))} are letters only",
                )
            case Wants.CODE:
                return self._code()
            case Wants.POSTAL:
                short = tally.longest <= 10 and tally.share(Look.WORDS) < HALF  # noqa: PLR2004 - 12345-6789
                return Fit(1.0 if short else 0.15, f"cells have up to {tally.longest} characters")
            case Wants.INTEGER:
                return _shared(tally.share(Look.NUMBER), "numbers")
            case Wants.AGE:
                return _shared(tally.share(Look.DIGITS) if tally.longest <= 3 else 0.0, "ages")  # noqa: PLR2004
            case Wants.SMALL:
                few = tally.share(Look.DIGITS) >= ALMOST_ALL and bool(self.values)
                return Fit(
                    1.0 if few else 0.2,
                    f"whole numbers, {different(len(self.values))}" if few else "cells are not few whole numbers",
                )
            case Wants.FEW:
                few = bool(self.values) and (len(self.values) <= 12 or self.few)  # noqa: PLR2004
                return Fit(1.0 if few else 0.4, different(len(self.values)) if few else "many different values")
            case Wants.TOKEN:
                return _shared(tally.share(Look.OPAQUE), "long tokens")
            case Wants.LOYALTY:
                if self.values and set(self.values) <= LOYALTY_TYPES:
                    return Fit(1.0, f"cells say {listed(self.values)}")
                return Fit(0.7 if self.truths else 0.2, "cells do not say loyalty and non_loyalty")
            case Wants.LABEL | Wants.ANY:
                return Fit(1.0, "")

    def _phone(self) -> Fit:
        share = self.tally.share(Look.PHONE) + self.tally.share(Look.ROUNDED)
        if share < HALF:
            return _shared(share, "phone numbers")
        if self.region is None:
            return Fit(0.4, "no country knows such numbers")
        if self.region.mobile < HALF:
            return Fit(0.5, f"only {self.region.mobile:.0%} of the numbers may be mobile ones; {self.region.evidence}")
        return Fit(
            min(_grade(share), _grade(self.region.valid + 0.1)),
            f"{cells(share)} look like phone numbers; {self.region.evidence}",
        )

    def _source(self) -> Fit:
        unknown = [value for value in self.values if value not in vocabulary().sources]
        if self.values and not unknown:
            return Fit(1.0, f"cells say {listed(self.values)}")
        some = len(unknown) < len(self.values)
        return Fit(
            0.6 if some else 0.0, f"Capillary's documentation names no source {listed(tuple(unknown)) or 'of them'}"
        )

    def _dates(self, wants: Wants) -> Fit:
        days, tally = self.tally.days, self.tally
        share = days.dates / tally.filled if tally.filled else 0.0
        if share < HALF and days.compact:
            share = max(days.compact.values()) / tally.filled
        low, high = days.years
        span = f", of the years {low} to {high}" if high > low else f", of {high}" if high else ""
        if wants is Wants.BIRTH and days.dates and high and not FIRST_BIRTH <= low <= high <= datetime.now(UTC).year:
            return Fit(_grade(share) * 0.7, f"{cells(share)} are dates{span}")
        return Fit(_grade(share), f"{cells(share)} are dates{span}")

    def _code(self) -> Fit:
        tally = self.tally
        codes = tally.share(Look.CODE)
        ratio = tally.sample.distinct / tally.filled if tally.filled else 0.0
        said = (
            "every value is different"
            if tally.unique and tally.sample.exact
            else ("hardly a value repeats" if ratio > ALMOST_ALL else different(tally.sample.distinct))
        )
        return Fit(
            _grade(codes) * (1.0 if ratio > HALF or tally.filled < FEW_ROWS else 0.3 if self.few else 0.8),
            f"{cells(codes)} are codes; {said}",
        )


def _bare(value: str) -> str:
    """A value as words are compared, without a number before it: `1: Herr` is herr."""
    return _NUMBERED.sub("", plain(value))


def _grade(share: float) -> float:
    """A share as a factor: nearly all count as all, few as contradiction."""
    if share >= ALMOST_ALL:
        return 1.0
    if share >= MOST:
        return 0.85
    return 0.6 if share >= HALF else 0.15


def _shared(share: float, what: str) -> Fit:
    return Fit(_grade(share), f"{cells(share)} are {what}")
