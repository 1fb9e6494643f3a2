"""What each column of the samples is, as their mappings in `mappings/` say."""

from __future__ import annotations

SAMPLES: dict[str, dict[str, str]] = {
    "legacy_customers.xlsx": {
        "Customer Code": "externalId", "First Name": "firstName", "Middle Name": "middleName", "Last Name": "lastName",
        "Mobile No": "mobile", "Mobile 2": "mobile2", "E-mail": "email", "Sex": "gender", "Birth date": "birthDate",
        "City": "city", "PIN": "zip", "Store": "store", "Newsletter": "field", "Loyalty card": "cardNumber",
        "Series": "cardSeries", "Status": "-",
    },
    "nightly_loyalty.csv": {
        "Member": "externalId", "Customer type": "loyaltyType", "Enrol": "enrol", "Programme": "programId",
        "Tier": "tier", "Tier until": "tierExpiry", "Points": "points", "Points until": "pointsExpiry", "Batch": "field",
    },
    "backfill_channels.csv": {
        "customer_id": "externalId", "emails": "email", "email_verified": "emailVerified", "mobile": "mobile",
        "android_token": "androidToken", "ios_token": "iosToken", "push_token": "pushToken",
        "push_last_seen": "pushSeen", "line_id": "lineId", "wechat_id": "wechatId", "opted_type": "loyaltyType",
    },
}  # fmt: skip
