"""Gives the stewards' pages their addresses."""

from flask import Flask

from dashboard.sources import Sources
from dashboard.steward import wording
from dashboard.steward.watch.views import WatchPages


def register(app: Flask, sources: Sources) -> None:
    """Register every page of stewards."""
    app.jinja_env.globals.update(steward=wording)
    WatchPages(sources).register(app)
