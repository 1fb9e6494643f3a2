"""Thousands of problems read as a few causes: same kind, same column, values of the same form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from importer.endpoint import Slot
from importer.problems import Cause, Problem, kinds
from importer.validation import dates
from importer.validation.patterns import OTHER, coarse, form_of, in_words, together
from importer.validation.suggestions import differs_in_case, suggestion
from importer.validation.target_facts import variant_of

FORMS_COUNTED = 1_000  # over the whole run; further ones are counted together, by kind and column
FORMS_TOLD = 3  # of one kind and column, those with most rows; the rest becomes one cause
CAUSES_TOLD = 100
ROWS_KEPT = 5
VALUE_TELLS_NOTHING = frozenset({"not-unique", "duplicate-customer", "too-small", "too-large", "program-twice"})
# Here the detail is a name or a sentence of the mapping's (which rule, which check, what is missing), never a cell.
DETAIL_TELLS = frozenset({"rule-broken", "own-check", "own-converter-failed", "element-incomplete", "only-beside-type"})
DETAIL_ASKS = frozenset({"pattern-mismatch", "not-allowed", "too-small", "too-large", "wrong-type"})
DETAIL_LISTS = frozenset({"choice-unknown", "boolean-invalid"})

Key = tuple[str, str, str]  # slug, column, pattern in words


@dataclass(slots=True)
class _Tally:
    """A cause while it is being counted. `example`: a whole problem, of which nothing leaves unmasked."""

    example: Problem
    form: str
    rows: int = 0
    first: list[tuple[int, int]] = field(default_factory=list)

    def take(self, sheet: int, row: int) -> None:
        """Count a row; two entries of one cell come one after the other, and are one row."""
        self.rows += 1
        if len(self.first) < ROWS_KEPT:
            self.first.append((sheet, row))


def gather(
    problems: Iterable[tuple[int, Problem]], slots: Iterable[Slot] = (), mask: Callable[[Problem], str] = lambda _: ""
) -> list[Cause]:
    """The causes behind (sheet, problem) pairs in file order, most rows first; memory is bounded.

    `slots`: what the mapping fills, for suggestions. `mask`: makes of a problem's cell an example that anybody may see.
    """
    by_address = {slot.address: slot for slot in slots}
    tallies: dict[Key, _Tally] = {}
    for (sheet, row), group in groupby(problems, key=lambda pair: (pair[0], pair[1].row)):
        counted: set[Key] = set()
        for _, problem in group:
            form = form_of(problem.value)
            key = (problem.slug, problem.column, _told(problem, form, by_address.get(problem.target)))
            if key not in tallies and len(tallies) >= FORMS_COUNTED:
                key = (problem.slug, problem.column, OTHER)
            if key in counted:
                continue
            counted.add(key)
            if key not in tallies:
                tallies[key] = _Tally(problem, form)
            tallies[key].take(sheet, row)
    causes = [_cause(key, tally, by_address, mask) for key, tally in _fewer(tallies)]
    return sorted(causes, key=lambda cause: (-cause.rows, cause.slug, cause.column, cause.pattern))[:CAUSES_TOLD]


def _told(problem: Problem, form: str, slot: Slot | None) -> str:
    """What tells this problem from others of its kind and column."""
    if problem.slug in DETAIL_TELLS:
        return problem.detail
    if problem.slug in VALUE_TELLS_NOTHING:
        return ""
    if differs_in_case(problem):
        return "another letter case"
    if problem.slug == "date-invalid" and (why := dates.told(problem, form)):
        return why
    return in_words(form) + (" without country code" if _lacks_code(form, slot) else "")


def _lacks_code(form: str, slot: Slot | None) -> bool:
    """Whether this is the form of a mobile number of a declared country, but for its code."""
    variant = variant_of(slot) if slot else None
    if variant is None or not variant.countries or form.strip("9"):
        return False
    with_code = {len(one.code) + length for one in variant.countries for length in one.lengths}
    return len(form) not in with_code and any(len(form) in one.lengths for one in variant.countries)


def _fewer(tallies: Mapping[Key, _Tally]) -> Iterator[tuple[Key, _Tally]]:
    """The same; of one kind and column, where there are many, only a few: see `_merged`."""
    ordered = sorted(tallies.items(), key=lambda item: item[0][:2])
    for _, group in groupby(ordered, key=lambda item: item[0][:2]):
        found = list(group)
        yield from found if len(found) <= FORMS_TOLD else _merged(found)


def _merged(found: Sequence[tuple[Key, _Tally]]) -> Iterator[tuple[Key, _Tally]]:
    """The form that most rows have, by itself; those that differ in the number of digits as one; the small ones as one."""
    (slug, column, _), total = found[0][0], sum(tally.rows for _, tally in found)
    alike: dict[str, list[tuple[Key, _Tally]]] = {}
    for key, tally in found:
        plain = key[2] == in_words(tally.form) and 2 * tally.rows < total
        alike.setdefault(coarse(tally.form) if plain else key[2], []).append((key, tally))
    causes = [
        ((slug, column, together([one.form for _, one in group])), _together([one for _, one in group]))
        if len(group) > 1
        else group[0]
        for group in alike.values()
    ]
    causes.sort(key=lambda item: (item[0][2] == OTHER, -item[1].rows))
    yield from causes[:FORMS_TOLD]
    rest = causes[FORMS_TOLD:]
    if len(rest) == 1:
        yield rest[0]
    elif rest:
        yield (slug, column, OTHER), _together([tally for _, tally in rest])


def _together(tallies: Sequence[_Tally]) -> _Tally:
    """Several causes as one; its example is the one of most rows."""
    first = sorted(place for tally in tallies for place in tally.first)[:ROWS_KEPT]
    largest = max(tallies, key=lambda tally: tally.rows)
    return _Tally(largest.example, largest.form, sum(tally.rows for tally in tallies), first)


def _cause(key: Key, tally: _Tally, slots: Mapping[str, Slot], mask: Callable[[Problem], str]) -> Cause:
    """A tally with the words that go with it."""
    slug, column, pattern = key
    problem, kind = tally.example, kinds()[slug]
    help_ = suggestion(problem, tally.form, slots.get(problem.target)) if pattern != OTHER else ""
    return Cause(
        tally.rows, slug, column, pattern, tuple(tally.first), kind.title, kind.advice, help_, mask(problem),
        _asked(problem),
    )  # fmt: skip


def _asked(problem: Problem) -> str:
    """What was asked for, where the detail says so: words of the mapping or the catalog, without the cell's own."""
    detail = problem.detail.partition(" (the entry “")[0].partition("; did you mean ")[0]
    if problem.slug in DETAIL_ASKS:
        return detail
    if problem.slug in DETAIL_LISTS:
        return detail.rpartition("known are: ")[2]
    return detail.removeprefix("formats: ") if detail.startswith("formats: ") else ""
