"""PUT /v2/customers/lookup: what a body does to a customer (sections 2 and 9.4 of the facts).

Everything is judged before anything is stored: an error changes nothing. Only keys that are passed change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from importer.emulator.channels import new_channels
from importer.emulator.codes import entry
from importer.emulator.config import EmulatorConfig
from importer.emulator.customers import Customer, Customers, Enrolment, Place
from importer.emulator.identifiers import INVALID_IDENTIFIER, stored
from importer.emulator.organisation import IDENTIFIER_TYPES

LONGEST_NAME = 100  # characters, the rest is ignored (document ADD)
LONGEST_FIELD_NAME = 20  # characters (document CF)
LONGEST_FIELD_VALUE = 250
NOTHING = frozenset({"", "null", "NULL"})  # extended values that count as empty, beside null itself (document ADD)


class Refused(Exception):
    """The update ends with this error; nothing was stored."""

    def __init__(self, code: int, about: object = "") -> None:
        super().__init__(code)
        self.error = entry(code, about)


@dataclass(slots=True)
class Update:
    """An update on its way: what was found, and what shall be stored once everything is judged."""

    customer: Customer  # the one it ends with: the survivor where accounts merge
    warnings: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Callable[[], object]] = field(default_factory=list)
    side_effects: list[dict[str, Any]] = field(default_factory=list)
    points: int = 0  # credited


def update(
    customer: Customer, place: Place, body: dict[str, Any], customers: Customers, config: EmulatorConfig
) -> Update:
    """Judge the body and store it. Raises Refused."""
    if customer.refuse is not None:
        raise Refused(customer.refuse)
    going = Update(customer)
    loyal = _loyalty(going, body.get("loyaltyInfo", {}))
    for profile in body.get("profiles", ()):
        _identifiers(going, place, profile, customers, config)
    for profile in body.get("profiles", ()):
        _names(going, profile)
        if "fields" in profile:
            _fields(going, profile["fields"], config)
        if "commChannels" in profile:
            _channels(going, profile["commChannels"], config)
    if "extendedFields" in body:
        _extended_fields(going, body["extendedFields"], config)
    for enrolment in body.get("loyaltyProgramEnrollments", ()):
        _enrol(going, enrolment, loyal=loyal, config=config)
    for change in going.changes:
        change()
    going.changes.clear()  # they hold the update itself: without this only the garbage collector could free it
    if config.award_points:
        going.side_effects.append(_points_effect(going.customer, config.award_points))
    return going


def _loyalty(going: Update, info: dict[str, Any]) -> bool:
    """Whether the customer is in the loyalty program afterwards. Raises Refused 8018."""
    asked = info.get("loyaltyType")
    if asked == "non_loyalty" and going.customer.loyalty:
        raise Refused(8018)
    if asked == "loyalty" and not going.customer.loyalty:
        going.changes.append(lambda: setattr(going.customer, "loyalty", True))
        return True
    return going.customer.loyalty


def _names(going: Update, profile: dict[str, Any]) -> None:
    for key, attribute in (("firstName", "first_name"), ("lastName", "last_name")):
        if key in profile:
            name = profile[key].strip()[:LONGEST_NAME]
            going.changes.append(lambda attribute=attribute, name=name: setattr(going.customer, attribute, name))  # type: ignore[misc] # mypy cannot type defaults of a lambda


def _fields(going: Update, given: dict[str, Any], config: EmulatorConfig) -> None:
    """Custom fields: those declared with a type must fit it; a name or value beyond its length is not stored."""
    kept: dict[str, Any] = {}
    for name, value in given.items():
        declared = config.organisation.custom_fields.get(name, "String")
        if len(name) > LONGEST_FIELD_NAME or not _fits(declared, value):
            going.warnings.append(entry(1017, name))
        elif len(str(value)) > LONGEST_FIELD_VALUE:
            going.warnings.append(entry(1018, name))
        else:
            kept[name] = value
    going.changes.append(lambda: going.customer.fields.update(kept))


def _fits(declared: str, value: Any) -> bool:
    """Whether a custom field's value fits its type; empty text always does."""
    text = str(value).strip()
    if declared == "Integer":
        return text == "" or text.lstrip("-").isdigit()
    if declared == "Boolean":
        return text.lower() in {"", "true", "false"}
    return isinstance(value, (str, int, float))


def _extended_fields(going: Update, given: dict[str, Any], config: EmulatorConfig) -> None:
    """Names without regard to case; unknown 91016, ill-typed 91015, empty ones dropped without a word."""
    kept: dict[str, Any] = {}
    for name, value in given.items():
        empty = value is None or (isinstance(value, str) and value in NOTHING)
        if empty and config.empty_extended_values == "drop":
            continue
        known = config.organisation.extended_field(name)
        if known is None and config.unknown_extended_field == "warning":
            going.warnings.append(entry(91016, name))
            continue
        stored_name, data_type = known or (name, "STRING")
        if empty or config.organisation.takes(stored_name, data_type, value):
            kept[stored_name] = value
        else:
            going.warnings.append(entry(91015, name))
    going.changes.append(lambda: going.customer.extended_fields.update(kept))


