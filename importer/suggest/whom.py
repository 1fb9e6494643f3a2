"""The draft's `lookup` section: whom a row is about. Neither source nor order of identifiers is ever settled silently."""

from __future__ import annotations

from importer.suggest.choosing import Choice
from importer.suggest.columns import Columns, repeats
from importer.suggest.layout import Page, scalar
from importer.suggest.shapes import Look

PLACEHOLDER_SOURCE = "STATE_THE_SOURCE"
CANDIDATES = ("mobile", "externalId", "email")


def lookup(columns: Columns, page: Page) -> None:
    """Source, account and candidates."""
    page.section("lookup")
    if source := columns.one("source"):
        page.add(1, f"source: {columns.form(source, 'lookup.source')}", columns.why(source))
    else:
        page.add(1, f"source: {PLACEHOLDER_SOURCE}", "a placeholder that Capillary refuses; question 1")
        columns.ask(
            "lookup.source",
            "the sheet does not say in which source the profiles live (INSTORE, MOBILE_APP …); "
            f"put it in place of {PLACEHOLDER_SOURCE}.",
        )
    if account := columns.one("accountId"):
        page.add(1, f"accountId: {columns.form(account, 'lookup.accountId')}", columns.why(account))
    page.add(1, "identifiers:")
    names = candidates(columns)
    for name, choice in names:
        page.add(
            2,
            f"- {name}: {columns.form(choice, f'lookup.identifiers.{name}')}",
            f"{columns.why(choice)}{repeats(choice)}",
        )
    if len(names) > 1:
        order = ", ".join(f"{name} ({scalar(choice.column)})" for name, choice in names)
        columns.ask(
            "lookup.identifiers",
            f"the first that is not blank finds the customer. Is this the order: "
            f"{order}? Take out those that shall find nobody.",
        )


def _reach(choice: Choice) -> float:
    """Share of the rows that it finds a customer for, and no other row's."""
    tally = choice.facts.tally
    return tally.fill * (1 - tally.sample.repeated / max(1, tally.sample.distinct))


def candidates(columns: Columns) -> list[tuple[str, Choice]]:
    """Identifiers that can find a customer, those first that tell the most rows apart."""
    found = [
        (name, choice)
        for name in CANDIDATES
        if (choice := columns.one(name)) and not choice.facts.tally.looks[Look.EMAILS]  # a lookup takes one value
    ]
    if (card := columns.one("cardNumber")) and not columns.one("cardSeries"):
        found.append(("cardnumber", card))
        columns.ask(
            card.column,
            "to be added as an identifier a card needs its series, which the sheet lacks; it "
            "serves to find customers only. Is that meant?",
        )
    if found:
        return sorted(found, key=lambda one: -round(_reach(one[1]), 1))
    if card:
        return [("cardnumber", card)]
    for name, role in (("mobile", "mobile2"), ("email", "email2")):
        if choice := columns.one(role):
            return [(name, choice)]
    best = max(columns.choices, key=lambda one: (one.facts.tally.sample.distinct, one.facts.tally.looks[Look.CODE]))
    columns.ask(
        "lookup.identifiers",
        f"no column is sure to identify a customer; {best.column!r} has the most "
        f"different values and stands there until you name one.",
    )
    columns.doubted.add(best.column)
    return [("externalId", Choice(best.facts, "externalId", 0.3, "no column identifies customers", "a stopgap"))]
