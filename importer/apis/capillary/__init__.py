"""Everything peculiar to Capillary: catalog, address and query, credentials, what replies and codes mean."""

from importer.apis.capillary.endpoint import details_endpoint, endpoint, probe_endpoint

__all__ = ["details_endpoint", "endpoint", "probe_endpoint"]
