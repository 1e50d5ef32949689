"""Finds out which devices answer on a bus, and which profiles fit them; reads only."""
