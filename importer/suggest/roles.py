"""What a column can hold, where that goes, and which cells speak for it.

A role is what a column *is* (the customer's mobile number); a place is what it fills (a lookup identifier and a channel).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Wants(enum.Enum):
    """Which cells a role expects."""

    PHONE = "phone numbers"
    EMAIL = "e-mail addresses"
    DATE = "dates"
    BIRTH = "dates of birth"
    BOOLEAN = "yes and no"
    GENDER = "words for genders"
    NAME = "names"
    TEXT = "words"
    CODE = "codes"
    POSTAL = "postal codes"
    INTEGER = "whole numbers"
    SMALL = "few different whole numbers"
    FEW = "few different values"
    TOKEN = "long tokens"  # noqa: S105 - what cells look like
    LOYALTY = "loyalty, non_loyalty, or yes and no"
    LABEL = "names or codes"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Role:
    """One of them. `address`: the target of the catalog, with `*` filled in; "" for none."""

    name: str
    wants: Wants
    address: str = ""
    label: str = ""  # for people; default: the address
    several: bool = False  # more than one column may hold it


def _roles(*roles: Role) -> Mapping[str, Role]:
    return MappingProxyType({role.name: role for role in roles})


ROLES: Mapping[str, Role] = _roles(
    Role("mobile", Wants.PHONE, "lookup.identifiers.mobile"),
    Role("mobile2", Wants.PHONE, "profile.commChannels[].value", "another mobile channel", several=True),
    Role("landline", Wants.PHONE, "", "a landline, which no target takes", several=True),
    Role("email", Wants.EMAIL, "lookup.identifiers.email"),
    Role("email2", Wants.EMAIL, "profile.commChannels[].value", "another e-mail channel", several=True),
    Role("mobileVerified", Wants.BOOLEAN, "profile.commChannels[].verified"),
    Role("emailVerified", Wants.BOOLEAN, "profile.commChannels[].verified"),
    Role("externalId", Wants.CODE, "lookup.identifiers.externalId"),
    Role("cardNumber", Wants.CODE, "profile.identifiers[].value"),
    Role("cardSeries", Wants.LABEL, "profile.identifiers[].seriesId"),
    Role("cardStatus", Wants.FEW, "profile.identifiers[].statusLabel"),
    Role("firstName", Wants.NAME, "profile.firstName"),
    Role("middleName", Wants.NAME, "profile.lastName", "profile.lastName, before the last name"),
    Role("lastName", Wants.NAME, "profile.lastName"),
    Role("fullName", Wants.NAME, "profile.firstName", "profile.firstName and profile.lastName"),
    Role("gender", Wants.GENDER, "extendedFields.gender"),
    Role("birthDate", Wants.BIRTH, "extendedFields.dob"),
    Role("weddingDate", Wants.DATE, "extendedFields.wedding_date"),
    Role("maritalStatus", Wants.FEW, "extendedFields.marital_status"),
    Role("city", Wants.TEXT, "extendedFields.city"),
    Role("area", Wants.TEXT, "extendedFields.area"),
    Role("state", Wants.TEXT, "extendedFields.state"),
    Role("zip", Wants.POSTAL, "extendedFields.zip"),
    Role("country", Wants.TEXT, "extendedFields.country_of_residence"),
    Role("nationality", Wants.TEXT, "extendedFields.nationality"),
    Role("language", Wants.FEW, "extendedFields.preferred_language"),
    Role("profession", Wants.TEXT, "extendedFields.profession"),
    Role("religion", Wants.FEW, "extendedFields.religion"),
    Role("age", Wants.INTEGER, "extendedFields.age"),
    Role("store", Wants.LABEL, "profile.fields.favourite_store"),
    Role("source", Wants.FEW, "lookup.source"),
    Role("accountId", Wants.FEW, "lookup.accountId"),
    Role("loyaltyType", Wants.LOYALTY, "loyaltyInfo.loyaltyType"),
    Role("programId", Wants.SMALL, "loyaltyProgramEnrollments[].programId"),
    Role("enrol", Wants.BOOLEAN, "loyaltyProgramEnrollments[].when", "the condition of loyaltyProgramEnrollments"),
    Role("tier", Wants.FEW, "loyaltyProgramEnrollments[].tierNumber"),
    Role("points", Wants.INTEGER, "loyaltyProgramEnrollments[].loyaltyPoints"),
    Role("tierExpiry", Wants.DATE, "loyaltyProgramEnrollments[].tierExpiryDate"),
    Role("pointsExpiry", Wants.DATE, "loyaltyProgramEnrollments[].pointsExpiryDate"),
    Role("androidToken", Wants.TOKEN, "profile.commChannels[].value", "an android channel"),
    Role("iosToken", Wants.TOKEN, "profile.commChannels[].value", "an ios channel"),
    Role("pushToken", Wants.TOKEN, "profile.commChannels[].value", "a mobilePush channel"),
    Role("pushSeen", Wants.DATE, "profile.commChannels[].meta.lastViewedDate"),
    Role("lineId", Wants.LABEL, "profile.commChannels[].value", "a line channel"),
    Role("wechatId", Wants.LABEL, "profile.commChannels[].value", "a wechat channel"),
    Role("rowStatus", Wants.FEW, "", "the record's status", several=True),
    Role("address", Wants.TEXT, "", "a postal address, which no target takes", several=True),
    Role("salutation", Wants.GENDER, "", "a form of address, which no target takes"),
    Role("record", Wants.ANY, "", "a fact about the record", several=True),
)
AMBIGUOUS_NAME = "name"  # first, last or full name: which, the other columns tell
SECONDS: Mapping[str, str] = MappingProxyType({"mobile": "mobile2", "email": "email2"})
ENROLMENT = ("programId", "tier", "points", "tierExpiry", "pointsExpiry")
