"""What the page of coverage says; pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from coop.metering.intervals import Flag
from coop.slots import moment_of
from coop.watch.coverage import NOT_IN_BOOKS, Cell, Coverage, Gap
from coop.words import Saying, say
from coop.words.amounts import GAP
from dashboard.language.numbers import (
    MISSING,
    duration,
    hour,
    month_name,
    percent,
    short_day,
    whole,
)

GAPS = say("Gaps")
GAPS_NOTE = say("Stretches without energy, the longest first.")
NO_GAPS = say("There is no gap in this month.")
NOTHING_DUE = say("Nothing was due in this month: no meter counted, or the books begin later.")
NO_BOOKS = say(
    "Nothing is in the books yet. They fill once meters report and a key of sharing is in force."
)
METER = say("Meter")
FROM = say("From")
TO = say("To")
LENGTH = say("Length")
REASON = say("Reason")
KNOWN = say("Known")
SAME_ROWS = say("The same as a table, in per cent of each day")
MONTHS = say("Months")
LASTS = say("lasts")

KINDS: Mapping[str, Saying] = {
    "measured": say("measured"),
    "worked": say("worked out between two readings, or told by hand"),
    "missing": say("not measured"),
}
REASONS: Mapping[str, Saying] = {
    Flag.GAP: say("no readings came"),
    Flag.REGISTER_RESET: say("the counter began anew"),
    Flag.IMPLAUSIBLE_RISE: say("the counter rose further than can be"),
    NOT_IN_BOOKS: say("not settled yet: run minga settle"),
}
OTHER_REASON = say("not known")


def title_of(month: str) -> Saying:
    """Head the picture of a month."""
    return say("What was measured in {month}, by meters and days", month=month_name(month))


def describe(coverage: Coverage) -> Saying:
    """Describe the picture of a month."""
    return say(
        "{meters} meters on {days} days; {share} of what was due is known. The same rows stand in "
        "the table below.",
        meters=len(coverage.rows),
        days=len(coverage.days),
        share=known_of(coverage.total),
    )


def summary(total: Cell) -> Saying:
    """Say how much of a month is known."""
    return say("{share} of what was due is known.", share=known_of(total))


def parts(total: Cell) -> Saying:
    """Say of what the figure consists."""
    return say(
        "Of {all} slots of all meters {measured} were measured, {filled} worked out or told by "
        "hand, {missing} are missing.",
        all=whole(total.expected),
        measured=whole(total.measured),
        filled=whole(total.filled),
        missing=whole(total.missing),
    )


def known_of(cell: Cell) -> str:
    """Write how much of a day or a month is known; a dash where nothing was due."""
    return percent(cell.expected - cell.missing, cell.expected) if cell.expected else MISSING


def number_of(cell: Cell) -> str:
    """Write how much of a day is known, without a sign."""
    known = cell.expected - cell.missing
    return str(known * 100 // cell.expected) if cell.expected else ""


def more_gaps(count: int) -> Saying:
    """Say how many gaps are not listed."""
    return say("{count} shorter gaps stand in the CSV file.", count=whole(count))


def reason_of(gap: Gap) -> Saying:
    """Say why energy is missing."""
    return REASONS.get(gap.reason, OTHER_REASON)


def edge(at_s: int, now: datetime) -> str:
    """Write where a gap begins or ends."""
    local = moment_of(at_s).astimezone(now.tzinfo)
    return f"{short_day(local.date())}, {hour(local)}"


def length(gap: Gap) -> str:
    """Write how long a gap is."""
    span = timedelta(seconds=gap.to_s - gap.from_s)
    rest = duration(timedelta(seconds=span.seconds))
    if not span.days:
        return rest
    return f"{span.days}{GAP}d{GAP}{rest}" if span.seconds else f"{span.days}{GAP}d"
