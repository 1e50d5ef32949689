"""The views of the comparison of roofs: ask, render."""

from collections.abc import Callable

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.watch.siblings import SiblingCheck
from dashboard.language.speech import plain
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.roofs import documents, telling
from dashboard.steward.roofs.picture import draw_roof
from dashboard.steward.sections import NAMES, show


class RoofPages:
    """Which roof falls behind its neighbours."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/steward/roofs": self.steward_roofs,
            "/steward/roofs.json": self.steward_roofs_json,
            "/steward/roofs.csv": self.steward_roofs_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def steward_roofs(self) -> ResponseReturnValue:
        """Show each roof beside its neighbours."""
        page = self._read()
        return show(
            "steward/roofs.html",
            "steward_roofs",
            title=NAMES["steward_roofs"],
            page=page,
            charts=[
                Markup(draw_roof(one, page.measure, f"roof-{place}", plain)) if one.pairs else ""  # noqa: S704  picture escapes every text
                for place, one in enumerate(page.roofs)
            ],
            roofs=telling,
        )

    def steward_roofs_json(self) -> ResponseReturnValue:
        """Return each roof beside its neighbours."""
        return jsonify(documents.roofs_document(self._read()))

    def steward_roofs_csv(self) -> ResponseReturnValue:
        """Return the compared days of each roof as a table."""
        return csv_answer(documents.roofs_csv(self._read()), "roofs")

    def _read(self) -> SiblingCheck:
        now = self._sources.now()
        return self._sources.watch.books.siblings(now)
