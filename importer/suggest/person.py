"""The draft's `profile` section: names, the organisation's own fields, cards and channels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from importer.suggest.choosing import Choice
from importer.suggest.columns import Columns, escaped, form, named
from importer.suggest.converting import tidy
from importer.suggest.fitting import HALF
from importer.suggest.layout import Page, flow, scalar
from importer.suggest.own_fields import own_field
from importer.suggest.roles import ROLES
from importer.suggest.shapes import Look

CHANNELS: tuple[tuple[str, str], ...] = (  # role, type
    ("mobile", "mobile"), ("mobile2", "mobile"), ("email", "email"), ("email2", "email"), ("androidToken", "android"),
    ("iosToken", "ios"), ("pushToken", "mobilePush"), ("lineId", "line"), ("wechatId", "wechat"),
)  # fmt: skip
FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Chinese, Japanese and Korean names


def profile(columns: Columns, page: Page) -> None:
    """Everything below `profile`."""
    inner = Page()
    if (full := columns.one("fullName")) and not columns.one("firstName"):
        full_name(columns, full, inner)
    if first := columns.one("firstName"):
        inner.add(1, f"firstName: {columns.form(first, 'profile.firstName')}", columns.why(first))
    last_name(columns, inner)
    custom(columns, inner)
    cards(columns, inner)
    channels(columns, inner)
    if inner.lines:
        page.section("profile")
        page.extend(inner.lines)


def full_name(columns: Columns, full: Choice, page: Page) -> None:
    """First and last name out of one column: around a comma, or at the first blank."""
    sample, steps = full.facts.tally.sample.examples, tidy(full.facts)
    columns.used[full.column] = ROLES["fullName"].address
    columns.chosen[full.column] = full
    comma = _share(sample, lambda name: "," in name) >= HALF
    if not comma and _share(sample, lambda name: " " in name) < HALF:
        page.add(1, f"firstName: {form(named(full), steps)}", columns.why(full))
        columns.ask(full.column, "whole names become first names, for nothing parts them. Is that meant?")
        return
    family_first = comma or _share(sample, lambda name: FAMILY_FIRST.match(name) is not None) >= HALF
    for target, take in (
        (("firstName", "rest"), ("lastName", "first"))
        if family_first
        else (("firstName", "first"), ("lastName", "rest"))
    ):
        part = {"part": {"split": "," if comma else " ", "take": take}}
        why = columns.why(full) if target == "firstName" else "the same column"
        page.add(1, f"{target}: {form(named(full), (*steps, part, *['trim'] * comma))}", why)
    what, becomes = ("what stands before the comma" if comma else "the first word"), "last" if family_first else "first"
    columns.ask(full.column, f"{what} becomes the {becomes} name, the rest the other. Is that right?")


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def last_name(columns: Columns, page: Page) -> None:
    """The last name, with a middle name before it."""
    middle, last = columns.one("middleName"), columns.one("lastName")
    if middle and last:
        steps = max(tidy(middle.facts), tidy(last.facts))  # squeeze does what trim does
        joined = {"columns": [named(middle), named(last)], "join": " "} | ({"convert": list(steps)} if steps else {})
        page.add(1, f"lastName: {flow(joined)}", f"{columns.why(middle)}; {columns.why(last)}")
        columns.used |= {middle.column: "profile.lastName", last.column: "profile.lastName"}
        columns.ask(
            middle.column, "Capillary has no middle name; it goes before the last name. Or shall it follow the first?"
        )
    elif last:
        page.add(1, f"lastName: {columns.form(last, 'profile.lastName')}", columns.why(last))


def custom(columns: Columns, page: Page) -> None:
    """Custom fields: the store, and what looks like one."""
    seen = {"favourite_store"}
    store = columns.one("store")
    for choice in columns.choices:
        if (
            not choice.role
            and choice.column not in columns.used
            and (found := own_field(choice))
            and found.name.casefold() not in seen
        ):
            seen.add(found.name.casefold())
            columns.fields.append(found)
    if not store and not columns.fields:
        return
    page.add(1, "fields:")
    if store:
        page.add(2, f"favourite_store: {columns.form(store, 'profile.fields.favourite_store')}", columns.why(store))
    for found in columns.fields:
        columns.used[found.column] = f"profile.fields.{found.name}"
        page.add(
            2,
            f"{scalar(found.name)}: {form(escaped(found.column), found.convert)}",
            f"low: no target is known for the header; {found.evidence}",
        )


def cards(columns: Columns, page: Page) -> None:
    """A card to add, where its series is known."""
    card, series, status = columns.one("cardNumber"), columns.one("cardSeries"), columns.one("cardStatus")
    if not card or not series:
        return
    page.add(1, "identifiers:")
    page.add(2, "- type: cardnumber")
    page.add(3, f"value: {columns.form(card, 'profile.identifiers[].value')}", columns.why(card))
    number = series.facts.tally.share(Look.DIGITS) == 1
    key, steps = ("seriesId", ("integer",)) if number else ("seriesCode", tidy(series.facts))
    columns.used[series.column] = f"profile.identifiers[].{key}"
    page.add(3, f"{key}: {form(named(series), steps)}", columns.why(series))
    if status:
        page.add(3, f"statusLabel: {columns.form(status, 'profile.identifiers[].statusLabel')}", columns.why(status))
    else:
        page.add(3, "statusLabel: {constant: ACTIVE}", "the sheet does not say")
        columns.ask(card.column, "cards are linked with the status label ACTIVE; is that your organisation's label?")


def channels(columns: Columns, page: Page) -> None:
    """One channel a column."""
    found = [
        (choice, kind)
        for role, kind in CHANNELS
        for choice in columns.by_role.get(role, ())
        if columns.conversion(choice).fills
    ]
    if not found:
        return
    page.add(1, "commChannels:")
    for choice, kind in found:
        page.add(2, f"- type: {kind}")
        why = "as above" if choice.column in columns.used else columns.why(choice)
        page.add(3, f"value: {columns.form(choice, 'profile.commChannels[].value')}", why)
        verified = columns.one(f"{choice.role}Verified")
        if verified:
            page.add(3, f"verified: {columns.form(verified, 'profile.commChannels[].verified')}", columns.why(verified))
        seen = columns.one("pushSeen") if kind == "mobilePush" else None
        if seen:
            page.add(3, "meta:")
            page.add(
                4,
                f"lastViewedDate: {columns.form(seen, 'profile.commChannels[].meta.lastViewedDate')}",
                columns.why(seen),
            )
