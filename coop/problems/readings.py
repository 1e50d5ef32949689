"""What can be wrong with what stewards read off meters, alone or in a list."""

from coop.problems.problem import Problem
from coop.words.saying import say

LINES = "lines"
"""The field under which problems of a list stand, each with its line."""


def no_meter(found: str, advice: str) -> Problem:
    """Refuse a counter that stands for nothing."""
    line = f"reading: {found} is no meter of a home or a roof; {advice}"
    return Problem(line, "counter", say("This is no meter of a home or a roof."))


def not_over(found: str, allowed: str) -> Problem:
    """Refuse a moment that has not come yet."""
    line = f"reading: {found} is not over yet; allowed: up to {allowed}"
    return Problem(line, "at", say("This time has not come yet."))


def no_reason() -> Problem:
    """Refuse a reading that nobody says how it was taken."""
    line = "--reason: found an empty text; say how the reading was taken"
    return Problem(line, "reason", say("Say how the reading was taken."))


def contradicted(line: str, when: str, kwh: str, *, is_before: bool) -> Problem:
    """Refuse a value that the counter itself contradicts, by what it showed before or after."""
    told = (
        say("The meter showed {kwh} already on {when}. Correct the value or the time.")
        if is_before
        else say("The meter showed only {kwh} on {when}, later. Correct the value or the time.")
    )
    return Problem(line, "kwh", told.put(kwh=kwh, when=when))


def odd_kwh(option: str, found: str) -> Problem:
    """Refuse what is no amount of kilowatt-hours."""
    hint = "; a decimal comma is not taken, write a point" if "," in found else ""
    line = (
        f"{option}: found {found!r}; allowed: kilowatt-hours of 0 or more with up to three "
        f"decimals, such as 1234.567{hint}"
    )
    saying = say("Write kilowatt-hours with a point and up to three decimals, such as 1234.567.")
    return Problem(line, option.strip("-").replace("-", "_"), saying)


def nothing_to_withdraw(line: str) -> Problem:
    """Refuse to take back what was never entered."""
    return Problem(line, "entry", say("Nothing of this meter counts at this time. Look again."))


def of_line(number: int, problem: Problem) -> Problem:
    """Place a problem in its line of a list."""
    saying = say("Line {line}: {what}", line=str(number), what=problem.saying)
    return Problem(f"line {number}: {problem}", LINES, saying)


def no_list(found: str) -> Problem:
    """Refuse a file that is no list of readings."""
    saying = say(
        "This is no list of readings. Allowed: a CSV file in UTF-8 whose first line is "
        "counter,at,kwh,reason, then one reading a line; new_kwh may follow for a changed meter."
    )
    return Problem(f"file: {found}; allowed: CSV, counter,at,kwh,reason[,new_kwh]", "file", saying)


def odd_row(found: int, needed: int) -> Problem:
    """Refuse a line with more or fewer cells than the head."""
    saying = say("{found} cells, the head has {needed}.", found=found, needed=needed)
    return Problem(f"found {found} cells, the head has {needed}", "file", saying)


def too_many(most: int) -> Problem:
    """Refuse a list that is longer than anybody looks through."""
    saying = say("more than {most} readings; split the file.", most=most)
    return Problem(f"more than {most} readings; split the file", "file", saying)


def no_moment(line: str) -> Problem:
    """Refuse what is no moment."""
    return Problem(line, "at", say("Write a day and an hour such as 2026-03-01T10:15."))
