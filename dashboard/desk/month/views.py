"""The views of the month close: parse, ask, render."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, g, jsonify, make_response, url_for
from flask.typing import ResponseReturnValue

from coop.calendar import Calendar
from coop.desk import Months, MonthView, Office
from coop.errors import InputError, RefusedError
from coop.month.states import Act
from coop.report.labels import state_saying
from coop.words import Saying
from dashboard.desk import moments
from dashboard.desk.forms import Form, chosen, look_again, sent_form
from dashboard.desk.month import documents, wording
from dashboard.desk.month.steps import turns_of
from dashboard.failures import NextStep, refuse
from dashboard.household.lost import no_such_month
from dashboard.language.numbers import month_name
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import show
from dashboard.visiting import visitor

MOST = 500
"""Longest text that is entered for a month."""


class MonthPages:
    """The months of the cooperative; every act of one is a form sent to its own page."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._months = Months(office)
        self._calendar = Calendar(office.settings.zone)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[..., ResponseReturnValue]] = {
            "/steward/month": self.steward_month,
            "/steward/month.json": self.steward_month_json,
            "/steward/month.csv": self.steward_month_csv,
            "/steward/month/<month>": self.steward_close,
            "/steward/month/<month>.json": self.steward_close_json,
            "/steward/month/<month>.csv": self.steward_close_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.add_url_rule(
            "/steward/month/<month>", "steward_close_act", self.steward_close_act, methods=["POST"]
        )

    def steward_month(self) -> ResponseReturnValue:
        """List the months."""
        lines = self._months.lines()
        return show(
            "desk/months.html",
            "steward_month",
            title=wording.TITLE,
            lines=lines,
            own=wording,
            state_saying=state_saying,
        )

    def steward_month_json(self) -> ResponseReturnValue:
        """Return the months."""
        return jsonify(documents.months_document(self._months.lines()))

    def steward_month_csv(self) -> ResponseReturnValue:
        """Return the months as a table."""
        return csv_answer(documents.months_csv(self._months.lines()), "months")

    def steward_close(self, month: str) -> ResponseReturnValue:
        """Show how a month stands, and the step that is to be done."""
        return self._show(month, Form())

    def steward_close_json(self, month: str) -> ResponseReturnValue:
        """Return how a month stands."""
        return jsonify(documents.month_document(self._view(month)))

    def steward_close_csv(self, month: str) -> ResponseReturnValue:
        """Return how a month stands, one fact a line."""
        return csv_answer(documents.month_csv(self._view(month)), f"month-{month}")

    def steward_close_act(self, month: str) -> ResponseReturnValue:
        """Do one step; one that was done already is not done again."""
        self._view(month)
        form, who = sent_form(), visitor().steward_id or ""
        acts: dict[str, Callable[[Form], None]] = {
            "freeze": lambda _: self._months.freeze(month, who),
            "sign": lambda _: self._months.sign(month, who),
            "review": lambda sent: self._review(month, sent, who),
            "reason": lambda sent: self._record(month, sent, who),
        }
        try:
            chosen(acts, form)
        except InputError as error:
            form.take(error)
        except RefusedError:
            form.wrong[""] = wording.NOT_YET
        if form.wrong:
            return self._show(month, form)
        return look_again(url_for("steward_close", month=month))

    def _review(self, month: str, form: Form, who: str) -> None:
        reference, remark = form.text("reference"), form.text("remark")
        act = {one.value: one for one in (Act.APPROVED, Act.OBSERVED)}.get(form.text("said"))
        if act is None:
            form.wrong["said"] = wording.NEEDS_CHOICE
        if not reference:
            form.wrong["reference"] = wording.NEEDS_REFERENCE
        if act is Act.OBSERVED and not remark:
            form.wrong["remark"] = wording.NEEDS_REMARK
        _refuse_long(form, "reference", "remark")
        if act is not None and not form.wrong:
            text = f"{reference}: {remark}" if act is Act.OBSERVED else reference
            self._months.review(month, act, text, who)

    def _record(self, month: str, form: Form, who: str) -> None:
        start_s, end_s = (form.moment_s(name, self._office.settings) for name in ("from", "to"))
        _refuse_long(form, "text")
        if not form.wrong:
            self._months.record_reason(month, (start_s, end_s), who, form.text("text"))

    def _show(self, month: str, form: Form) -> ResponseReturnValue:
        view = self._view(month)
        standing = view.status.standing
        page = show(
            "desk/month.html",
            "steward_month",
            title=wording.title_of(month),
            view=view,
            state=self._state(view),
            turns=turns_of(view.status),
            has_signed=(visitor().steward_id or "") in standing.signed_by,
            form=form,
            own=wording,
            moments=moments,
            zone=self._office.settings.zone,
        )
        return make_response(page, form.status)

    def _state(self, view: MonthView) -> Saying:
        standing = view.status.standing
        return state_saying(standing.state, standing.review.act if standing.review else None)

    def _view(self, month: str) -> MonthView:
        """Return a month of the books; end the request where there is none."""
        g.next_step = NextStep(url_for("steward_month"), wording.BACK)
        try:
            view = self._months.view(month)
        except InputError:
            refuse(HTTPStatus.BAD_REQUEST, wording.BAD_MONTH)
        now, tally = self._calendar.of(self._office.now()), view.status.tally
        if month > now or (month < now and tally.missing == tally.slots):
            lines = self._months.lines()
            names = [month_name(one.month) for one in (lines[-1], lines[0])] if lines else ["-"] * 2
            refuse(HTTPStatus.NOT_FOUND, no_such_month(*names))
        return view


def _refuse_long(form: Form, *names: str) -> None:
    for name in names:
        if len(form.text(name)) > MOST:
            form.wrong[name] = wording.TOO_LONG.put(most=MOST)
