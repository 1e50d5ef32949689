"""Gives the pages on which stewards act their addresses."""

from flask import Flask

from coop.desk import Office
from dashboard.desk.month.views import MonthPages


def register(app: Flask, office: Office) -> None:
    """Register every page on which stewards act."""
    MonthPages(office).register(app)
