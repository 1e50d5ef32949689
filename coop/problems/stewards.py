"""What can be wrong with what is entered of stewards."""

from coop.problems.problem import Problem
from coop.words.saying import say


def no_steward(found: str) -> Problem:
    """Refuse somebody who is no steward in office."""
    line = f"steward {found}: no such steward in office; see minga member list"
    return Problem(line, "steward_id", say("This is no steward in office. Choose from the list."))


def ends_before_it_began(found: str) -> Problem:
    """Refuse a term without length."""
    line = f"steward {found}: the term would end before it began; choose a later moment"
    return Problem(line, "at", say("The term would end before it began. Choose a later moment."))
