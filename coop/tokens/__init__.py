"""Tokens by which programs read one home, or what every member sees of the community."""
