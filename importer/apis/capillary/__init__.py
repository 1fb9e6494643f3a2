"""Everything peculiar to Capillary: catalog, address and query, credentials, what replies and codes mean."""
