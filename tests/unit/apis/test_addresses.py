"""Where a request goes."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.apis.capillary.address import address
from importer.endpoint import Lookup

ENCODED = [
    ("tom@example.com", "tom%40example.com"),  # as in every documented sample
    ("tom+cap@example.com", "tom%2Bcap%40example.com"),  # a plus sign must not arrive as a blank
    ("AB 01", "AB%2001"),  # a blank is %20, never +
    ("a&source=X", "a%26source%3DX"),  # a value cannot add a parameter
    ("a/b?c#d", "a%2Fb%3Fc%23d"),  # nor leave the query
    ("50%25", "50%2525"),  # what looks encoded is a value like any other
    ("josé", "jos%C3%A9"),  # UTF-8
]


@pytest.mark.parametrize(("value", "expected"), ENCODED)
def test_every_reserved_character_of_a_value_is_percent_encoded(value, expected):
    assert address(Lookup("INSTORE", "email", value)) == (
        f"/v2/customers/lookup?source=INSTORE&identifierName=email&identifierValue={expected}"
    )


def test_an_account_stands_after_its_source_and_is_left_out_where_there_is_none():
    with_account = address(Lookup("WECHAT", "wechat", "x1", account_id="WeChat 1"))
    assert with_account.startswith("/v2/customers/lookup?source=WECHAT&accountId=WeChat%201&identifierName=")
    assert "accountId" not in address(Lookup("INSTORE", "mobile", "919876543210"))


@given(st.builds(Lookup, st.text(), st.text(), st.text(), account_id=st.text(min_size=1)))
def test_any_text_comes_back_whole_from_the_query(lookup):
    """Half characters never come so far: validation refuses them."""
    texts = (lookup.source, lookup.account_id, lookup.identifier_name, lookup.identifier_value)
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        return
    query = dict(parse_qsl(urlsplit(address(lookup)).query, keep_blank_values=True))
    assert tuple(query.values()) == texts
