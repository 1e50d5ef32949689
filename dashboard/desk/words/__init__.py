"""The page on which stewards correct what Minga says."""
