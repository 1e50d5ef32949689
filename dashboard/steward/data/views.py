"""The views of a month's coverage: parse, ask, render."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.watch.book import MonthCoverage
from dashboard.language.speech import plain
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.asked import check_month, months_beside, read_month
from dashboard.steward.data import documents, telling
from dashboard.steward.data.heatmap import KINDS, TALL, WIDE, draw_coverage
from dashboard.steward.sections import NAMES, show

GAPS_SHOWN = 60


class DataPages:
    """How well each meter is known in a month."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/steward/data": self.steward_data,
            "/steward/data.json": self.steward_data_json,
            "/steward/data.csv": self.steward_data_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def steward_data(self) -> ResponseReturnValue:
        """Show a month's coverage."""
        page, now = self._read()
        drawn = {"coverage": WIDE, "coveragephone": TALL} if page.coverage.rows else {}
        return show(
            "steward/data.html",
            "steward_data",
            title=NAMES["steward_data"],
            page=page,
            now=now,
            beside=months_beside(page.month, page.first, now),
            charts={
                name: Markup(draw_coverage(page.month, page.coverage, name, sheet, plain))  # noqa: S704  heatmap escapes every text
                for name, sheet in drawn.items()
            },
            kinds=KINDS,
            shown=page.coverage.gaps[:GAPS_SHOWN],
            data=telling,
        )

    def steward_data_json(self) -> ResponseReturnValue:
        """Return a month's coverage."""
        page, _ = self._read()
        return jsonify(documents.coverage_document(page))

    def steward_data_csv(self) -> ResponseReturnValue:
        """Return a month's coverage as a table, a row a meter and day."""
        page, _ = self._read()
        return csv_answer(documents.coverage_csv(page), f"data-{page.month}")

    def _read(self) -> tuple[MonthCoverage, datetime]:
        now = self._sources.now()
        month = read_month(request.args.get("month"), now)
        page = self._sources.watch.books.coverage(month, now)
        check_month(month, page.first, now)
        return page, now
