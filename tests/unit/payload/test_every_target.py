"""A row that fills every target of the catalog yields exactly the documented body and query."""

from __future__ import annotations

import orjson

from importer.apis.capillary.catalog import catalog
from importer.endpoint import Lookup
from importer.payload import Assembler

IDENTIFIER_TYPES = [
    "mobile", "email", "externalId", "wechat", "martjackId", "fbId", "tmall_uname", "cuid", "ali_uname",
    "jd_uname", "vip_uname", "line",
]  # fmt: skip
CHANNEL_TYPES = ["mobile", "email", "wechat", "ios", "android", "line"]
MOMENT = "2026-03-31T23:59:59+05:30"

VALUES: dict[str, object] = {
    "lookup.source": "MOBILE_APP",
    "lookup.accountId": "app-1",
    "lookup.identifiers[0].mobile": None,
    "lookup.identifiers[1].externalId": "EXT1",
    "profile.firstName": "Tom",
    "profile.lastName": "Sawyer",
    "profile.fields.favourite_store": "0007",
    **{f"profile.identifiers[{n}].type": kind for n, kind in enumerate(IDENTIFIER_TYPES)},
    **{f"profile.identifiers[{n}].value": f"{kind}-1" for n, kind in enumerate(IDENTIFIER_TYPES)},
    "profile.identifiers[12].type": "cardnumber",
    "profile.identifiers[12].value": "C1",
    "profile.identifiers[12].seriesId": 7,
    "profile.identifiers[12].seriesCode": "S7",
    "profile.identifiers[12].statusLabel": "ACTIVE",
    "profile.identifiers[12].cardExternalId": "X1",
    **{f"profile.commChannels[{n}].type": kind for n, kind in enumerate(CHANNEL_TYPES)},
    **{f"profile.commChannels[{n}].value": f"{kind}-2" for n, kind in enumerate(CHANNEL_TYPES)},
    "profile.commChannels[6].type": "mobilePush",
    "profile.commChannels[6].value": "token",
    "profile.commChannels[6].primary": True,
    "profile.commChannels[6].verified": False,
    "profile.commChannels[6].meta.residence": True,
    "profile.commChannels[6].meta.office": False,
    "profile.commChannels[6].meta.lastViewedDate": "2025-10-25",
    "profile.source": "MOBILE_APP",
    "profile.accountId": "app-1",
    "loyaltyInfo.loyaltyType": "loyalty",
    "extendedFields.gender": "Male",
    "loyaltyProgramEnrollments[0].programId": 973,
    "loyaltyProgramEnrollments[0].tierNumber": 1,
    "loyaltyProgramEnrollments[0].loyaltyPoints": 75,
    "loyaltyProgramEnrollments[0].tierExpiryDate": MOMENT,
    "loyaltyProgramEnrollments[0].pointsExpiryDate": MOMENT,
}

BODY = (
    '{"profiles":[{"firstName":"Tom","lastName":"Sawyer","fields":{"favourite_store":"0007"},"identifiers":['
    '{"type":"mobile","value":"mobile-1"},{"type":"email","value":"email-1"},'
    '{"type":"externalId","value":"externalId-1"},{"type":"wechat","value":"wechat-1"},'
    '{"type":"martjackId","value":"martjackId-1"},{"type":"fbId","value":"fbId-1"},'
    '{"type":"tmall_uname","value":"tmall_uname-1"},{"type":"cuid","value":"cuid-1"},'
    '{"type":"ali_uname","value":"ali_uname-1"},{"type":"jd_uname","value":"jd_uname-1"},'
    '{"type":"vip_uname","value":"vip_uname-1"},{"type":"line","value":"line-1"},'
    '{"type":"cardnumber","value":"C1","seriesId":7,"seriesCode":"S7","statusLabel":"ACTIVE","cardExternalId":"X1"}],'
    '"commChannels":[{"type":"mobile","value":"mobile-2"},{"type":"email","value":"email-2"},'
    '{"type":"wechat","value":"wechat-2"},{"type":"ios","value":"ios-2"},{"type":"android","value":"android-2"},'
    '{"type":"line","value":"line-2"},{"type":"mobilePush","value":"token","primary":true,"verified":false,'
    '"meta":{"residence":true,"office":false,"lastViewedDate":"2025-10-25"}}],'
    '"source":"MOBILE_APP","accountId":"app-1"}],"loyaltyInfo":{"loyaltyType":"loyalty"},'
    '"extendedFields":{"gender":"Male"},"loyaltyProgramEnrollments":[{"programId":973,"tierNumber":1,'
    '"loyaltyPoints":75,"tierExpiryDate":"2026-03-31T23:59:59+05:30",'
    '"pointsExpiryDate":"2026-03-31T23:59:59+05:30"}]}'
)


def test_the_body_and_the_query_are_the_documented_ones(slot, mapped):
    slots = [slot(address) for address in VALUES]
    assert {one.target.address for one in slots} == set(catalog()), "a target of the catalog is not in this test"
    (prepared,) = Assembler(slots).assemble(mapped({2: VALUES}, list(VALUES)), [2])
    assert prepared.body is not None
    assert prepared.body.decode() == BODY
    assert orjson.loads(prepared.body)["profiles"][0]["identifiers"][0] == {
        "type": "mobile",
        "value": "mobile-1",
    }
    assert prepared.lookup == Lookup("MOBILE_APP", "externalId", "EXT1", "app-1")
    assert prepared.adds
    assert prepared.row == 2
