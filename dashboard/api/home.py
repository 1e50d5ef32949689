"""One home for programs: its share by slot, day and month, and the reason of each figure."""

from datetime import date

from flask import g, url_for

from coop.explain.document import explanation_document
from coop.household import HomePage, HomeSlot
from dashboard.api.asking import OfHome, OneDay, OneMonth, OneSlot, RowsOfHome
from dashboard.api.offering import Asked, Offer, next_address
from dashboard.api.paging import Stretch, read_part
from dashboard.api.shapes.household import DayOfHome, HomeNow, HomeSlots, MonthOfHome, Why
from dashboard.community.asked import Unit, of
from dashboard.documents import Document
from dashboard.household import documents
from dashboard.household.asked import Asked as Span
from dashboard.household.asked import read_asked, slot_name
from dashboard.household.lost import LostError
from dashboard.household.reading import HomeReader
from dashboard.sources import PageSettings
from dashboard.visiting import visited_home


class HomeApi:
    """What one home got, and why; its own programs need not name it, stewards do."""

    def __init__(self, reader: HomeReader, settings: PageSettings) -> None:
        self._reader = reader
        self._settings = settings

    def offers(self) -> tuple[Offer, ...]:
        """Return its addresses."""
        days, months = "/home/days/<date>", "/home/months/<month>"
        return (
            Offer("/home", self.home, HomeNow, query=OfHome),
            Offer(days, self.home_day, DayOfHome, OneDay, OfHome),
            Offer(f"{days}/slots", self.home_day_slots, HomeSlots, OneDay, RowsOfHome),
            Offer(months, self.home_month, MonthOfHome, OneMonth, OfHome),
            Offer(f"{months}/slots", self.home_month_slots, HomeSlots, OneMonth, RowsOfHome),
            Offer("/home/why/<slot>", self.home_why, Why, OneSlot, OfHome),
        )

    def home(self, _asked: Asked) -> Document:
        """Return the share of today and of this month, and when power is plentiful."""
        page = self._page({})
        return documents.present_of(page, self._reader.state(page))

    def home_day(self, asked: Asked) -> Document:
        """Return one day."""
        page = self._page(asked)
        return {**_whose(page), **documents.day_of(page.day)}

    def home_month(self, asked: Asked) -> Document:
        """Return one month, day by day."""
        page = self._page(asked)
        return {**_whose(page), **documents.month_of(page.month)}

    def home_day_slots(self, asked: Asked) -> Document:
        """Return the slots of a day that are over."""
        return self._slots(asked)

    def home_month_slots(self, asked: Asked) -> Document:
        """Return the slots of a month that are over."""
        return self._slots(asked)

    def home_why(self, asked: Asked) -> Document:
        """Return how the figures of one slot came to be, round by round."""
        try:
            page = self._reader.why(visited_home(), asked["slot"])
        except LostError as error:
            # Well written, yet in no calendar: there is no such slot.
            raise LostError(max(error.status, 404), error.failure, error.slot_s) from None
        return explanation_document(page.explanation, page.lines, g.words)

    def _slots(self, asked: Asked) -> Document:
        home, today = visited_home(), self._reader.now().date()
        span = read_asked(asked.get("month"), asked.get("date"), today)
        part = read_part(
            lambda first, last: self._reader.slots(home, span, first, last),
            self._stretch(span, today),
            asked["limit"],
            asked.get("cursor"),
        )
        slots = [{**documents.slot_of(slot), "why": _why(slot)} for slot in part.rows]
        return {"home": home, "slots": slots, "next": next_address(part.cursor)}

    def _stretch(self, span: Span, today: date) -> Stretch:
        unit = Unit.DAY if span.is_day_asked else Unit.MONTH
        days = of(unit, span.day if span.is_day_asked else date.fromisoformat(f"{span.month}-01"))
        last = min(days.last, today)
        return Stretch(days.first, last, self._settings.zone, self._settings.slot_s)

    def _page(self, asked: Asked) -> HomePage:
        return self._reader.page(visited_home(), asked.get("month"), asked.get("date"))[1]


def _whose(page: HomePage) -> Document:
    return {"home": page.home_id, "name": page.name}


def _why(slot: HomeSlot) -> str:
    return url_for("api.home_why", slot=slot_name(slot.start))
