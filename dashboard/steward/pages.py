"""Gives the stewards' pages their addresses."""

from flask import Flask

from dashboard.sources import Sources
from dashboard.steward import wording
from dashboard.steward.admitting.cards import CardPages
from dashboard.steward.admitting.record import RecordPages
from dashboard.steward.data.views import DataPages
from dashboard.steward.front.views import FrontPages
from dashboard.steward.quarantine.views import QuarantinePages
from dashboard.steward.roofs.views import RoofPages


def register(app: Flask, sources: Sources) -> None:
    """Register every page of stewards."""
    app.jinja_env.globals.update(steward=wording)
    FrontPages(sources).register(app)
    DataPages(sources).register(app)
    CardPages(sources).register(app)
    RecordPages(sources).register(app)
    QuarantinePages(sources).register(app)
    RoofPages(sources).register(app)
