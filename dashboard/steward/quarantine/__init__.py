"""What was refused on its way to the store: why, and what to do next."""
