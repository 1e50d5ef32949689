"""The page of prices: those in force, those before, and a new one from a date."""
