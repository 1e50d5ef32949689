"""The page of the assembly: its fund, what it decided, its stewards."""
