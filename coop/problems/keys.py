"""What can be wrong with a key that stewards propose."""

from coop.problems.problem import Problem
from coop.words.saying import say


def needs_then(method: str) -> Problem:
    """Refuse a method without its second step."""
    line = f"method {method}: needs `then`"
    return Problem(line, "then", say("This way of sharing needs a second step. Choose one."))


def needs_lifeline() -> Problem:
    """Refuse the first watt-hours for all without saying how many."""
    line = "method lifeline: needs lifeline_wh"
    return Problem(line, "lifeline_wh", say("Write how many Wh of each need come first."))


def needs_groups() -> Problem:
    """Refuse groups in turn without groups."""
    line = "method priority: no home has a tier"
    return Problem(line, "homes", say("Write the group of each home: 1 comes first."))


def needs_reserved() -> Problem:
    """Refuse reserved parts first without reserved parts."""
    line = "method reserved: no home has a reserved_percent"
    return Problem(line, "homes", say("Write which percentage is reserved for which home."))


def reserved_too_much(found: str) -> Problem:
    """Refuse to reserve more than there is."""
    line = f"reserved_percent: they sum to {found}; allowed: up to 100"
    saying = say("The reserved percentages sum to {found}. Up to 100 is allowed.", found=found)
    return Problem(line, "homes", saying)


def nobody() -> Problem:
    """Refuse a key without homes."""
    line = "key: no home has a part; allowed: at least one"
    return Problem(line, "homes", say("Give at least one home a part."))


def odd_percent(found: str) -> Problem:
    """Refuse what is no percentage."""
    line = f"fund_percent: found {found}; allowed: 0 to 100"
    return Problem(line, "fund_percent", say("Write a percentage from 0 to 100, such as 12.5."))


def no_decision() -> Problem:
    """Refuse a key that nobody decided."""
    line = "key: found no decision; say which assembly decided it, and when"
    return Problem(line, "decision", say("Write which assembly decided it, and when."))
