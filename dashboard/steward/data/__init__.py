"""How well each meter is known in a month, and where the gaps are."""
