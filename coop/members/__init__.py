"""Who belongs to the cooperative: members, homes, meters, roofs and keys."""
