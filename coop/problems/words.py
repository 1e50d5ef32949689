"""What can be wrong with what stewards make of a phrase."""

from coop.problems.problem import Problem
from coop.words.saying import say


def no_phrase(found: str, meant: str) -> Problem:
    """Refuse a phrase that Minga never says."""
    line = f"phrase {found!r}: there is none with this English text{meant}"
    return Problem(line, "message", say("There is no such phrase. Choose one from the list."))


def odd_length(found: int, most: int) -> Problem:
    """Refuse a text that is empty or endless."""
    line = f"phrase: found {found} letters; allowed: 1 to {most}"
    return Problem(line, "text", say("Write 1 to {most} letters.", most=most))


def odd_places(message: str, needed: str, found: str) -> Problem:
    """Refuse a text in which figures or names would go missing."""
    line = (
        f"phrase {message!r}: keep what stands in braces as it is; needed: {needed}; found: {found}"
    )
    saying = say(
        "Keep what stands in braces as it is, each once or more and nothing else: {needed}.",
        needed=needed,
    )
    return Problem(line, "text", saying)
