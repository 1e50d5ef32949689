"""The pages of one household: what it got, what it kept, and how each figure came to be."""
