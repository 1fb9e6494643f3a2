"""A mapping that uses every target of the catalog yields exactly the documented body and query."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from importer.apis import capillary
from importer.mapping import load

MAPPING = Path(__file__).parent / "every_target.yaml"

ROW = {
    "Account": "shop 1", "Mobile": "098765 43210", "E-mail": "tom+x@example.com", "First": " Tom ", "Middle": "",
    "Last": "Sawyer", "Store": "0007", "Children": "2", "Employee": "yes", "Code": "AB00000042", "Card": "0000123456",
    "Series": "17", "Card id": "C-1", "E-mails": "a@example.com; b@example.com", "Verified": "true",
    "Push token": "token:EXAMPLE", "Seen": "25/10/2019", "Sex": "F", "Born": "31/12/1980", "Age": "42", "Weight": "61.5",
    "Wed": "01/02/2003 10:30", "City": "Bengaluru", "Interests": "tea,chess", "Tier": "Gold", "Points": "0075",
    "Tier until": "11-02-2027", "Points until": "11-02-2027",
}  # fmt: skip

# Spelled out by hand from section 2.1 of the API's facts: names in profiles[0], the rest at the top.
QUERY = "/v2/customers/lookup?source=INSTORE&accountId=shop%201&identifierName=mobile&identifierValue=919876543210"
BODY = """
{
  "profiles": [
    {
      "firstName": "Tom",
      "lastName": "Sawyer",
      "fields": {"favourite_store": "0007", "children": 2, "employee": true},
      "identifiers": [
        {"type": "mobile", "value": "919876543210"},
        {"type": "email", "value": "tom+x@example.com"},
        {"type": "externalId", "value": "AB00000042"},
        {"type": "cardnumber", "value": "0000123456", "seriesId": 17, "seriesCode": "GOLD", "statusLabel": "ACTIVE",
         "cardExternalId": "C-1"},
        {"type": "wechat", "value": "wx-1"},
        {"type": "martjackId", "value": "mj-1"},
        {"type": "fbId", "value": "fb-1"},
        {"type": "tmall_uname", "value": "tm-1"},
        {"type": "cuid", "value": "cu-1"},
        {"type": "ali_uname", "value": "al-1"},
        {"type": "jd_uname", "value": "jd-1"},
        {"type": "vip_uname", "value": "vp-1"},
        {"type": "line", "value": "ln-1"}
      ],
      "commChannels": [
        {"type": "mobile", "value": "919876543210", "primary": true, "verified": false,
         "meta": {"residence": true, "office": false}},
        {"type": "email", "value": "a@example.com", "verified": true},
        {"type": "email", "value": "b@example.com", "verified": true},
        {"type": "wechat", "value": "wx-1"},
        {"type": "ios", "value": "ios-token"},
        {"type": "android", "value": "android-token"},
        {"type": "line", "value": "ln-1"},
        {"type": "mobilePush", "value": "token:EXAMPLE", "meta": {"lastViewedDate": "2019-10-25"}}
      ],
      "source": "INSTORE",
      "accountId": "shop 1"
    }
  ],
  "loyaltyInfo": {"loyaltyType": "loyalty"},
  "extendedFields": {"gender": "Female", "dob": "1980-12-31", "age": 42, "weight": 61.5,
                     "anniversary": "2003-02-01T10:30:00+05:30", "city": "Bengaluru", "interests": ["tea", "chess"]},
  "loyaltyProgramEnrollments": [
    {"programId": 1016, "tierNumber": 2, "loyaltyPoints": 75, "tierExpiryDate": "2027-02-11T23:59:59+05:30",
     "pointsExpiryDate": "2027-02-11T00:00:00+05:30"}
  ]
}
"""


def test_every_target_of_the_catalog_is_filled():
    """So that the next test leaves nothing out."""
    catalog = capillary.endpoint().catalog
    mapping = load(MAPPING, catalog)
    assert {one.slot.target.address for one in mapping.filled} == set(catalog)
    types = {one.slot.element for one in mapping.filled if one.slot.address.startswith("profile.")}
    assert types >= {*catalog["profile.identifiers[].type"].values, *catalog["profile.commChannels[].type"].values}


def test_the_body_and_the_query_are_exactly_the_documented_ones(importer, tmp_path: Path):
    with (tmp_path / "row.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROW)
        writer.writeheader()
        writer.writerow(ROW)
    shown = importer("preview", "row.csv", "-m", str(MAPPING))
    assert shown.returncode == 0, shown.stderr
    (line,) = shown.stdout.splitlines()
    sent = json.loads(line)
    assert sent["PUT"] == QUERY
    assert sent["body"] == json.loads(BODY)
    assert line.endswith(json.dumps(json.loads(BODY), separators=(",", ":"), ensure_ascii=False) + "}")


def test_a_row_that_is_blank_but_for_its_identifier_sends_only_what_is_constant(importer, tmp_path: Path):
    """What is blank is absent: no null, no empty list, no NaN."""
    (tmp_path / "row.csv").write_text(",".join(ROW) + "\n,919876543210" + "," * (len(ROW) - 2) + "\n")
    shown = importer("preview", "row.csv", "-m", str(MAPPING))
    body = json.loads(shown.stdout)["body"]
    assert "fields" not in body["profiles"][0]
    assert "extendedFields" not in body
    assert "null" not in shown.stdout
    assert "NaN" not in shown.stdout
    assert all(one["value"] for one in body["profiles"][0]["identifiers"])
