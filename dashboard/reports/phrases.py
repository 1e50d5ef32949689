"""What the pages of reports say beside what the report itself is told with."""

from coop.words import say
from dashboard.language.wording import Failure

MONTHS = say("Months")
NO_MONTHS = say("The books have no month yet. It appears by itself once its first slot is settled.")
NONE_APPROVED = say(
    "No report has been approved by an assembly yet. Households see drafts by their QR card."
)
READ_ALOUD = say("To read aloud")
SLIPS = say("A slip for each home")
COUNTED = say("Slots counted")
VERIFY = say("Anyone can recompute this month: minga verify")
OF_THE_SUM = say("Where it went")
WITHHELD = say(
    "The sums of this month are not shown: they would tell too much of fewer than five homes."
)
NO_SUCH_MONTH = say("That month has no report")


def no_such_month(known: str) -> Failure:
    """Say which months there are."""
    if not known:
        return Failure(NO_SUCH_MONTH, NO_MONTHS)
    return Failure(NO_SUCH_MONTH, say("Reports there are: {known}.", known=known))
