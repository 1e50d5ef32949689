"""How one figure came to be: a home's part of one slot, recomputed and told step by step."""

from coop.explain.explaining import Explaining
from coop.explain.explanation import Explanation, HomeFigures, LatePart, Line, Turn
from coop.explain.sentences import tell

__all__ = [
    "Explaining",
    "Explanation",
    "HomeFigures",
    "LatePart",
    "Line",
    "Turn",
    "tell",
]
