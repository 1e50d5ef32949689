"""Parses which year of the assembly is asked for, asks for it, renders."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.assembly.years import Years
from coop.calendar import Calendar
from coop.report.labels import FIGURES, PARTS, state_saying
from coop.report.shown import amounts
from coop.slots import moment_of
from coop.trial.wording import NAMES
from dashboard.assembly import phrases
from dashboard.assembly.asked import find_page
from dashboard.assembly.documents import assembly_csv, assembly_document
from dashboard.assembly.pictures import TALL, WIDE, draw_fund, holds_soles
from dashboard.assembly.reading import AssemblySource, Page
from dashboard.serving.answers import csv_answer


class AssemblyPages:
    """The views of the assembly; each is a few lines."""

    def __init__(self, source: AssemblySource, zone: ZoneInfo) -> None:
        self._source = source
        self._zone = zone
        self._years = Years(Calendar(zone))

    def register(self, app: Flask) -> None:
        """Give each view its addresses."""
        for view in (self.assembly, self.assembly_json, self.assembly_csv):
            rule = "/" + view.__name__.replace("_", ".")
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])

    def assembly(self) -> ResponseReturnValue:
        """Show the fund, the decisions and the stewards."""
        page = self._page()
        return render_template(
            "assembly.html",
            page=page,
            charts=_charts(page),
            holds_soles=holds_soles(page.shown.fund),
            phrases=phrases,
            amounts=amounts,
            figures=FIGURES,
            parts_named=PARTS,
            methods=NAMES,
            state_saying=state_saying,
            day_of=self._day_of,
        )

    def assembly_json(self) -> ResponseReturnValue:
        """Return the same for programs."""
        return jsonify(assembly_document(self._page()))

    def assembly_csv(self) -> ResponseReturnValue:
        """Return the same as a table."""
        page = self._page()
        return csv_answer(assembly_csv(page), page.name)

    def _page(self) -> Page:
        return find_page(self._source, request.args.get("year"), self._years)

    def _day_of(self, at_s: int) -> date:
        return moment_of(at_s).astimezone(self._zone).date()


def _charts(page: Page) -> dict[str, Markup]:
    months = page.shown.fund
    frames = {"fund": WIDE, "fundphone": TALL} if page.has_figures else {}
    return {
        name: Markup(draw_fund(months, name, frame))  # noqa: S704  charts escapes every text
        for name, frame in frames.items()
    }
