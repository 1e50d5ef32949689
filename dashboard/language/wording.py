"""Every phrase the pages say, in one place; catalogues hold them in the languages people read.

Nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from coop.books import Standing
from coop.words import Saying, say
from dashboard.language.numbers import (
    duration,
    hour,
    kilo,
    kilo_of_tenths,
    long_date,
    percent,
    whole,
)
from dashboard.public.figures import Board, Day, Light, Row
from dashboard.public.live import Live, LiveState

NOW = say("The sun gives now")
SHARED = say("Shared today")
FUND = say("Solidarity fund")
LEFT_OVER = say("Left over today")
COMMUNITY = say("The day of the community")

PRODUCED = say("Produced")
OWN_USE = say("Own use")
SET_ASIDE = say("Set aside")
OVER = say("Left over")
BANDS: Mapping[str, Saying] = {
    "own": OWN_USE,
    "shared": say("Shared"),
    "aside": SET_ASIDE,
    "over": OVER,
    "missing": say("Not measured"),
    "ghost": say("Yesterday"),
    "outline": say("Use"),
}
MERGED_BAND = say("Used in homes")

LIGHTS: Mapping[Light, Saying] = {
    Light.PLENTY: say("Good time to use energy"),
    Light.TIGHT: say("All the energy is in use"),
    Light.DARK: say("No sun now"),
    Light.UNKNOWN: say("Not known now"),
}
_NOT_MEASURED = say("not measured")
STANDINGS: Mapping[Standing, Saying] = {
    Standing.SETTLED: say("measured"),
    Standing.PROVISIONAL: say("provisional"),
    Standing.UNSETTLED: _NOT_MEASURED,
    Standing.MISSING: _NOT_MEASURED,
}

EMPTY_BOARD = say(
    "There are no figures of the cooperative yet. They appear by themselves once the first roof "
    "and the meters have reported for a while."
)
EMPTY_DAY = say("This day has no figures in the books of the cooperative.")
WITHHELD = say(
    "This page shows no figures: the cooperative has fewer than five homes, and a sum would tell "
    "too much about each."
)
FUND_NOTE = say("gathered since the beginning")

PAGES = say("Pages")
STEP_BY_STEP = say("The day step by step")
REPORTS = say("Reports")
ASSEMBLY = say("Assembly")
PLAZA = say("Screen of the plaza")
DAYS = say("Days")
BALANCE = say("Balance of the day")
DIFFERENCE = say("Produced less its parts:")
FROM = say("From")
CLOSES = say("Closes")
STANDING = say("State")
SUM = say("Sum")
DRAFT_NOTE = say("Draft translation. To correct it, tell an energy steward.")
HORIZON_TITLE = say("The day, from dawn to dusk")


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error page says."""

    title: Saying
    text: Saying


BAD_DATE = Failure(
    say("Date not understood"),
    say(
        "Write a day as in ?date=2026-03-01, a month as in ?month=2026-03 or a year as in "
        "?year=2026, and only one of them."
    ),
)
FAILURES: Mapping[int, Failure] = {
    400: BAD_DATE,
    404: Failure(
        say("Page not found"), say("This address does not exist, or that day is outside the books.")
    ),
    405: Failure(say("Read only"), say("Here one can only look: nothing is sent to this address.")),
    500: Failure(say("Something failed"), say("The error was noted. Try again.")),
    503: Failure(
        say("The books are not at hand"),
        say(
            "The figures cannot be read at this moment. Measuring goes on by itself, and this "
            "page tries again by itself."
        ),
    ),
}
OTHER_FAILURE = Failure(say("Not possible"), say("The request cannot be answered."))


def unknown_language(known: str) -> Failure:
    """Refuse a language that nobody has, and say which there are."""
    text = say("Languages of these pages: {known}. Write for example ?lang=es.", known=known)
    return Failure(say("Language not known"), text)


def live_note(live: Live, now: datetime) -> Saying:
    """Say how current the live figure is."""
    if live.state is LiveState.FRESH:
        if live.reporting < live.roofs:
            return say("{some} of {all} roofs report", some=live.reporting, all=live.roofs)
        return say("measured at {time}", time=_local_hour(live, now))
    if live.state is LiveState.STALE:
        return _since(live, now)
    return {
        LiveState.NEVER: say("no roof has reported yet"),
        LiveState.AWAY: say("the readings are not at hand"),
        LiveState.WITHHELD: say("too few roofs report"),
    }[live.state]


