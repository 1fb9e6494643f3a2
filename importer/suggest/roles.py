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
    AGE = "years"
    INTEGER = "whole numbers"
    SMALL = "few different whole numbers"
    FEW = "few different values"
    TOKEN = "long tokens"  # noqa: S105 - what cells look like
    LOYALTY = "loyalty, non_loyalty, or yes and no"
    SOURCE = "sources that Capillary knows"
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

    @property
    def what(self) -> str:
        """What it is, for people."""
        return self.label or self.address


def _roles(*roles: Role) -> Mapping[str, Role]:
    return MappingProxyType({role.name: role for role in roles})


ROLES: Mapping[str, Role] = _roles(
    Role("mobile", Wants.PHONE, "lookup.identifiers.mobile", "the customer's mobile number"),
    Role("mobile2", Wants.PHONE, "profile.commChannels[].value", "another mobile number", several=True),
    Role("landline", Wants.PHONE, "", "a landline, which no target takes", several=True),
    Role("email", Wants.EMAIL, "lookup.identifiers.email", "the customer's e-mail address"),
    Role("email2", Wants.EMAIL, "profile.commChannels[].value", "another e-mail address", several=True),
    Role("mobileVerified", Wants.BOOLEAN, "profile.commChannels[].verified", "whether the mobile number is verified"),
    Role("emailVerified", Wants.BOOLEAN, "profile.commChannels[].verified", "whether the e-mail address is verified"),
    Role("externalId", Wants.CODE, "lookup.identifiers.externalId", "the customer's external id"),
    Role("cardNumber", Wants.CODE, "profile.identifiers[].value", "the number of a loyalty card"),
    Role("cardSeries", Wants.LABEL, "profile.identifiers[].seriesId", "the series of a loyalty card"),
    Role("cardStatus", Wants.FEW, "profile.identifiers[].statusLabel", "the status of a loyalty card"),
    Role("firstName", Wants.NAME, "profile.firstName", "the first name"),
    Role("middleName", Wants.NAME, "profile.lastName", "the middle name"),
    Role("lastName", Wants.NAME, "profile.lastName", "the last name"),
    Role("fullName", Wants.NAME, "profile.firstName", "first and last name"),
    Role("gender", Wants.GENDER, "extendedFields.gender", "the gender"),
    Role("birthDate", Wants.BIRTH, "extendedFields.dob", "the date of birth"),
    Role("weddingDate", Wants.DATE, "extendedFields.wedding_date", "the wedding date"),
    Role("maritalStatus", Wants.FEW, "extendedFields.marital_status", "the marital status"),
    Role("city", Wants.TEXT, "extendedFields.city", "the city"),
    Role("area", Wants.TEXT, "extendedFields.area", "the area"),
    Role("state", Wants.TEXT, "extendedFields.state", "the state"),
    Role("zip", Wants.POSTAL, "extendedFields.zip", "the postal code"),
    Role("country", Wants.TEXT, "extendedFields.country_of_residence", "the country"),
    Role("nationality", Wants.TEXT, "extendedFields.nationality", "the nationality"),
    Role("language", Wants.FEW, "extendedFields.preferred_language", "the preferred language"),
    Role("profession", Wants.TEXT, "extendedFields.profession", "the profession"),
    Role("religion", Wants.FEW, "extendedFields.religion", "the religion"),
    Role("age", Wants.AGE, "extendedFields.age", "the age"),
    Role("store", Wants.LABEL, "profile.fields.favourite_store", "the customer's store"),
    Role("source", Wants.SOURCE, "lookup.source", "the source of the profile"),
    Role("accountId", Wants.FEW, "lookup.accountId", "the account of the source"),
    Role("loyaltyType", Wants.LOYALTY, "loyaltyInfo.loyaltyType", "the loyalty type"),
    Role("programId", Wants.SMALL, "loyaltyProgramEnrollments[].programId", "the programme's id"),
    Role("enrol", Wants.BOOLEAN, "loyaltyProgramEnrollments[].when", "who is to be enrolled"),
    Role("tier", Wants.FEW, "loyaltyProgramEnrollments[].tierNumber", "the tier"),
    Role("points", Wants.INTEGER, "loyaltyProgramEnrollments[].loyaltyPoints", "points to credit"),
    Role("tierExpiry", Wants.DATE, "loyaltyProgramEnrollments[].tierExpiryDate", "the day on which the tier ends"),
    Role("pointsExpiry", Wants.DATE, "loyaltyProgramEnrollments[].pointsExpiryDate", "the day on which points expire"),
    Role("androidToken", Wants.TOKEN, "profile.commChannels[].value", "an Android token"),
    Role("iosToken", Wants.TOKEN, "profile.commChannels[].value", "an iOS token"),
    Role("pushToken", Wants.TOKEN, "profile.commChannels[].value", "a push token"),
    Role("pushSeen", Wants.DATE, "profile.commChannels[].meta.lastViewedDate", "when the app was last seen"),
    Role("lineId", Wants.LABEL, "profile.commChannels[].value", "a LINE id"),
    Role("wechatId", Wants.LABEL, "profile.commChannels[].value", "a WeChat id"),
    Role("rowStatus", Wants.FEW, "", "the record's status", several=True),
    Role("address", Wants.ANY, "", "a postal address, which no target takes", several=True),
    Role("salutation", Wants.GENDER, "", "a form of address, which no target takes"),
    Role("record", Wants.ANY, "", "a fact about the record", several=True),
)
AMBIGUOUS_NAME = "name"  # first, last or full name: which, the other columns tell
SECONDS: Mapping[str, str] = MappingProxyType({"mobile": "mobile2", "email": "email2"})
ENROLMENT = ("programId", "tier", "points", "tierExpiry", "pointsExpiry")
