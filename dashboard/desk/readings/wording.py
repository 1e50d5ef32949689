"""What the page of manual readings says."""

from collections.abc import Mapping

from coop.members.by_hand.book import Verdict
from coop.members.by_hand.entries import ManualEntry
from coop.members.by_hand.listed import MOST_BYTES, MOST_LINES
from coop.words import Saying, say
from dashboard.language.wording import Failure

ABOUT = say(
    "What a person read off a meter fills the gap of a meter that did not report. It is marked as "
    "read by hand wherever it counts. Nothing entered is ever changed: it is withdrawn, and stays "
    "on record."
)
EMPTY = say("Nothing has been read by hand yet.")
ENTERED = say("Readings on record")
METER = say("Meter")
AT = say("When it was read")
WHEN = say("When")
WHY = say("Reason")
KWH = say("What it showed, in kWh, such as 1234.567")
NEW_KWH = say("Only if the meter was changed then: what the new one showed")
REASON = say("How it was read, and why")
STEWARD = say("Steward")
SAYS = say("What it says")
SHOWED = say("kWh")
ADD = say("Enter a reading")
WITHDRAW = say("Withdraw a reading")
WHICH = say("Which reading")
UPLOAD = say("Enter a list from a file")
UPLOAD_ABOUT = say(
    "A CSV file in UTF-8 of at most {kilobytes} KB and {lines} lines. First line: "
    "counter,at,kwh,reason. Then one reading a line: "
    "h01-meter/import_energy_total,2026-03-04T10:00,1234.567,Cable cut",
    kilobytes=MOST_BYTES // 1_000,
    lines=MOST_LINES,
)
FILE = say("File")
LOOK = say("Look at it first")
PREVIEW = say("What will be entered")
PREVIEW_ABOUT = say("Nothing is entered yet. Look it through, then enter it.")
CONFIRM = say("Enter these readings")
LINE = say("Line")
ALL_KNOWN = say("Everything in this file is on record already. There is nothing to do.")
MORE = say("and {count} more problems")
NO_FILE = say("Choose a file first.")
CHOOSE = say("Choose")
DONE: Mapping[str, Saying] = {
    "add": say("The reading is entered. The books are settled again by themselves."),
    "withdraw": say("The reading is withdrawn. The books are settled again by themselves."),
    "enter": say("The readings are entered. The books are settled again by themselves."),
}
TOO_LARGE = Failure(
    say("This is too large"),
    say(
        "Nothing was entered. A form may have up to 16 KB, a file of readings up to {kilobytes} "
        "KB: split it, and send one part after the other.",
        kilobytes=MOST_BYTES // 1_000,
    ),
)


def standing(verdict: Verdict) -> Saying:
    """Tell what will come of a reading of a list."""
    if verdict.problem is not None:
        return verdict.problem.saying
    return say("on record already") if verdict.is_known else say("new")


def says(one: ManualEntry, *, counts: bool) -> Saying:
    """Tell what an entry says, and whether it counts."""
    if one.withdrawn:
        return say("withdrawn")
    if not counts:
        return say("superseded")
    return say("new meter") if one.begins_anew else say("counts")
