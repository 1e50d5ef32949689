"""What can be wrong with what somebody gives from the solidarity fund."""

from coop.problems.members import LONGEST
from coop.problems.problem import Problem
from coop.words.saying import say


def no_amount(found: str) -> Problem:
    """Refuse what is no amount, or could be read as two different ones."""
    line = f"SOLES: found {found!r}; allowed: soles with up to two decimals, like 120.50"
    return Problem(line, "soles", say("Write an amount of soles such as 120.50 or 120,50."))


def too_little(found: str) -> Problem:
    """Refuse to give nothing, or less."""
    line = f"grant: found {found} soles; allowed: more than 0"
    return Problem(line, "soles", say("Write an amount of more than 0 soles."))


def too_much(decision: str, found: str, held: str) -> Problem:
    """Refuse to give what is not there."""
    line = (
        f"grant {decision}: found {found} soles, the fund holds {held}; give less, or wait for the "
        "next month"
    )
    saying = say("The fund holds S/ {held}. Give less, or wait for the next month.", held=held)
    return Problem(line, "soles", saying)


def no_decision() -> Problem:
    """Refuse what nobody decided."""
    line = "grant: found no decision; name the number of the assembly's decision"
    saying = say(
        "Write the number of the assembly's decision, in up to {most} letters on one line.",
        most=LONGEST,
    )
    return Problem(line, "decision", saying)


def no_purpose(most: int) -> Problem:
    """Refuse a gift to nobody."""
    line = f"grant: found no text; say for whom and for what, in up to {most} letters on one line"
    saying = say("Write for whom and for what, in up to {most} letters on one line.", most=most)
    return Problem(line, "text", saying)


def given_already(decision: str) -> Problem:
    """Refuse to give twice by one decision."""
    line = f"grant {decision}: is in the books already; nothing was booked"
    saying = say("This decision is in the books already. Nothing was booked.")
    return Problem(line, "decision", saying)


def not_two(found: str, needed: int) -> Problem:
    """Refuse what one steward does alone."""
    line = f"grant: found {found}; needed: {needed} different stewards"
    return Problem(line, "second", say("Another steward has to sign too. Choose from the list."))
