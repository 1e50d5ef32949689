"""The views of prices: parse, ask, render."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from coop.desk import Office, PriceList
from coop.members.prices import Asked
from coop.words import Saying
from dashboard.desk import moments
from dashboard.desk.forms import Form
from dashboard.desk.prices import documents, wording
from dashboard.desk.section import Section
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import NAMES, show


class PricePages:
    """What a kilowatt-hour costs, since when, and who set that."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._prices = PriceList(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        rule = "/steward/prices"
        acts = {"enter": self._enter}
        Section("steward_prices", self._show, acts, wording.DONE).register(app, rule)
        for form, view in (("json", self.json), ("csv", self.csv)):
            endpoint = f"steward_prices_{form}"
            app.add_url_rule(f"{rule}.{form}", endpoint, view, methods=["GET"])

    def json(self) -> ResponseReturnValue:
        """Return every price."""
        return jsonify(documents.prices_document(self._prices.look()))

    def csv(self) -> ResponseReturnValue:
        """Return every price as a table."""
        return csv_answer(documents.prices_csv(self._prices.look()), "prices")

    def _enter(self, form: Form, who: str) -> None:
        typed = (form.text(name) for name in ("kind", "centimos", "at", "decision"))
        self._prices.enter(Asked(*typed), who)

    def _show(self, form: Form, done: Saying | None) -> str:
        zone = self._office.settings.zone
        return show(
            "desk/prices.html",
            "steward_prices",
            title=NAMES["steward_prices"],
            view=self._prices.look(),
            form=form,
            done=done,
            own=wording,
            moments=moments,
            zone=zone,
            today=f"{self._office.now().astimezone(zone):%Y-%m-%d}",
        )
