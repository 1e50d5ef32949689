"""The page of stewards and their terms: parse, ask, render."""

from collections.abc import Sequence

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from coop.desk import Office, Stewards
from coop.members.community import Validity
from coop.members.stewards import Steward
from coop.slots import moment_of
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.register import wording
from dashboard.desk.section import Section, desk_page
from dashboard.documents import csv_text, utc
from dashboard.serving.answers import csv_answer

_HEAD = ("id", "name", "from", "to", "signs_in")


class StewardPages:
    """Who watches over the cooperative, and since when."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stewards = Stewards(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        acts = {"appoint": self._appoint, "password": self._give_password, "end": self._end}
        section = Section("steward_stewards", self._show, acts, wording.DONE)
        section.register(app, self.json, self.csv)

    def json(self) -> ResponseReturnValue:
        """Return every steward."""
        return jsonify({"stewards": [dict(zip(_HEAD, row, strict=True)) for row in self._rows()]})

    def csv(self) -> ResponseReturnValue:
        """Return every steward as a table."""
        return csv_answer(csv_text(_HEAD, self._rows()), "stewards")

    def _rows(self) -> Sequence[tuple[str, str, str | None, str | None, int]]:
        staff = self._stewards.look()
        return [
            (one.id, one.name, *_span(one.validity), int(one.id in staff.keyed))
            for one in staff.stewards
        ]

    def _appoint(self, form: Form, who: str) -> None:
        from_s = form.moment_s("at", self._office.settings)
        if not form.wrong:
            new = Steward(form.text("steward_id"), form.text("name"), Validity(from_s))
            self._stewards.appoint(new, form.typed.get("password", ""), who)

    def _give_password(self, form: Form, who: str) -> None:
        password = form.typed.get("password", "")
        self._stewards.give_password(form.text("steward_id"), password, who)

    def _end(self, form: Form, who: str) -> None:
        end_s = form.moment_s("at", self._office.settings)
        if not form.wrong:
            self._stewards.end(form.text("steward_id"), end_s, who)

    def _show(self, form: Form, done: Saying | None) -> str:
        found = self._stewards.look()
        return desk_page("stewards", self._office, form, done, staff=found, own=wording)


def _span(validity: Validity) -> tuple[str | None, str | None]:
    end = None if validity.to_s is None else moment_of(validity.to_s)
    return utc(moment_of(validity.from_s)), utc(end)
