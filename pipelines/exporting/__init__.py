"""Event logs and models out of the warehouse, for other tools to read."""
