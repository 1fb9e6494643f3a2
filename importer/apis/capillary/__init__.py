"""Everything peculiar to Capillary: catalog, address and query, credentials, what replies and codes mean."""

from importer.apis.capillary.endpoint import endpoint, probe_endpoint

__all__ = ["endpoint", "probe_endpoint"]
