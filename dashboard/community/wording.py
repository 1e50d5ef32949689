"""What the community's page says of months, years and roofs."""

from collections.abc import Mapping
from datetime import date, timedelta

from coop.words import Saying, say
from dashboard.community.asked import Asked, Unit, of
from dashboard.community.period import Fullness, Period, Step
from dashboard.community.telling import Made, Share
from dashboard.language.numbers import (
    duration,
    kilo,
    long_date,
    long_month,
    short_date,
    short_month,
    weekday_of,
)
from dashboard.language.wording import BANDS, CLOSES, COMMUNITY, EMPTY_DAY, MERGED_BAND, use_of

TITLES: Mapping[Unit, Saying] = {
    Unit.DAY: COMMUNITY,
    Unit.MONTH: say("The month of the community"),
    Unit.YEAR: say("The year of the community"),
}
TABS: Mapping[Unit, Saying] = {
    Unit.DAY: say("Day"),
    Unit.MONTH: say("Month"),
    Unit.YEAR: say("Year"),
}
STRETCH = say("Day, month or year")
OTHERS: Mapping[Unit, Saying] = {
    Unit.DAY: say("Days"),
    Unit.MONTH: say("Months"),
    Unit.YEAR: say("Years"),
}
BALANCES: Mapping[Unit, Saying] = {
    Unit.DAY: say("Balance of the day"),
    Unit.MONTH: say("Balance of the month"),
    Unit.YEAR: say("Balance of the year"),
}
EMPTY: Mapping[Unit, Saying] = {
    Unit.DAY: EMPTY_DAY,
    Unit.MONTH: say("This month has no figures in the books of the cooperative."),
    Unit.YEAR: say("This year has no figures in the books of the cooperative."),
}
CAPTIONS: Mapping[Unit, Saying] = {
    Unit.MONTH: say("kWh in each day"),
    Unit.YEAR: say("kWh in each month"),
}
BOOKS_SPAN = say("Go to where there are figures:")
BY_ROOF = say("What each roof made")
ROOF = say("Roof")
PART = say("Part")
NO_ROOFS = say("What each roof made is not in the books of this time.")
UNTOLD_NOTE = say(
    "A roof is told apart only where that gives away no home: with one to four homes that have a "
    "roof of their own, only the sum of all roofs is told."
)

_SHARES: Mapping[Share, Saying] = {
    Share.HOMES: say("All roofs of homes together"),
    Share.UNTOLD: say("Not told apart by roof"),
}
_FULLNESS: Mapping[Fullness, Saying] = {
    Fullness.WHOLE: say("measured"),
    Fullness.MISSING: say("not measured"),
    Fullness.WITHHELD: say("not told: fewer than five homes"),
}


def stretch_name(asked: Asked) -> str:
    """Name a day, a month or a year."""
    if asked.unit is Unit.DAY:
        return long_date(asked.first)
    return long_month(asked.first) if asked.unit is Unit.MONTH else str(asked.first.year)


def short_name(asked: Asked) -> str:
    """Name the one before or after, as a link."""
    if asked.unit is Unit.MONTH:
        return f"{short_month(asked.first)} {asked.first.year}"
    return short_date(asked.first) if asked.unit is Unit.DAY else str(asked.first.year)


def step_name(page: Period, step: Step) -> str:
    """Name a row: a day of the month or a month of the year."""
    return weekday_of(step.first) if page.asked.unit is Unit.MONTH else long_month(step.first)


def step_address(step: Step, unit: Unit) -> str:
    """Write what one asks for to see a row by itself."""
    return of(unit, step.first).name


def tick_name(page: Period, day: date) -> str:
    """Name a column under the chart."""
    return str(day.day) if page.asked.unit is Unit.MONTH else short_month(day)


def names_of(page: Period) -> Mapping[str, Saying]:
    """Name the bands; own use has no name where it is told inside shared."""
    return {**BANDS, "shared": MERGED_BAND} if page.is_merged else BANDS


def notes(page: Period) -> tuple[Saying, ...]:
    """Say how far it is counted and what is missing in it."""
    total = page.total
    if total is None:
        return ()
    told = []
    if page.asked.last >= page.today:
        told.append(say("counted up to {date}", date=long_date(_last_known(page))))
    if total.missing:
        told.append(say("not measured {span}", span=_span(total.missing, page.slot)))
    if total.provisional:
        told.append(say("provisional {span}", span=_span(total.provisional, page.slot)))
    if any(step.fullness is Fullness.WITHHELD for step in page.steps):
        told.append(_FULLNESS[Fullness.WITHHELD])
    return tuple(told)


def standing(page: Period, step: Step) -> Saying:
    """Say how well a row is known."""
    if step.fullness is Fullness.PARTLY and step.missing:
        return say("not measured {span}", span=_span(step.missing, page.slot))
    if step.provisional and step.fullness is Fullness.WHOLE:
        return say("provisional {span}", span=_span(step.provisional, page.slot))
    if step.fullness is Fullness.PARTLY:
        return _FULLNESS[Fullness.WITHHELD]
    return _FULLNESS[step.fullness]


def use_sentence(page: Period) -> Saying | None:
    """Say in words how much of what the homes used came from the roofs, if all of it is known."""
    total = page.total
    if total is None or total.provisional:
        return None
    return use_of(total.consumption_wh, (total.own_use_wh or 0) + (total.shared_wh or 0))


def title_of(page: Period) -> Saying:
    """Head the chart."""
    return say("Production of {date}", date=stretch_name(page.asked))


def text_of(page: Period) -> Saying:
    """Describe the chart."""
    best = max(page.steps, key=lambda step: step.produced_wh or 0)
    told = {
        "produced": kilo(page.total.produced_wh if page.total else None),
        "most": kilo(best.produced_wh),
        "when": short_date(best.first) if page.asked.unit is Unit.MONTH else long_month(best.first),
    }
    if page.asked.unit is Unit.MONTH:
        return say(
            "Energy day by day. Produced {produced} kWh, at most {most} kWh on {when}. The same "
            "figures stand in the table below.",
            **told,
        )
    return say(
        "Energy month by month. Produced {produced} kWh, at most {most} kWh in {when}. The same "
        "figures stand in the table below.",
        **told,
    )


def table_text(page: Period) -> Saying:
    """Say what the table holds."""
    if page.asked.unit is Unit.MONTH:
        return say(
            "Every day, in Wh. The column «{closes}» tells what is missing for the account to "
            "close: always zero.",
            closes=CLOSES,
        )
    return say(
        "Every month, in Wh. The column «{closes}» tells what is missing for the account to "
        "close: always zero.",
        closes=CLOSES,
    )


def roof_name(made: Made) -> Saying | str:
    """Name whose production it is."""
    return made.name if made.share is Share.ROOF else _SHARES[made.share]


def _last_known(page: Period) -> date:
    known = [step for step in page.steps if step.produced_wh is not None]
    return min(known[-1].last, page.today) if known else page.asked.first


def _span(slots: int, slot: timedelta) -> str:
    return duration(slots * slot)
