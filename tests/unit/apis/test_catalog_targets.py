"""The catalog against the founding page, name by name."""

from __future__ import annotations

import pytest

from importer.apis.capillary import endpoint
from importer.endpoint import Effect, Kind

# What the founding page's table lists, with the type it has in what is sent.
FOUNDING = {
    "lookup.source": Kind.ENUM,
    "lookup.accountId": Kind.STRING,
    "lookup.identifiers.*": Kind.STRING,
    "profile.firstName": Kind.STRING,
    "profile.lastName": Kind.STRING,
    "profile.fields.*": Kind.STRING,
    "profile.identifiers[].type": Kind.ENUM,
    "profile.identifiers[].value": Kind.STRING,
    "profile.commChannels[].type": Kind.ENUM,
    "profile.commChannels[].value": Kind.STRING,
    "profile.commChannels[].primary": Kind.BOOLEAN,
    "profile.commChannels[].verified": Kind.BOOLEAN,
    "profile.commChannels[].meta.residence": Kind.BOOLEAN,
    "profile.commChannels[].meta.office": Kind.BOOLEAN,
    "profile.commChannels[].meta.lastViewedDate": Kind.DATE_OR_DATETIME,
    "loyaltyInfo.loyaltyType": Kind.ENUM,
    "extendedFields.*": Kind.STRING,
    "loyaltyProgramEnrollments[].programId": Kind.INTEGER,
    "loyaltyProgramEnrollments[].tierNumber": Kind.INTEGER,
    "loyaltyProgramEnrollments[].loyaltyPoints": Kind.INTEGER,
    "loyaltyProgramEnrollments[].tierExpiryDate": Kind.DATETIME,
    "loyaltyProgramEnrollments[].pointsExpiryDate": Kind.DATETIME,
}


@pytest.mark.parametrize(("address", "kind"), FOUNDING.items())
def test_every_target_of_the_founding_page_is_there_with_its_type(address, kind):
    assert endpoint().catalog[address].kind is kind


def test_all_types_of_identifiers_and_channels_are_there():
    catalog = endpoint().catalog
    assert set(catalog["profile.identifiers[].type"].values) == {
        "mobile", "email", "externalId", "cardnumber", "wechat", "martjackId", "fbId", "tmall_uname", "cuid", "ali_uname",
        "jd_uname", "vip_uname", "line",
    }  # fmt: skip
    assert set(catalog["profile.commChannels[].type"].values) == {
        "mobile", "email", "wechat", "ios", "android", "line", "mobilePush",
    }  # fmt: skip
    assert catalog["loyaltyInfo.loyaltyType"].values == ("loyalty", "non_loyalty")


def test_only_points_add():
    adding = [address for address, target in endpoint().catalog.items() if target.effect is Effect.ADDS]
    assert adding == ["loyaltyProgramEnrollments[].loyaltyPoints"]


def test_profile_parts_lie_inside_the_profile_and_loyalty_parts_at_the_top():
    """Section 2.1 of the facts: the founding page's flat table hides the nesting."""
    for address, target in endpoint().catalog.items():
        top = address.split(".")[0]
        expected = {"lookup": "", "profile": "profiles[0].", "loyaltyInfo": "loyaltyInfo."}.get(top, top)
        assert target.body.startswith(expected), address
        assert (target.body == "") == (top == "lookup"), address


def test_only_texts_that_capillary_can_empty_may_be_cleared():
    clearable = {address for address, target in endpoint().catalog.items() if target.clearable}
    assert clearable == {"profile.firstName", "profile.lastName", "profile.fields.*", "extendedFields.*"}


def test_every_target_says_what_it_is_and_who_states_it():
    for address, target in endpoint().catalog.items():
        assert target.help.endswith("."), address
        assert target.source, address
