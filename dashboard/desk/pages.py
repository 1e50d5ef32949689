"""Gives the pages on which stewards act their addresses."""

from flask import Flask

from coop.desk import Office
from coop.doors.door import Doors
from dashboard.desk.fund.views import FundPages
from dashboard.desk.keys.views import KeyPages
from dashboard.desk.month.views import MonthPages
from dashboard.desk.prices.views import PricePages
from dashboard.desk.readings.views import ReadingPages
from dashboard.desk.register.members import MemberPages
from dashboard.desk.register.meters import MeterPages
from dashboard.desk.register.stewards import StewardPages
from dashboard.desk.words.views import WordPages

PAGES = (
    MonthPages,
    MemberPages,
    MeterPages,
    KeyPages,
    PricePages,
    ReadingPages,
    StewardPages,
    WordPages,
)


def register(app: Flask, office: Office, doors: Doors) -> None:
    """Register every page on which stewards act."""
    for pages in PAGES:
        pages(office).register(app)
    FundPages(office, doors).register(app)
