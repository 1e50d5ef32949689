"""What programs get of a household's pages: field by field, nothing by accident."""

from coop.household import HomeDay, HomePage, HomeSlot
from coop.household.model import HomeMonth, HomeSums, Price
from coop.words import Words
from dashboard.documents import Document, csv_text, utc
from dashboard.household.asked import slot_name
from dashboard.household.chapters import WhyPage
from dashboard.public.figures import State

_AMOUNTS = ("consumption_wh", "own_use_wh", "shared_wh", "grid_wh", "set_aside_wh")


def home_document(page: HomePage, state: State) -> Document:
    """Return a home's page: whole Wh and céntimos, null where nothing is known."""
    return {
        **present_of(page, state),
        "day": page.day.date.isoformat(),
        "slots": [slot_of(slot) for slot in page.slots if slot.standing != "ahead"],
    }


def present_of(page: HomePage, state: State) -> Document:
    """Return a home's page without the slots of a day."""
    return {
        "state": state.value,
        "home": page.home_id,
        "name": page.name,
        "counted_until": utc(page.counted_until),
        "today": day_of(page.today),
        "month": month_of(page.month),
        "best_hours": [
            {"hour": one.hour, "level": None if one.level is None else one.level.name.lower()}
            for one in page.best.hours
        ],
        "plentiful": [{"from_hour": start, "to_hour": end} for start, end in page.best.ranges],
    }


def home_csv(page: HomePage) -> str:
    """Return the days of a month; an empty cell is missing, not zero."""
    head = ("home", "date", *_AMOUNTS, "slots_due", "slots_known", "quality")
    rows = (
        (
            page.home_id,
            day.date.isoformat(),
            *_sums(day.sums).values(),
            day.due,
            day.known,
            day.quality,
        )
        for day in page.month.days
    )
    return csv_text(head, rows)


def why_csv(page: WhyPage, words: Words) -> str:
    """Return the lines of an explanation, each in every language of the cooperative."""
    rows = (
        (line.step, *(words.tell_in(language, line.saying).text for language in words.languages))
        for line in page.lines
    )
    return csv_text(("step", *words.languages), rows)


def _sums(sums: HomeSums | None) -> dict[str, int | None]:
    told = sums and {
        "consumption_wh": sums.used_wh,
        "own_use_wh": sums.own_use_wh,
        "shared_wh": sums.shared_wh,
        "grid_wh": sums.grid_wh,
        "set_aside_wh": sums.set_aside_wh,
    }
    return dict(told) if told else dict.fromkeys(_AMOUNTS)


def day_of(day: HomeDay) -> Document:
    """Return one day of a home."""
    return {
        "date": day.date.isoformat(),
        **_sums(day.sums),
        "slots_due": day.due,
        "slots_known": day.known,
        "slots_provisional": day.provisional,
        "quality": day.quality.value,
    }


def month_of(month: HomeMonth) -> Document:
    """Return one month of a home, day by day."""
    return {
        "month": month.month,
        **_sums(month.sums),
        "late_own_use_wh": month.late_own_use_wh,
        "late_shared_wh": month.late_shared_wh,
        "kept_centimos": month.kept_centimos,
        "kept_is_estimate": not month.is_frozen,
        "prices": [_price(price) for price in month.prices],
        "days": [day_of(day) for day in month.days],
    }


def _price(price: Price) -> Document:
    return {
        "since": utc(price.since),
        "centimos_per_kwh": str(price.centimos_per_kwh),
        "decision": price.decision,
    }


def slot_of(slot: HomeSlot) -> Document:
    """Return one slot of a home."""
    figures = slot.figures
    return {
        "start": utc(slot.start),
        "standing": slot.standing.value,
        "quality": slot.quality.value,
        "consumption_wh": figures.consumption_wh,
        "own_use_wh": figures.own_use_wh,
        "shared_wh": figures.shared_wh,
        "grid_wh": figures.grid_wh,
        "set_aside_wh": figures.set_aside_wh,
        "why": f"/home/why/{slot_name(slot.start)}",
    }
