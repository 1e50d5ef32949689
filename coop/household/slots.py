"""One home's part of single slots and of whole days. Pure."""

from collections.abc import Sequence
from datetime import date

from orjson import loads

from coop.books import Standing
from coop.explain.explanation import HomeFigures
from coop.household.days import BookedLine, DaySums, Owners, qualities
from coop.household.model import HomeDay, HomeSlot
from coop.household.view import View
from coop.metering.intervals import Quality


def home_slots(view: View, lines: Sequence[BookedLine]) -> tuple[HomeSlot, ...]:
    """Return all slots of the wanted day, in order."""
    held, mine = {line.slot_start_s: line for line in lines}, view.own_meters
    return tuple(_slot(view, at_s, held.get(at_s), mine) for at_s in view.slots(view.wanted.day))


def home_day(view: View, day: date, sums: DaySums) -> HomeDay:
    """Return what a day came to for the home."""
    home = view.wanted.home_id
    held = sums.home(home)
    known = sums.known(home)
    return HomeDay(
        date=day,
        sums=held if known else None,
        # Where the day has lines and the home stands in none, nothing of it is missing.
        due=0 if held is None and sums.sums.slots else _due(view, view.slots(day)),
        known=known,
        provisional=sums.provisional,
        qualities=dict(sums.less.get(home, {})),
    )


def _due(view: View, slots: range) -> int:
    """Return how many slots of a day are over and should have figures."""
    if view.first_s is None:
        return 0
    begins_s, ends_s = max(slots.start, view.first_s), min(slots.stop, view.due_s)
    return len(range(begins_s, ends_s, slots.step))


def _slot(view: View, at_s: int, line: BookedLine | None, mine: Owners) -> HomeSlot:
    start, end = view.local(at_s), view.local(at_s + view.settings.slot_s)
    if line is None:
        is_due = view.first_s is not None and view.first_s <= at_s < view.due_s
        standing = Standing.MISSING if is_due else Standing.AHEAD
        return HomeSlot(start, end, standing, Quality.MISSING)
    figures = loads(line.allocation)["homes"].get(view.wanted.home_id, ())
    quality = qualities(line, mine).get(view.wanted.home_id, Quality.MEASURED)
    return HomeSlot(start, end, Standing(line.status), quality, HomeFigures(*figures))
