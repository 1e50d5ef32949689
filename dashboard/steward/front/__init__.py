"""What needs doing, and how each device reports."""
