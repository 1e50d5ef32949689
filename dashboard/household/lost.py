"""What a household reads when something it asked for is not there: why, and what to do next."""

from datetime import datetime

from coop.words import say
from dashboard.language.numbers import hour
from dashboard.language.wording import Failure


class LostError(Exception):
    """What was asked for is not there: what the page says, and its status."""

    def __init__(self, status: int, failure: Failure, slot_s: int | None = None) -> None:
        """`slot_s` is the start of the slot that may be meant."""
        super().__init__(failure.title.message)
        self.status = status
        self.failure = failure
        self.slot_s = slot_s


BAD_MONTH = Failure(
    say("Month not understood"), say("Write the month as year-month, as in ?month=2026-03.")
)
BAD_DAY = Failure(
    say("Date not understood"), say("Write the day as year-month-day, as in ?date=2026-03-01.")
)
BAD_SLOT = Failure(
    say("Slot not understood"),
    say(
        "Write the start of the slot in UTC, as in /home/why/2026-03-01T17:00Z, or with its "
        "offset, as in 2026-03-01T12:00-05:00."
    ),
)
NO_SLOT = Failure(
    say("This slot is not in the books"),
    say(
        "A slot is written when it is over and settled. Go back to your home and choose one from "
        "its list."
    ),
)
NO_HOME = Failure(
    say("No such home"), say("The cooperative has no home of this name. Look at the address again.")
)
DISAGREEING = Failure(
    say("The books do not agree"),
    say("Sharing this slot again gives other figures than the books hold. Tell an energy steward."),
)


def no_such_month(first: str, last: str) -> Failure:
    """Refuse a month that the books do not reach to."""
    text = say("The books go from {first} to {last}. Choose one of these months.")
    return Failure(say("This month is not in the books"), text.put(first=first, last=last))


def inside_a_slot(start: datetime) -> Failure:
    """Refuse a moment at which no slot starts."""
    text = say("The slot that holds this moment starts at {time}.", time=hour(start))
    return Failure(say("No slot starts then"), text)
