"""The page of sharing keys: the one in force, a proposed one as a picture, adopting it."""
