"""The views of prices: parse, ask, render."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from coop.desk import Office, PriceList
from coop.members.prices import Asked
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.prices import documents, wording
from dashboard.desk.section import Section, desk_page
from dashboard.serving.answers import csv_answer


class PricePages:
    """What a kilowatt-hour costs, since when, and who set that."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._prices = PriceList(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        acts = {"enter": self._enter}
        section = Section("steward_prices", self._show, acts, wording.DONE)
        section.register(app, self.json, self.csv)

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
        found = self._prices.look()
        return desk_page("prices", self._office, form, done, view=found, own=wording)
