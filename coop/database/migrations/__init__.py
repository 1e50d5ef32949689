"""The cooperative's tables, version by version; run in code when the database is opened."""
