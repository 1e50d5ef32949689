"""The views of the fund: parse, ask, render."""

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from coop.desk import Fund, Office, Wish
from coop.doors.door import Doors
from coop.doors.entrance import Credentials
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.fund import documents, wording
from dashboard.desk.section import Section, desk_page
from dashboard.doors.phrases import refused
from dashboard.serving.answers import csv_answer
from dashboard.visiting import visitor


class FundPages:
    """What the fund holds, and what the assembly gives from it."""

    def __init__(self, office: Office, doors: Doors) -> None:
        self._office = office
        self._fund = Fund(office, doors)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        acts = {"give": self._give}
        section = Section("steward_fund", self._show, acts, wording.DONE)
        section.register(app, self.json, self.csv)

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
            form.wait_s = answer.wait_s

    def _show(self, form: Form, done: Saying | None) -> str:
        view, who = self._fund.look(), visitor().steward_id
        others = [one for one in view.stewards if one.id != who]
        shown = {"view": view, "others": others, "own": wording}
        return desk_page("fund", self._office, form, done, **shown)
