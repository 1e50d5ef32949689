"""Devices and meters for stewards: how they report, and how well they are known."""

from dashboard.api.asking import OneMonth
from dashboard.api.offering import Asked, Offer
from dashboard.api.shapes.devices import Coverage, Devices
from dashboard.documents import Document
from dashboard.language.speech import plain
from dashboard.sources import Sources
from dashboard.steward.asked import check_month
from dashboard.steward.data.documents import coverage_document
from dashboard.steward.front.documents import front_document
from dashboard.steward.front.reading import FrontReader


class DevicesApi:
    """What stewards keep an eye on."""

    def __init__(self, sources: Sources) -> None:
        self._reader = FrontReader(sources)
        self._books = sources.watch.books

    def offers(self) -> tuple[Offer, ...]:
        """Return its addresses."""
        return (
            Offer("/devices", self.devices, Devices),
            Offer("/devices/coverage/<month>", self.devices_coverage, Coverage, OneMonth),
        )

    def devices(self, _asked: Asked) -> Document:
        """Return what there is to do, and how each device reports."""
        return front_document(self._reader.front(), plain)

    def devices_coverage(self, asked: Asked) -> Document:
        """Return how well each meter is known in a month, day by day, and where the gaps are."""
        now = self._reader.now()
        page = self._books.coverage(asked["month"], now)
        check_month(page.month, page.first, now)
        return coverage_document(page)
