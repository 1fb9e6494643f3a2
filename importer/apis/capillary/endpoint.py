"""The update call as data: what the rooms are given of Capillary."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from importer.apis.capillary.address import address
from importer.apis.capillary.catalog import catalog
from importer.apis.capillary.codes import codes
from importer.apis.capillary.details import read_details
from importer.apis.capillary.replies import effects, read, read_identity
from importer.endpoint import Endpoint


@cache
def endpoint() -> Endpoint:
    """`PUT /v2/customers/lookup`: updates a customer who exists, never registers one."""
    return Endpoint(
        name="customers/lookup",
        method="PUT",
        catalog=catalog(),
        codes=codes(),
        reader=read,
        addresser=address,
        effects=effects,
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )


def probe_endpoint() -> Endpoint:
    """`GET /v2/customers/lookup`: whether a customer exists; changes nothing (document GETID)."""
    return replace(endpoint(), name="customers/lookup, asked", method="GET", reader=read_identity)


def details_endpoint() -> Endpoint:
    """`GET /v2/customers/lookup/customerDetails`: what Capillary holds of a customer; changes nothing."""
    return replace(endpoint(), name="customers/lookup, details", method="GET", reader=read_details)
