"""Everything peculiar to Capillary: catalog, address and query, credentials, what replies and codes mean."""

from importer.apis.capillary.endpoint import endpoint

__all__ = ["endpoint"]
