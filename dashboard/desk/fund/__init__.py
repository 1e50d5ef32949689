"""The page of the solidarity fund: what it holds, what was given, and giving by two stewards."""
