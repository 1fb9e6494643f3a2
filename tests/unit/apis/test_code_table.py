"""Capillary's codes as data, and the pages made of them."""

from __future__ import annotations

import pytest

from importer.apis.capillary import endpoint
from importer.apis.capillary.codes import codes, lossy
from importer.apis.capillary.reference import catalog_page, codes_page

# Every code of the documents that concerns an update, written down apart from the table under test.
DOCUMENTED = """
400 401 403 404 405 415 429 461 498 500 502 503 504 520 521 618 816 885 1001 1002 1003 1011 1012 1015 1016 1017 1018
1024 1032 1033 1041 1042 1044 1045 1046 1047 1048 1049 1053 1060 1061 1062 1064 1213 3017 3217 4000 4001 8001 8002 8003
8005 8006 8007 8008 8009 8010 8011 8013 8014 8015 8018 8020 8026 8028 8045 8050 8051 8052 8053 8054 8055 8056 8057 8058
8059 8060 8061 8062 8063 8064 8065 8066 8067 8068 8069 8070 8071 8072 8073 8074 8075 8077 8084 8085 8086 8087 8088 8089
8090 8106 8107 8108 8109 8119 8120 8127 8130 10002 11013 19223 91005 91006 91007 91015 91016 91020 91021 91022
"""


def test_every_documented_code_has_an_entry():
    assert set(DOCUMENTED.split()) <= set(codes())


@pytest.mark.parametrize("code", codes().values(), ids=lambda code: code.code)
def test_each_entry_says_what_it_means_and_what_to_do(code):
    assert code.meaning
    assert code.advice
    assert not code.advice.endswith(".")
    assert code.kind in {"error", "warning", "both"}
    assert code.retry in {"no", "yes", "limited"}
    assert code.kind != "error" or not code.lost, "only a warning can say that part of the data was lost"


def test_the_codes_of_lost_data_are_those_of_the_contract():
    lost = "1017 1018 8055 8056 8057 8058 8064 91005 91006 91007 91015 91016"
    assert lossy() == frozenset(lost.split())


def test_advice_reads_as_the_contract_spells_it():
    assert endpoint().codes["8015"].sentence == (
        "8015: no such customer for this identifier: check the number, or register the customer first"
    )


def test_the_reference_pages_hold_every_target_and_every_code():
    targets, table = catalog_page(), codes_page()
    assert all(f"| `{address}` |" in targets for address in endpoint().catalog)
    assert all(f"| {code} |" in table for code in codes())
