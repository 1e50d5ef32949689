"""The pages on which stewards close a month step by step."""
