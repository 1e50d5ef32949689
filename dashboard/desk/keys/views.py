"""The views of sharing keys: parse, ask, render."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, g, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.allocation import Method
from coop.allocation.model import THEN
from coop.calendar import Calendar
from coop.desk import Adoption, Keys, KeyView, Office
from coop.errors import InputError, RefusedError
from coop.trial.comparison import Comparison
from coop.trial.picture import draw
from coop.trial.wording import NAMES as METHODS
from coop.words import Saying
from dashboard.desk import moments
from dashboard.desk.forms import Form, chosen, look_again, sent_form
from dashboard.desk.keys import documents, wording
from dashboard.desk.keys.asked import filled, read_proposal
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import NAMES, show
from dashboard.visiting import visitor


@dataclass(frozen=True, slots=True)
class Tried:
    """One key held against the books, and its picture."""

    name: Saying
    picture: Markup
    comparison: Comparison


class KeyPages:
    """The cooperative's decisions on sharing."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._keys = Keys(office)
        self._calendar = Calendar(office.settings.zone)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[[], ResponseReturnValue]] = {
            "/steward/keys": self.steward_keys,
            "/steward/keys.json": self.steward_keys_json,
            "/steward/keys.csv": self.steward_keys_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.add_url_rule(
            "/steward/keys", "steward_keys_act", self.steward_keys_act, methods=["POST"]
        )

    def steward_keys(self) -> ResponseReturnValue:
        """Show the key in force, and a form for a proposal like it."""
        view = self._keys.look()
        done = wording.DONE.get(request.args.get("done", ""))
        return self._show(view, Form(filled(view)), done=done)

    def steward_keys_json(self) -> ResponseReturnValue:
        """Return every key."""
        return jsonify(documents.keys_document(self._keys.look().keys))

    def steward_keys_csv(self) -> ResponseReturnValue:
        """Return every key as a table."""
        return csv_answer(documents.keys_csv(self._keys.look().keys), "keys")

    def steward_keys_act(self) -> ResponseReturnValue:
        """Try a proposal on a month, or adopt it from a date."""
        view, form = self._keys.look(), sent_form()
        acts: dict[str, Callable[[Form], ResponseReturnValue]] = {
            "try": lambda sent: self._try(sent, view),
            "adopt": lambda sent: self._adopt(sent, view),
        }
        try:
            return chosen(acts, form)
        except RefusedError:
            form.wrong["month"] = wording.NOT_IN_BOOKS
        except InputError as error:
            form.take(error)
        return self._show(view, form)

    def _try(self, form: Form, view: KeyView) -> ResponseReturnValue:
        proposal, month = read_proposal(form, view), form.text("month")
        try:
            self._calendar.span(month)
        except InputError:
            form.wrong["month"] = wording.NO_MONTH
        if form.wrong:
            return self._show(view, form)
        present, proposed = self._keys.try_out(proposal, month)
        tried = (
            _tried(wording.IS_PRESENT, present, "present"),
            _tried(wording.IS_PROPOSED, proposed, "proposed"),
        )
        return self._show(view, form, tried=tried)

    def _adopt(self, form: Form, view: KeyView) -> ResponseReturnValue:
        proposal, at_s = read_proposal(form, view), form.moment_s("at", self._office.settings)
        if form.wrong:
            return self._show(view, form)
        told = Adoption(form.text("name"), form.text("decision"), at_s)
        self._keys.adopt(proposal, told, visitor().steward_id or "")
        return look_again(url_for("steward_keys", done="adopt"))

    def _show(
        self,
        view: KeyView,
        form: Form,
        *,
        done: Saying | None = None,
        tried: tuple[Tried, ...] = (),
    ) -> ResponseReturnValue:
        page = show(
            "desk/keys.html",
            "steward_keys",
            title=NAMES["steward_keys"],
            view=view,
            names={one.id: one.name for one in view.homes},
            form=form,
            done=done,
            tried=tried,
            own=wording,
            moments=moments,
            zone=self._office.settings.zone,
            methods={one: METHODS[one] for one in Method},
            thens={one: METHODS[one] for one in THEN},
            month=self._calendar.before(self._calendar.of(self._office.now())),
        )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.wrong else HTTPStatus.OK
        return make_response(page, status)


def _tried(name: Saying, comparison: Comparison, place: str) -> Tried:
    picture = draw(comparison, g.words, place)
    return Tried(name, Markup(picture), comparison)  # noqa: S704  draw escapes every text