def lost(now: datetime) -> Saying:
    """Say that the page has no connection, and of when its figures are."""
    return say("No connection. These figures are of {time}.", time=hour(now))


def day_note(day: Day) -> tuple[Saying, ...]:
    """Say how far the day is counted and what is missing in it."""
    if day.total is None:
        return (say("nothing counted yet"),)
    notes = [say("counted until {time}", time=hour(day.counted_until))]
    if day.missing:
        notes.append(say("not measured {span}", span=duration(day.missing * day.slot)))
    if day.provisional:
        notes.append(say("provisional {span}", span=duration(day.provisional * day.slot)))
    return tuple(notes)


def use_sentence(day: Day) -> Saying | None:
    """Say in words how much of what the homes used came from the roofs, if all of it is known."""
    total = day.total
    if total is None or day.provisional:
        return None
    return use_of(total.consumption_wh, (total.own_use_wh or 0) + (total.shared_wh or 0))


def use_of(used_wh: int | None, sun_wh: int) -> Saying | None:
    """Say in words how much of what the homes used came from the roofs; None if nothing was."""
    if not used_wh:
        return None
    return say(
        "The homes used {used} kWh: {share} came from the roofs, {grid} kWh from the grid.",
        used=kilo(used_wh),
        share=percent(sun_wh, used_wh),
        grid=kilo(max(used_wh - sun_wh, 0)),
    )


def horizon_text(board: Board) -> Saying:
    """Describe the picture of the public screen."""
    total = board.today.total
    if total is None:
        return say("Nothing is counted today yet. Behind it, the line of yesterday.")
    return say(
        "The day step by step until {time}: the roofs gave {produced} kWh; {shared} kWh were "
        "shared and {over} kWh were left over. What is ahead of the day shows the line of "
        "yesterday.",
        time=hour(board.today.counted_until),
        produced=kilo(total.produced_wh),
        shared=kilo(total.shared_wh),
        over=kilo(total.left_over_wh),
    )


def day_text(day: Day) -> Saying:
    """Describe the chart of a day."""
    total = day.total
    if total is None:
        return EMPTY_DAY
    best = max(day.passed, key=lambda row: row.produced_wh or 0)
    return say(
        "Energy every {span}. Produced {produced} Wh, at most {most} Wh at {time}. The same "
        "figures stand in the table below.",
        span=duration(day.slot),
        produced=whole(total.produced_wh),
        most=whole(best.produced_wh),
        time=hour(best.start),
    )


def day_title(day: date) -> Saying:
    """Head the chart of a day."""
    return say("Production of {date}", date=long_date(day))


def chart_caption(day: Day) -> Saying:
    """Say what one step of the chart is."""
    return say("kWh in each {span}", span=duration(day.slot))


def table_caption(day: Day) -> Saying:
    """Say what the table holds."""
    return say(
        "Every {span}, in Wh. The column «{closes}» tells what is missing for the account to "
        "close: always zero.",
        span=duration(day.slot),
        closes=CLOSES,
    )


def fund_amount(tenths_wh: int) -> str:
    """Write what the fund holds."""
    return kilo_of_tenths(tenths_wh)


def band_names(day: Day) -> Mapping[str, Saying]:
    """Name the bands of a day; own use has no name where it is told inside shared."""
    return {**BANDS, "shared": MERGED_BAND} if day.is_merged else BANDS


def standing_name(row: Row) -> Saying:
    """Name how a slot that is over stands."""
    return STANDINGS[row.standing]


def _local_hour(live: Live, now: datetime) -> str:
    return hour(live.taken_at.astimezone(now.tzinfo) if live.taken_at else None)


def _since(live: Live, now: datetime) -> Saying:
    if live.taken_at is None:
        return say("no reading for a while")
    local = live.taken_at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return say("no reading since {time}", time=hour(local))
    return say(
        "no reading since {date} at {time}", date=f"{local.day}/{local.month}", time=hour(local)
    )
