"""The views by which stewards keep an eye on things: parse, ask, render."""

from collections.abc import Callable

from flask import Flask
from flask.typing import ResponseReturnValue

from dashboard.sources import Sources
from dashboard.steward.sections import NAMES, show
from dashboard.steward.watch import wording


class WatchPages:
    """What needs doing, and what that is seen by."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {"/steward": self.steward}
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.jinja_env.globals.update(watch=wording)

    def steward(self) -> ResponseReturnValue:
        """Show what needs doing."""
        return show("steward/front.html", "steward", title=NAMES["steward"])
