"""What the stewards' first page says; nothing is decided here."""

from collections.abc import Mapping

from coop.words import Saying, say
from dashboard.steward.front.health import Freshness

NOTHING_TO_DO = say("Nothing needs to be done.")
NO_DEVICES = say(
    "No meter is registered yet. Enter homes, roofs and their meters first: minga member --help "
    "shows how."
)
ROOFS = say("Roofs")
METERS = say("Meters")
NAME = say("Name")
DEVICE = say("Device")
LAST_READING = say("Last reading")
STATE = say("State")

FRESHNESS: Mapping[Freshness, Saying] = {
    Freshness.NEVER: say("never reported"),
    Freshness.SILENT: say("silent"),
    Freshness.CLOCK: say("its clock is not right"),
    Freshness.LATE: say("late"),
    Freshness.RESTING: say("rests until there is sun"),
    Freshness.FRESH: say("reports"),
    Freshness.AWAY: say("not known"),
}
DOUBTS: Mapping[str, Saying] = {
    "too_fast": say("it rises faster than its roof or home can"),
    "zero": say("it says zero after it had counted"),
    "falling": say("it went backwards"),
    "foreign": say("another device answers in its place; if it was replaced, accept the new one"),
    "not_available": say("the device says that it has no value"),
    "implausible": say("its value cannot be"),
    "unread": say("a part of its value did not come"),
}
OTHER_DOUBT = say("its value is withheld")


def reporting(some: int, of: int) -> Saying:
    """Say how many devices report."""
    return say("{some} of {all} report", some=some, all=of)
