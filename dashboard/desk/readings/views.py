"""The views of manual readings: parse, ask, render."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import Flask, abort, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue

from coop.desk import Office, Readings
from coop.errors import InputError
from coop.members.by_hand.book import Verdict
from coop.members.by_hand.listed import MOST_BYTES, exact_wh
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter
from coop.words import Saying
from dashboard.desk import moments
from dashboard.desk.forms import Form, chosen, look_again, sent_form
from dashboard.desk.readings import documents, wording
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import NAMES, show
from dashboard.typed import whole
from dashboard.visiting import visitor

SHOWN = 100
"""How many entries the page lists; the files hold all."""
_MOST_BODY = 60_000
"""A file, and the form around it."""
_ACT = "steward_readings_act"


def allow_uploads(app: Flask) -> None:
    """Let the one form that takes a file be larger than others; called before anything is read."""

    @app.before_request
    def allow() -> None:
        if request.endpoint == _ACT:
            request.max_content_length = _MOST_BODY


class ReadingPages:
    """What stewards read off meters by hand."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._readings = Readings(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[[], ResponseReturnValue]] = {
            "/steward/readings": self.steward_readings,
            "/steward/readings.json": self.steward_readings_json,
            "/steward/readings.csv": self.steward_readings_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.add_url_rule("/steward/readings", _ACT, self.act, methods=["POST"])

    def steward_readings(self) -> ResponseReturnValue:
        """Show what was entered, and the forms."""
        return self._show(Form(), done=wording.DONE.get(request.args.get("done", "")))

    def steward_readings_json(self) -> ResponseReturnValue:
        """Return everything that was entered."""
        return jsonify(documents.readings_document(self._readings.look()))

    def steward_readings_csv(self) -> ResponseReturnValue:
        """Return everything that was entered as a table."""
        return csv_answer(documents.readings_csv(self._readings.look()), "readings")

    def act(self) -> ResponseReturnValue:
        """Enter or withdraw a reading, look at a file, or enter what was looked at."""
        form = sent_form()
        acts: dict[str, Callable[[Form], ResponseReturnValue]] = {
            "add": self._add,
            "withdraw": self._withdraw,
            "look": self._look_at,
            "enter": self._enter_list,
        }
        try:
            return chosen(acts, form)
        except InputError as error:
            form.take(error)
        return self._show(form)

    def _add(self, form: Form) -> ResponseReturnValue:
        counter, at_s = _counter(form.text("counter")), form.moment_s("at", self._office.settings)
        wh = _wh(form, "kwh")
        anew_wh = _wh(form, "new_kwh") if form.text("new_kwh") else None
        if form.wrong:
            return self._show(form)
        new = ManualReading(counter, at_s, wh, anew_wh)
        self._readings.enter(new, _who(), form.text("reason"))
        return _done(form)

    def _withdraw(self, form: Form) -> ResponseReturnValue:
        name, _, at = form.text("entry").partition("@")
        self._readings.withdraw(_counter(name), whole(at, 11) or 0, _who(), form.text("reason"))
        return _done(form)

    def _look_at(self, form: Form) -> ResponseReturnValue:
        data = request.files["file"].read() if "file" in request.files else b""
        if len(data) > MOST_BYTES:
            abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not data:
            form.wrong["file"] = wording.NO_FILE
            return self._show(form)
        verdicts = self._readings.look_at(data)
        form.take(InputError(*(one.problem for one in verdicts if one.problem is not None)))
        return self._show(form, verdicts=verdicts, text=data.decode("utf-8-sig"))

    def _enter_list(self, form: Form) -> ResponseReturnValue:
        self._readings.enter_list(form.typed.get("list", "").encode(), _who())
        return _done(form)

    def _show(
        self,
        form: Form,
        *,
        done: Saying | None = None,
        verdicts: Sequence[Verdict] = (),
        text: str = "",
    ) -> ResponseReturnValue:
        page = show(
            "desk/readings.html",
            "steward_readings",
            title=NAMES["steward_readings"],
            entered=self._readings.look(),
            shown=SHOWN,
            form=form,
            done=done,
            verdicts=verdicts,
            text=text,
            own=wording,
            moments=moments,
            zone=self._office.settings.zone,
        )
        return make_response(page, form.status)


def _done(form: Form) -> ResponseReturnValue:
    return look_again(url_for("steward_readings", done=form.text("act")))


def _who() -> str:
    return visitor().steward_id or ""


def _counter(name: str) -> Counter:
    device, _, quantity = name.partition("/")
    return device, quantity


def _wh(form: Form, name: str) -> int:
    try:
        return exact_wh(name, form.text(name))
    except InputError as error:
        form.take(error)
    return 0
