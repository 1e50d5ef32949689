"""The community for programs: a day, a month, a year, and their slots."""

from datetime import date

from flask import abort

from dashboard.api.asking import OneDay, OneMonth, OneYear, Rows
from dashboard.api.offering import Asked, Offer, next_address
from dashboard.api.paging import Stretch, read_part
from dashboard.api.shapes.community import CommunityDay, CommunityMonth, CommunityYear, SlotPage
from dashboard.community import documents
from dashboard.community.asked import Asked as Span
from dashboard.community.asked import is_within, parse
from dashboard.community.reading import CommunityReader
from dashboard.documents import Document
from dashboard.public.documents import slot_document
from dashboard.sources import PageSettings


class CommunityApi:
    """What the community made, shared and left over."""

    def __init__(self, reader: CommunityReader, settings: PageSettings) -> None:
        self._reader = reader
        self._settings = settings

    def offers(self) -> tuple[Offer, ...]:
        """Return its addresses."""
        days, months = "/community/days/<date>", "/community/months/<month>"
        return (
            Offer(days, self.community_day, CommunityDay, OneDay),
            Offer(f"{days}/slots", self.community_day_slots, SlotPage, OneDay, Rows),
            Offer(months, self.community_month, CommunityMonth, OneMonth),
            Offer(f"{months}/slots", self.community_month_slots, SlotPage, OneMonth, Rows),
            Offer("/community/years/<year>", self.community_year, CommunityYear, OneYear),
        )

    def community_day(self, asked: Asked) -> Document:
        """Return the sums of a day and what each roof made."""
        return documents.day_sums_of(self._reader.day(self._span(asked).first))

    def community_month(self, asked: Asked) -> Document:
        """Return a month day by day."""
        return documents.period_of(self._reader.period(self._span(asked)))

    def community_year(self, asked: Asked) -> Document:
        """Return a year month by month."""
        return documents.period_of(self._reader.period(self._span(asked)))

    def community_day_slots(self, asked: Asked) -> Document:
        """Return the slots of a day that are over."""
        return self._slots(asked)

    def community_month_slots(self, asked: Asked) -> Document:
        """Return the slots of a month that are over."""
        return self._slots(asked)

    def _slots(self, asked: Asked) -> Document:
        span = self._span(asked)
        stretch = Stretch(
            span.first, min(span.last, self._today), self._settings.zone, self._settings.slot_s
        )
        part = read_part(self._reader.rows, stretch, asked["limit"], asked.get("cursor"))
        return {
            "slots": [slot_document(row) for row in part.rows],
            "next": next_address(part.cursor),
        }

    def _span(self, asked: Asked) -> Span:
        """Return the day, month or year of the address; 404 where no books can be."""
        told = {name: str(asked[name]) for name in ("date", "month", "year") if name in asked}
        span = parse(told, self._today)
        if not is_within(span, self._today):
            abort(404)
        return span

    @property
    def _today(self) -> date:
        return self._reader.now().date()
