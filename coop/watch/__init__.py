"""What a steward keeps an eye on: how well meters are known, and which roof falls behind."""
