"""The views of the fund: parse, ask, render."""

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from coop.desk import Fund, Office, Wish
from coop.doors.door import Doors
from coop.doors.entrance import Credentials
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.fund import documents, wording
from dashboard.desk.section import Section
from dashboard.doors.phrases import refused
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import NAMES, show
from dashboard.visiting import visitor


class FundPages:
    """What the fund holds, and what the assembly gives from it."""

    def __init__(self, office: Office, doors: Doors) -> None:
        self._fund = Fund(office, doors)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        rule = "/steward/fund"
        acts = {"give": self._give}
        Section("steward_fund", self._show, acts, wording.DONE).register(app, rule)
        for form, view in (("json", self.json), ("csv", self.csv)):
            endpoint = f"steward_fund_{form}"
            app.add_url_rule(f"{rule}.{form}", endpoint, view, methods=["GET"])

    def json(self) -> ResponseReturnValue:
        """Return what the fund holds, and what was given."""
        return jsonify(documents.fund_document(self._fund.look()))

    def csv(self) -> ResponseReturnValue:
        """Return what was given as a table."""
        return csv_answer(documents.fund_csv(self._fund.look()), "fund")

    def _give(self, form: Form, who: str) -> None:
        wish = Wish(form.text("soles"), form.text("text"), form.text("decision"))
        second = Credentials(
            form.text("second").lower(),
            form.typed.get("password", ""),
            form.text("code"),
            request.remote_addr or "",
        )
        answer = self._fund.give(wish, who, second)
        if answer is not None:
            form.wrong["password"] = refused(answer, wording.WRONG)

    def _show(self, form: Form, done: Saying | None) -> str:
        view, who = self._fund.look(), visitor().steward_id
        return show(
            "desk/fund.html",
            "steward_fund",
            title=NAMES["steward_fund"],
            view=view,
            others=[one for one in view.stewards if one.id != who],
            form=form,
            done=done,
            own=wording,
        )
