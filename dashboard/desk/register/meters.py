"""The page of roofs and meters: parse, ask, render."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from coop.desk import Office, Register, Replacement
from coop.members.community import QUANTITIES, Community, Counts, Meter, Roof, Validity
from coop.words import Saying
from dashboard.desk.forms import Form
from dashboard.desk.register import documents, wording
from dashboard.desk.section import Section, desk_page
from dashboard.serving.answers import csv_answer


class MeterPages:
    """Which counter stands for which home or roof."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._register = Register(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        acts = {"roof": self._add_roof, "meter": self._add, "replace": self._replace}
        section = Section("steward_meters", self._show, acts, wording.DONE)
        section.register(app, self.json, self.csv)

    def json(self) -> ResponseReturnValue:
        """Return every meter of any time."""
        return jsonify(documents.meters_document(self._register.look()))

    def csv(self) -> ResponseReturnValue:
        """Return every meter of any time as a table."""
        return csv_answer(documents.meters_csv(self._register.look()), "meters")

    def _add_roof(self, form: Form, who: str) -> None:
        owner = form.text("home_id") or None
        self._register.add_roof(Roof(form.text("roof_id"), form.text("name"), owner), who)

    def _add(self, form: Form, who: str) -> None:
        kind, _, owner = form.text("whose").partition(":")
        counts = form.text("counts")
        if kind not in {"home", "roof"}:
            form.wrong["whose"] = wording.CHOOSE_ONE
        if counts not in set(Counts):
            form.wrong["counts"] = wording.CHOOSE_ONE
        at_s = form.moment_s("at", self._office.settings)
        if form.wrong:
            return
        home, roof = (owner, None) if kind == "home" else (None, owner)
        new = Meter(form.text("device"), "", Validity(at_s), home, roof, Counts(counts))
        self._register.add_meter(replace(new, quantity=QUANTITIES[new.counts]), who)

    def _replace(self, form: Form, who: str) -> None:
        at_s = form.moment_s("at", self._office.settings)
        if not form.wrong:
            told = Replacement(form.text("meter"), form.text("device"), at_s)
            self._register.replace_meter(told, who)

    def _show(self, form: Form, done: Saying | None) -> str:
        found = self._register.look()
        shown = {"community": found, "names": _names(found), "own": wording}
        return desk_page("meters", self._office, form, done, **shown)


def _names(community: Community) -> Mapping[str, str]:
    """Return what people call homes and roofs, by whose a meter is."""
    homes = {f"home {one.id}": f"{one.name} ({one.id})" for one in community.homes}
    return homes | {f"roof {one.id}": f"{one.name} ({one.id})" for one in community.roofs}
