"""Settles slots: what was metered, shared by the key in force, into the books."""
