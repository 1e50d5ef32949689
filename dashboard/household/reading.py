"""Reads what a household's pages show, for people and for programs; raises LostError."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from coop.books import Standing
from coop.errors import InputError, LedgerError, RefusedError
from coop.household import HomePage, HomeSlot, Wanted
from dashboard.household import lost
from dashboard.household.asked import Asked, check_in_books, read_asked, read_slot
from dashboard.household.chapters import WhyPage, read_why
from dashboard.household.lost import LostError
from dashboard.public.figures import State
from dashboard.sources import Sources

_RECENT_SLOTS = 3
_NEW = timedelta(days=14)


class HomeReader:
    """Reads one home's month, its slots and their reasons."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._settings = sources.settings

    def now(self) -> datetime:
        """Return the present moment in the cooperative's zone."""
        return self._sources.now()

    def page(self, home: str, month: str | None, day: str | None) -> tuple[Asked, HomePage]:
        """Read a month of a home and a day in it, as an address names them."""
        now = self.now()
        asked = read_asked(month, day, now.date())
        page = self._sources.homes.page(Wanted(home, now, asked.month, asked.day))
        if page is None:
            raise LostError(404, lost.NO_HOME)
        check_in_books(asked, page.first, now.date())
        return asked, page

    def slots(self, home: str, asked: Asked, first: date, last: date) -> Sequence[HomeSlot]:
        """Read the slots that are over, of some days of what is asked for."""
        now = self.now()
        found = self._sources.homes.slots(home, first, last, now)
        if found is None:
            raise LostError(404, lost.NO_HOME)
        check_in_books(asked, found.first, now.date())
        return [slot for slot in found.slots if slot.standing is not Standing.AHEAD]

    def why(self, home: str, slot: str) -> WhyPage:
        """Read how the figures of one slot came to be."""
        at_s = read_slot(slot, self._settings.slot_s, self._settings.zone)
        try:
            explanation = self._sources.homes.explain(home, at_s)
        except InputError:
            raise LostError(404, lost.NO_HOME) from None
        except RefusedError:
            raise LostError(404, lost.NO_SLOT) from None
        except LedgerError:
            raise LostError(500, lost.DISAGREEING) from None
        return read_why(explanation, self._settings.zone, self.now())

    def state(self, page: HomePage) -> State:
        """Say how a page stands."""
        if page.counted_until is None and page.month.sums is None and _is_new(page):
            return State.EMPTY
        patience = timedelta(seconds=_RECENT_SLOTS * self._settings.slot_s)
        is_fresh = page.counted_until is not None and page.now - page.counted_until <= patience
        return State.FULL if is_fresh else State.STALE


def _is_new(page: HomePage) -> bool:
    """Say whether the home has figures nowhere, rather than in earlier months only."""
    since = page.metered_since
    return page.first is None or since is None or page.now - since < _NEW
