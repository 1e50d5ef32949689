"""The page of manual readings: one at a time, or a list from a file, looked at before it counts."""
