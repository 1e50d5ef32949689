"""The page of members and homes: parse, ask, render."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from coop.desk import Office, Register
from coop.members.community import Home, Member
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.register import documents, wording
from dashboard.desk.section import Section, desk_page
from dashboard.serving.answers import csv_answer


class MemberPages:
    """Who takes part, and with which homes."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._register = Register(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        acts = {"member": self._add, "home": self._add_home, "leave": self._leave}
        section = Section("steward_members", self._show, acts, wording.DONE)
        section.register(app, self.json, self.csv)

    def json(self) -> ResponseReturnValue:
        """Return every member with their homes."""
        return jsonify(documents.members_document(self._register.look()))

    def csv(self) -> ResponseReturnValue:
        """Return every member with their homes as a table."""
        return csv_answer(documents.members_csv(self._register.look()), "members")

    def _add(self, form: Form, who: str) -> None:
        joined_s = form.moment_s("at", self._office.settings)
        if not form.wrong:
            new = Member(form.text("member_id"), form.text("name"), joined_s)
            self._register.add_member(new, form.text("home_id") or None, who)

    def _add_home(self, form: Form, who: str) -> None:
        member, name = form.text("member_id"), form.text("name")
        self._register.add_home(Home(form.text("home_id"), member, name), who)

    def _leave(self, form: Form, who: str) -> None:
        end_s = form.moment_s("at", self._office.settings)
        if not form.wrong:
            self._register.leave(form.text("member_id"), end_s, who)

    def _show(self, form: Form, done: Saying | None) -> str:
        found = self._register.look()
        return desk_page("members", self._office, form, done, community=found, own=wording)
