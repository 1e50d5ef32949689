"""Show: the Flask pages that say what was produced, who got what and what was left over."""
