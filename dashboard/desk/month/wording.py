"""What the pages of the month close say."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from coop.desk import LateTold
from coop.month.obstacles import Kind, Obstacle, Reason, Tally
from coop.month.states import Act, Event
from coop.words import Saying, say
from dashboard.desk.moments import moment
from dashboard.language.numbers import month_name
from dashboard.language.wording import Failure

TITLE = say("Month close")
ABOUT = say(
    "A month is closed in four steps. Each step stands once it is done; what comes after it is "
    "booked in the month after."
)
EMPTY = say(
    "There is no month yet. The first one appears by itself once the roof and the meters have "
    "reported for a while."
)
MONTH = say("Month")
STATE = say("State")
LASTS = say("This month still lasts.")
BAD_MONTH = Failure(
    say("Month not understood"),
    say("Write the month as year-month, as in /steward/month/2026-03."),
)
BACK = say("All months")
IN_THE_WAY = say("What is in the way")
NOTHING_IN_THE_WAY = say("Nothing is in the way: the month can be frozen.")
LATE = say("Late readings and corrections")
NO_LATE = say("No reading came late for this month, and it corrects no earlier one.")
REASONS = say("Reasons on record")
REASON = say("Record why there is no production")
FROM = say("From")
TO = say("Up to")
TEXT = say("What happened")
RECORD = say("Record the reason")
READ_BY_HAND = say("Enter a reading")
DRAFT = say("Read the draft")
REPORT = say("Read the report")
MINUTES = say("Line for the minutes")

FREEZE = say("Freeze the month")
FREEZE_DOES = say(
    "Shares every slot for the last time, books the money and keeps the files. The report becomes "
    "a draft to be read."
)
FREEZE_AFTER = say(
    "After this no figure of the month changes. Readings that come late are booked as a correction "
    "in the month after. It cannot be undone."
)
SIGN = say("Two stewards sign")
SIGN_DOES = say(
    "Read the draft first. Your signature says that you looked at it. The second signature, of "
    "another steward, closes the month."
)
SIGN_AFTER = say(
    "After this the month is closed. A signature stands and cannot be taken back; the figures stay "
    "as they were frozen."
)
SIGN_NOW = say("Sign as {name}")
SIGNED_BY_YOU = say("Your signature stands. Another steward has to sign too.")
REVIEW = say("The assembly reviews it")
REVIEW_DOES = say("Enter what the assembly said when the report was read, and in which minutes.")
REVIEW_AFTER = say(
    "After this the figures stay. If the assembly says something else later, enter it again: the "
    "newest counts, and what was said before stays on record."
)
REFERENCE = say("Minutes: which assembly, number and date")
REMARK = say("Remark of the assembly")
APPROVED = say("It approves the month")
OBSERVED = say("It has a remark")
SAID = say("What the assembly said")
SAVE = say("Enter it")
NEEDS_CHOICE = say("Say which of the two the assembly did.")
NEEDS_REFERENCE = say("Write in which minutes it stands, such as: Minutes 14 of 2026-04-12.")
NEEDS_REMARK = say("Write the remark of the assembly.")
TOO_LONG = say("This is too long: at most {most} letters.")
NOT_YET = say("This step cannot be done yet. Below is how the month stands, and what is missing.")

STEPS: Mapping[str, Saying] = {
    "done": say("done"),
    "now": say("to be done now"),
    "later": say("later"),
}


def title_of(month: str) -> Saying:
    """Name the page of one month."""
    return say("Month close: {month}", month=month_name(month))


def obstacle(one: Obstacle, zone: ZoneInfo) -> Saying:
    """Tell what is in the way, and what to do about it."""
    until = moment(one.until_s, zone)
    if one.kind is Kind.LASTS:
        return say("The month lasts until {until}. Wait until it is over.", until=until)
    if one.kind is Kind.EMPTY:
        return say("The books have no slot of this month. Choose another month.")
    if one.kind is Kind.BEFORE_IS_OPEN:
        told = say("The month before, {month}, is still open. Freeze that one first.")
        return told.put(month=month_name(one.month))
    if one.kind is Kind.AFTER_IS_FROZEN:
        told = say(
            "{month} is frozen already, and months are frozen in order. Nothing can be done."
        )
        return told.put(month=month_name(one.month))
    if one.kind is Kind.UNSETTLED:
        told = say(
            "{count} slots have no production, and nobody has said why. Enter what the meter "
            "showed, or record the reason below."
        )
        return told.put(count=one.slots)
    told = say(
        "{count} slots wait for the reading of a home until {until}. Wait until then, or enter "
        "what its meter showed."
    )
    return told.put(count=one.slots, until=until)


def stretch(span: range, zone: ZoneInfo) -> Saying:
    """Tell from when to when."""
    start, end = moment(span.start, zone), moment(span.stop, zone)
    return say("{start} up to {end}", start=start, end=end)


def more_stretches(count: int) -> Saying:
    """Tell that there are more than are shown."""
    return say("and {count} more stretches", count=count)


def tally(one: Tally) -> Saying:
    """Tell how many slots stand where."""
    return say(
        "{slots} slots: {settled} settled, {provisional} provisional, {unsettled} without "
        "production, {missing} not in the books",
        slots=one.slots,
        settled=one.settled,
        provisional=one.provisional,
        unsettled=one.unsettled,
        missing=one.missing,
    )


def reason(one: Reason, zone: ZoneInfo) -> Saying:
    """Tell why slots have no production."""
    told = say("{start} up to {end}: {text} ({who})", text=one.text, who=one.steward)
    return told.put(start=moment(one.from_s, zone), end=moment(one.to_s, zone))


def late(one: LateTold) -> Saying:
    """Tell how many slots were corrected, and in which month's books."""
    told = say("{count} slots of {month} were corrected in the books of {other}.")
    return told.put(count=one.slots, month=month_name(one.of), other=month_name(one.booked_in))


def event(one: Event, zone: ZoneInfo) -> Saying:
    """Tell what happened to a month, by whom and when."""
    told = {
        Act.FROZEN: say("Frozen on {when}"),
        Act.SIGNED: say("Signed by {who} on {when}"),
        Act.APPROVED: say("Approved by the assembly, entered on {when}: {text}"),
        Act.OBSERVED: say("Observed by the assembly, entered on {when}: {text}"),
    }[one.act]
    text = one.text or "-"
    return told.put(who=one.steward or "-", when=moment(one.written_s, zone), text=text)
