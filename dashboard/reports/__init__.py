"""The pages of a month's report: for stewards, for a household, and the public part."""