def _channels(going: Update, given: list[dict[str, Any]], config: EmulatorConfig) -> None:
    """Malformed ones are told and not stored; the others join or replace what is there."""
    for channel in given:
        if not channel.get("type"):
            raise Refused(8106)
    kept, warnings, unknown = new_channels(given, config)
    if unknown is not None:
        raise Refused(8010, unknown)
    going.warnings += warnings

    def store() -> None:
        old = [] if config.channels == "replace" else going.customer.channels
        new = {(one["type"], one["value"]) for one in kept}
        primary = {one["type"] for one in kept if one["primary"]}
        joined = [one for one in old if (one["type"], one["value"]) not in new]
        demoted = [one | {"primary": False} if one["type"] in primary else one for one in joined]
        going.customer.channels = demoted + kept

    going.changes.append(store)


def _identifiers(
    going: Update, place: Place, profile: dict[str, Any], customers: Customers, config: EmulatorConfig
) -> None:
    """Fill empty slots; another's identifier refuses (same source) or merges (other source)."""
    for identifier in profile.get("identifiers", ()):
        kind = identifier.get("type", "")
        if kind not in IDENTIFIER_TYPES or "value" not in identifier:
            raise Refused(8013, kind)
        if kind == "cardnumber":
            if "seriesId" not in identifier and "seriesCode" not in identifier:
                raise Refused(8013, "cardnumber without seriesId or seriesCode")
            if not identifier.get("statusLabel"):
                raise Refused(8086, kind)
        value = stored(kind, identifier["value"], config)
        if value is None:
            going.warnings.append(entry(INVALID_IDENTIFIER.get(kind, 8064), kind))
            continue
        _add_identifier(going, place, kind, value, customers, config)


def _add_identifier(
    going: Update, place: Place, kind: str, value: str, customers: Customers, config: EmulatorConfig
) -> None:
    mine = going.customer.identifiers.get(place, {}).get(kind)
    if mine == value:
        return
    owner = customers.peek(place, kind, value)
    if owner is not None and customers.survivor(owner) is not going.customer:
        raise Refused(8008, kind)
    if mine is not None:
        if kind == config.primary_identifier:
            going.warnings.append(entry(91005, kind))
            return
        if config.identifier_change == "error":
            raise Refused(8007, kind)
        if config.identifier_change == "warning":
            going.warnings.append(entry(91006, kind))
            return
    other = customers.elsewhere(place, kind, value)
    if other is not None and other is not going.customer:
        if config.other_source == "refuse":
            raise Refused(8007, kind)
        if config.other_source == "conflict":
            going.warnings.append(entry(8052, kind))
            return
        victim, survivor = going.customer, other  # document CODES: who is there already survives
        going.warnings.append(entry(8050 if config.other_source == "combine" else 8051, survivor.id))
        going.changes.append(lambda: customers.merge(victim, survivor))
        going.customer = survivor
    going.changes.append(lambda: customers.claim(going.customer, place, kind, value))


def _enrol(going: Update, given: dict[str, Any], *, loyal: bool, config: EmulatorConfig) -> None:
    """A new program takes its details and credits the points; of one that the customer is in, only points may move."""
    program = given["programId"]
    points = given.get("loyaltyPoints", 0)
    if config.organisation.programs and program not in config.organisation.programs:
        raise Refused(885, program)
    if not loyal:
        raise Refused(8089)
    is_in = program in going.customer.enrolments
    if is_in and config.enrolled_again == "error":
        raise Refused(8007, f"program {program}")
    if is_in and config.enrolled_again == "ignore":
        return

    def store() -> None:
        enrolment = going.customer.enrolments.get(program)
        if enrolment is None:
            enrolment = going.customer.enrolments[program] = Enrolment(
                program, given.get("tierNumber"), 0, given.get("tierExpiryDate"), given.get("pointsExpiryDate")
            )
        enrolment.points += points

    going.changes.append(store)
    going.points += points
    if points and config.enrolment_side_effects:
        going.side_effects.append(_points_effect(going.customer, points))


def _points_effect(customer: Customer, points: int) -> dict[str, Any]:
    """One item of `sideEffects` (document LOOKUP)."""
    return {
        "entityType": "CUSTOMER",
        "rawAwardedPoints": points,
        "awardedPoints": points,
        "type": "points",
        "customerId": customer.id,
        "isReferrer": False,
    }
