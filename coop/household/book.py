"""Reads one home's figures back for its page: at most five statements, days parsed only once.

It decides nothing; `settle` wrote the slots, and `month` says what they are worth.
"""

from dataclasses import replace
from datetime import date, datetime

from coop.database.newness import edition_of
from coop.database.opening import Database
from coop.explain import Explaining, Explanation
from coop.household.asking import read_documents, read_lines, read_register
from coop.household.best_hours import find_best
from coop.household.model import HomePage, HomeStretch, Wanted
from coop.household.months import add_month, home_month
from coop.household.reader import DayReader, ReadDays
from coop.household.slots import home_day, home_slots
from coop.household.view import View, joined
from coop.members.stewards import read_tariffs
from coop.memory import Memory
from coop.month.money import Prices
from coop.month.statements import MonthSums
from coop.settings import CoopSettings
from coop.slots import days_between

_MONTHS_KEPT = 24
_PAGES_KEPT = 64
_HOUR_S = 3_600


class HomeBook:
    """Answer what one home was allocated; one for the whole life of the pages."""

    def __init__(self, database: Database, settings: CoopSettings) -> None:
        self._database = database
        self._settings = settings
        self._days = DayReader()
        self._months: Memory[MonthSums] = Memory(_MONTHS_KEPT)
        self._pages: Memory[HomePage | None] = Memory(_PAGES_KEPT)

    def page(self, wanted: Wanted) -> HomePage | None:
        """Return a home's page; None where there is no such home. Raise InputError for a month."""
        name = wanted.home_id, wanted.month, wanted.day
        edition = edition_of(self._database.mark(), self._settings, wanted.now)
        held = self._pages.recall_or_make(name, edition, lambda: self._read(wanted))
        return None if held is None else replace(held, now=wanted.now)

    def _read(self, wanted: Wanted) -> HomePage | None:
        with self._database.reading() as connection:
            register = read_register(connection)
            if wanted.home_id not in register.homes:
                return None
            view = View(wanted, self._settings, register, tuple(read_tariffs(connection)))
            documents = tuple(read_documents(connection, wanted.month))
            read = self._days.read(connection, view)
        return self._page(view, read, self._month(view, read, documents))

    def slots(self, home_id: str, first: date, last: date, now: datetime) -> HomeStretch | None:
        """Return a home's slots of some days; None where there is no such home."""
        with self._database.reading() as connection:
            register = read_register(connection)
            if home_id not in register.homes:
                return None
            views = [
                View(Wanted(home_id, now, f"{day:%Y-%m}", day), self._settings, register, ())
                for day in days_between(first, last)
            ]
            spans = joined(view.slots(view.wanted.day) for view in views)
            lines = read_lines(connection, spans)
        slots = tuple(slot for view in views for slot in home_slots(view, lines))
        return HomeStretch(views[0].first, slots)

    def explain(self, home_id: str, slot_start_s: int) -> Explanation:
        """Explain one slot of a home; raise InputError, RefusedError or LedgerError."""
        with self._database.reading() as connection:
            return Explaining(connection, self._settings).slot(home_id, slot_start_s)

    def _month(self, view: View, read: ReadDays, documents: tuple[str, ...]) -> MonthSums:
        """Return the month as a whole, added up again only when something of it changed."""
        days = view.month_days
        stamp = (tuple(read.stamps[day] for day in days), documents)
        held = self._months.recall(view.wanted.month, stamp)
        if held is None:
            sums = [read.sums[day] for day in days]
            held = add_month(view.wanted.month, sums, documents, Prices(view.tariffs))
            self._months.keep(view.wanted.month, stamp, held)
        return held

    def _page(self, view: View, read: ReadDays, month: MonthSums) -> HomePage:
        home, recent = view.wanted.home_id, [read.sums[day] for day in view.recent_days]
        days = [home_day(view, day, read.sums[day]) for day in view.month_days]
        last_s = max((day.last_s[home] for day in recent if home in day.last_s), default=None)
        left_over = (day.left_over for day in recent)
        slots_an_hour = _HOUR_S // self._settings.slot_s
        return HomePage(
            home_id=home,
            name=view.register.homes[home],
            now=view.wanted.now,
            today=home_day(view, view.today, read.sums[view.today]),
            counted_until=None if last_s is None else view.local(last_s + self._settings.slot_s),
            month=home_month(view, days, month),
            day=home_day(view, view.wanted.day, read.sums[view.wanted.day]),
            slots=home_slots(view, read.lines),
            best=find_best(left_over, slots_an_hour, len(view.register.homes)),
            metered_since=view.metered_since,
            first=view.first,
        )
