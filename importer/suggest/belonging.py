"""The draft's sections of loyalty, extended fields and enrolments, and what they declare and check."""

from __future__ import annotations

from importer.suggest.columns import Columns, named
from importer.suggest.layout import Page, flow, scalar
from importer.suggest.own_fields import declared
from importer.suggest.roles import ENROLMENT, ROLES

PLACEHOLDER_PROGRAM = 999_999_999
EXTENDED = tuple(role.name for role in ROLES.values() if role.address.startswith("extendedFields."))


def loyalty(columns: Columns, page: Page) -> None:
    """The loyalty type."""
    if choice := columns.one("loyaltyType"):
        page.section("loyaltyInfo")
        page.add(1, f"loyaltyType: {columns.form(choice, 'loyaltyInfo.loyaltyType')}", columns.why(choice))


def extended(columns: Columns, page: Page) -> None:
    """Extended fields."""
    found = [choice for role in EXTENDED if (choice := columns.one(role))]
    if found:
        page.section("extendedFields")
    for choice in found:
        address = ROLES[choice.role].address
        page.add(1, f"{address.rpartition('.')[2]}: {columns.form(choice, address)}", columns.why(choice))


def enrolments(columns: Columns, page: Page) -> None:
    """One enrolment, with a question where the sheet names no programme."""
    found = [choice for role in ENROLMENT if (choice := columns.one(role))]
    if not found:
        return
    page.section("loyaltyProgramEnrollments")
    enrol = columns.one("enrol")
    if enrol:
        yes = [value for value, truth in (enrol.facts.truths or {}).items() if truth]
        columns.used[enrol.column] = ROLES["enrol"].address
        page.add(1, f"- when: {flow({'column': named(enrol), 'in': yes or ['Y']})}", columns.why(enrol))
    else:
        page.add(
            1,
            f"- when: {flow({'column': named(found[0]), 'blank': False})}",
            "rows in which it is filled are enrolled",
        )
    if found[0].role != "programId":
        page.add(2, f"programId: {PLACEHOLDER_PROGRAM}", "a placeholder that no programme has")
        columns.ask(
            "loyaltyProgramEnrollments", f"the sheet names no programme; put its id in place of {PLACEHOLDER_PROGRAM}."
        )
    for choice in found:
        adds = "; adds with each request" if choice.role == "points" else ""
        if adds:
            columns.ask(
                choice.column, "points are credited with each request, on top of what a customer has. Is that meant?"
            )
        page.add(
            2,
            f"{ROLES[choice.role].address.rpartition('.')[2]}: {columns.form(choice, ROLES[choice.role].address)}",
            columns.why(choice) + adds,
        )


def declare(columns: Columns, page: Page) -> None:
    """The types of the organisation's own fields: proposals, and a question."""
    extended = [choice for role in EXTENDED if (choice := columns.one(role))]
    store = columns.one("store")
    if not extended and not store and not columns.fields:
        return
    page.section("declare")
    said = []
    if extended:
        page.add(1, "extendedFields:")
    for choice in extended:
        name = ROLES[choice.role].address.rpartition(".")[2]
        form = declared(name, choice.facts)
        said.append(f"{name} ({form['type']})")
        page.add(2, f"{name}: {flow(form)}")
    fields = [("favourite_store", "string")] if store else []
    fields += [(one.name, one.type) for one in columns.fields]
    if fields:
        page.add(1, "fields:")
    for name, kind in fields:
        said.append(f"{name} ({kind})")
        page.add(2, f"{scalar(name)}: {flow({'type': kind})}")
    columns.ask("declare", f"are these your organisation's own fields, by these names and types: {', '.join(said)}?")


def check(columns: Columns, page: Page) -> None:
    """What holds of the whole sheet and should go on holding."""
    choice = columns.one("externalId")
    if choice and choice.facts.tally.unique and choice.facts.tally.sample.exact and choice.facts.tally.filled > 1:
        page.section("check")
        page.add(
            1,
            f"{scalar(named(choice))}: {{unique: true}}",
            f"none of its {choice.facts.tally.filled:,} values comes twice",
        )
