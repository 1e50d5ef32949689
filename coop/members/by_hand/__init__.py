"""Readings that a steward took by hand: entered, withdrawn, listed in files."""
