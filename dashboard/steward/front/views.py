"""The views of the stewards' first page: parse, ask, render."""

from collections.abc import Callable

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from dashboard.language.speech import plain
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.front import documents, telling, wording
from dashboard.steward.front.reading import FrontReader
from dashboard.steward.sections import NAMES, page_of_month, show


class FrontPages:
    """What needs doing, and how each device reports."""

    def __init__(self, sources: Sources) -> None:
        self._reader = FrontReader(sources)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/steward": self.steward,
            "/steward.json": self.steward_json,
            "/steward.csv": self.steward_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.jinja_env.globals.update(front=wording, front_tells=telling)

    def steward(self) -> ResponseReturnValue:
        """Show what needs doing, and how each device reports."""
        page = self._reader.front()
        return show(
            "steward/front.html",
            "steward",
            title=NAMES["steward"],
            page=page,
            page_of_month=page_of_month,
        )

    def steward_json(self) -> ResponseReturnValue:
        """Return what needs doing, and how each device reports."""
        return jsonify(documents.front_document(self._reader.front(), plain))

    def steward_csv(self) -> ResponseReturnValue:
        """Return how each device reports, as a table."""
        return csv_answer(documents.front_csv(self._reader.front()), "steward")
