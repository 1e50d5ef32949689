"""The pages on which stewards enter members, homes, roofs and meters."""
