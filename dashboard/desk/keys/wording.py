"""What the page of sharing keys says."""

from collections.abc import Mapping
from fractions import Fraction

from coop.members.weights import exact_text
from coop.words import Saying, say
from coop.words.amounts import tenths

ABOUT = say(
    "A key says how what the roofs make is shared. The assembly decides it. Try a proposal on a "
    "month of your own first: nothing is changed by that."
)
NO_KEY = say("There is no key yet: nothing is shared. Propose the first one below.")
NO_HOMES = say("No home has a meter yet. Register meters first, then a key can share with them.")
PRESENT = say("The key in force")
ALL_KEYS = say("All keys")
KEY = say("Key")
METHOD = say("Way of sharing")
WHEN = say("When")
DECISION = say("Decision: which assembly, and when")
DECIDED = say("Decision")
HOME = say("Home")
WEIGHT = say("Part")
PROPOSE = say("Propose a key")
PARTS_ABOUT = say(
    "Two parts are twice as much as one. Leave a part empty for a home that takes no part. Groups "
    "and reserved percentages count only for the ways of sharing that use them."
)
PARTS = say("Parts of the homes")
GROUP = say("Group")
RESERVED = say("Reserved, %")
FUND = say("For the fund, % of what is left over")
LIFELINE = say("First Wh of each need, for the first watt-hours for all")
THEN = say("Second step, for reserved parts and first watt-hours")
NONE = say("none")
MONTH = say("Month to try it on, as 2026-03")
TRY = say("Try it: show the picture")
TRIED = say("What it would have done")
TRIED_ABOUT = say(
    "Above the present key, below the proposed one, both with what was measured. More and less are "
    "against what was booked. Nothing has been changed."
)
IS_PRESENT = say("The present key")
IS_PROPOSED = say("The proposed key")
ADOPT_ABOUT = say(
    "Adopting it ends the present key where this one begins. It cannot begin in a month that is "
    "frozen, and can be ended only by another key."
)
NAME = say("Name of the key")
FROM = say("From when it holds")
ADOPT = say("Adopt it from this date")
USE = say("Use, Wh")
SHARED = say("Shared, Wh")
CHANGE = say("More or less, Wh")
DONE: Mapping[str, Saying] = {"adopt": say("The key is adopted.")}
NOT_IN_BOOKS = say("The books have no slot of this month, or no key holds at its end.")
NO_MONTH = say("Write a month such as 2026-03.")
NOT_A_NUMBER = say("Write a number such as 1, 0.5 or 1/3.")
NOT_WHOLE = say("Write a whole number.")
ODD_PARTS = say("Not right for home {home}: {found}. Write numbers such as 1, 0.5 or 1/3.")


def of_home(column: Saying, home: str) -> Saying:
    """Name a field of the table of parts."""
    return say("{column} of {home}", column=column, home=home)


number = exact_text
"""An exact number as a field takes it: 1, 12.5 or 1/3."""


def percent(part: Fraction) -> str:
    """Write a part of one in per cent, with one decimal."""
    return f"{tenths(round(part * 1_000))}%"
