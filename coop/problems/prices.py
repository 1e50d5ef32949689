"""What can be wrong with a price that somebody enters."""

from coop.problems.members import LONGEST
from coop.problems.problem import Problem
from coop.words.saying import say


def no_kind(found: str, allowed: str) -> Problem:
    """Refuse a price of something that has none."""
    line = f"tariff {found!r}: allowed: {allowed}"
    return Problem(line, "kind", say("Choose one from the list."))


def no_moment(line: str) -> Problem:
    """Refuse what is no moment."""
    saying = say("Write a day such as 2026-03-01, or a time such as 2026-03-01T10:15.")
    return Problem(line, "at", saying)


def no_price(found: str) -> Problem:
    """Refuse what is no number, or could be read as two different ones."""
    line = (
        f"CENTIMOS_PER_KWH: found {found[:LONGEST]!r}; allowed: a number such as 68.5, with a "
        "point, or with a comma and one or two decimals"
    )
    return Problem(line, "centimos", say("Write a number of céntimos such as 68.5 or 68,5."))


def out_of_range(found: str, most: int) -> Problem:
    """Refuse a price below nothing, or so high that a unit was taken for another."""
    line = f"tariff: found {found}; allowed: 0 to {most} céntimos a kWh"
    saying = say("A price is from 0 to {most} céntimos for a kWh.", most=str(most))
    return Problem(line, "centimos", saying)


def no_decision(found: str) -> Problem:
    """Refuse a price that nothing set."""
    line = (
        f"tariff: found the decision {found[:LONGEST]!r}, of {len(found)} letters; allowed: 1 to "
        f"{LONGEST} letters on one line, such as the bill or the assembly that set the price"
    )
    saying = say(
        "Write which bill or which assembly set the price, in up to {most} letters on one line.",
        most=LONGEST,
    )
    return Problem(line, "decision", saying)
