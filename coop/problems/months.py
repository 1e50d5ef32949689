"""What can be wrong with what is recorded of a month."""

from coop.problems.problem import Problem
from coop.words.saying import say


def no_reason() -> Problem:
    """Refuse a reason without words."""
    line = "reason: found an empty text; say what happened"
    return Problem(line, "text", say("Say what happened."))


def outside(found: str, month: str, span: str) -> Problem:
    """Refuse a stretch of time that is not inside a month."""
    line = f"reason: {found} is not inside {month}, which is {span}"
    saying = say("This is not inside the month, or it ends before it begins.")
    return Problem(line, "to", saying)
