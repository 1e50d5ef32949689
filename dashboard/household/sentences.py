"""What the pages of a household say of its figures, in words before numbers."""

from datetime import datetime, timedelta

from coop.books import Standing
from coop.household import BestHours, HomeDay, HomePage, HomeSlot
from coop.household.model import HomeMonth, HomeSums, Price
from coop.metering.intervals import Quality
from coop.words import Saying, say
from dashboard.household.wording import NOT_MEASURED, NOTHING_YET, QUALITIES
from dashboard.language.numbers import (
    centimos,
    day_and_month,
    duration,
    hour,
    kilo,
    long_date,
    month_name,
    whole,
)


def kept_title(page: HomePage) -> Saying:
    """Head what was kept: this month's, or that of an earlier one."""
    if page.month.month == f"{page.now:%Y-%m}":
        return say("Soles kept this month")
    return say("Soles kept in {month}", month=month_name(page.month.month))


def kept_note(month: HomeMonth) -> Saying:
    """Say whether what was kept may still change."""
    if month.kept_centimos is None:
        return say("no price is entered yet")
    if month.is_frozen:
        return say("booked: it does not change any more")
    return say("an estimate until the month is closed")


def share_notes(page: HomePage, *, is_stale: bool) -> list[Saying]:
    """Say up to when today is counted, and what of it came from the own roof."""
    if page.counted_until is None:
        return [say("no reading for a while") if is_stale else NOTHING_YET]
    until = say("counted until {time}", time=hour(page.counted_until))
    if is_stale:
        until = say(
            "counted until {date}, {time}",
            date=day_and_month(page.counted_until.date()),
            time=hour(page.counted_until),
        )
    own_wh = page.today.sums.own_use_wh if page.today.sums else 0
    own = say("of it {kwh} kWh from your own roof", kwh=kilo(own_wh))
    return [until, own] if own_wh else [until]


def plenty(best: BestHours) -> Saying:
    """Say in one sentence when power is plentiful."""
    if not best.is_known:
        return say("It is not known yet when power is plentiful.")
    if not best.ranges:
        return say("In the last 14 days hardly anything was left over.")
    longest = sorted(sorted(best.ranges, key=lambda one: one[0] - one[1])[:2])
    spans = [
        say("from {start} to {end}", start=f"{start}:00", end=f"{end}:00") for start, end in longest
    ]
    if len(spans) == 1:
        return say("Power is plentiful {first}.", first=spans[0])
    return say("Power is plentiful {first} and {second}.", first=spans[0], second=spans[1])


def tenths_of(sums: HomeSums) -> int:
    """Return how many of every ten kWh came from the roofs, half rounded up."""
    if not sums.divided_wh:
        return 0
    return (sums.sun_wh * 20 + sums.divided_wh) // (2 * sums.divided_wh)


def covered(sums: HomeSums) -> Saying:
    """Say in words how much of what the home used came from the roofs."""
    tenths = tenths_of(sums)
    if not tenths:
        return say("Almost all you used came from the grid.")
    if sums.own_use_wh:
        saying = say(
            "Your own roof and your neighbours' covered {tenths} of every 10 kilowatt-hours you "
            "used."
        )
        return saying.put(tenths=tenths)
    saying = say("Your neighbours' roofs covered {tenths} of every 10 kilowatt-hours you used.")
    return saying.put(tenths=tenths)


def month_notes(month: HomeMonth) -> list[Saying]:
    """Say what else there is to know of a month, each in a sentence."""
    sums = month.sums or HomeSums()
    notes = []
    if sums.open_wh:
        notes.append(
            say(
                "{kwh} kWh that you used are not divided yet: what the roofs made is not known.",
                kwh=kilo(sums.open_wh),
            )
        )
    if sums.set_aside_wh:
        kwh = kilo(sums.set_aside_wh)
        notes.append(say("{kwh} kWh are set aside for you until your readings come.", kwh=kwh))
    late_wh = month.late_own_use_wh + month.late_shared_wh
    if late_wh:
        saying = say("Late readings of earlier months changed your share by {wh} Wh.")
        notes.append(saying.put(wh=f"{'+' if late_wh > 0 else ''}{whole(late_wh)}"))
    return notes


def price_note(price: Price) -> Saying:
    """Say what a kilowatt-hour from the utility costs, and who decided so."""
    return say(
        "At {price} céntimos a kilowatt-hour since {since}. Decision: {decision}.",
        price=centimos(price.centimos_per_kwh),
        since=long_date(price.since.date()),
        decision=price.decision,
    )


def month_text(month: HomeMonth) -> Saying:
    """Describe the picture of a month."""
    sums = month.sums or HomeSums()
    return say(
        "Your use day by day: {sun} kWh from the sun and {grid} kWh from the grid. The same "
        "figures stand in the table below.",
        sun=kilo(sums.sun_wh),
        grid=kilo(sums.grid_wh),
    )


def day_note(day: HomeDay, slot_s: int) -> Saying:
    """Say how well a day is known."""
    if not day.due and day.sums is None:
        return say("not part of the sharing") if day.known == 0 else NOTHING_YET
    if day.sums is None:
        return NOT_MEASURED
    if day.missing:
        return say("not measured {span}", span=duration(day.missing * timedelta(seconds=slot_s)))
    if day.provisional:
        return say("provisional {span}", span=duration(day.provisional * timedelta(seconds=slot_s)))
    return QUALITIES[day.quality]


def slot_note(slot: HomeSlot) -> Saying:
    """Say how well a slot is known."""
    if slot.standing is Standing.MISSING:
        return NOT_MEASURED
    if slot.figures.consumption_wh is None and slot.figures.set_aside_wh is None:
        return NOT_MEASURED if slot.quality is Quality.MISSING else say("not part of the sharing")
    if slot.standing is Standing.UNSETTLED:
        return say("not divided")
    if slot.standing is Standing.PROVISIONAL:
        return say("provisional")
    return QUALITIES[slot.quality]


def slots_title(day: HomeDay) -> Saying:
    """Head the slots of a day."""
    return say("{day}, slot by slot", day=long_date(day.date))


def statement_title(page: HomePage) -> Saying:
    """Head a statement."""
    month = month_name(page.month.month)
    return say("Statement of {home}, {month}", home=page.name, month=month)


def written(now: datetime) -> Saying:
    """Say when a statement was written."""
    return say("Written on {date} at {time}.", date=long_date(now.date()), time=hour(now))
