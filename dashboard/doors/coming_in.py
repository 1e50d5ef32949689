"""The pages by which people come in and leave: the card, sign in, the first steward, sign out."""

from http import HTTPStatus

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from coop.doors.door import Doors
from coop.doors.entrance import Credentials, FirstSteward, Reason, Refusal
from coop.doors.visits import Pass
from coop.words import Saying
from dashboard.doors import phrases
from dashboard.doors.answering import answered, refuse_open_line
from dashboard.doors.ways import ways
from dashboard.failures import refuse
from dashboard.visiting import keep_pass, leave


class ComingIn:
    """The views; each asks the doors and says what they answer."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        both = ["GET", "POST"]
        app.add_url_rule("/q/<token>", "card", self.card, methods=both)
        app.add_url_rule("/sign-in", "sign_in", self.sign_in, methods=both)
        app.add_url_rule("/setup", "setup", self.setup, methods=both)
        app.jinja_env.globals.update(ways=ways)
        app.add_url_rule("/sign-out", "sign_out", self.sign_out, methods=["POST"])

    def card(self, token: str) -> ResponseReturnValue:
        """Show one button; pressing it begins the visit of the card's home."""
        answer: Pass | Refusal | None = None
        if request.method == "POST":
            pin = request.form.get("pin", "")
            answer = self._doors.entrance.open_card(token, pin, _address())
        if isinstance(answer, Pass):
            return self._let_in(answer, "/home")
        card = self._doors.entrance.card(token)
        if card is None:
            refuse(404, phrases.CARD_GONE)
        wrong = None if answer is None else phrases.refused(answer, phrases.WRONG_PIN)
        has_pin = card.pin_hash is not None
        return _ask("doors/card.html", answer, wrong, token=token, has_pin=has_pin)

    def sign_in(self) -> ResponseReturnValue:
        """Take a steward's name and password."""
        refuse_open_line()
        answer: Pass | Refusal | None = None
        if request.method == "POST":
            told = Credentials(_typed("name"), _typed("password"), _typed("code"), _address())
            answer = self._doors.entrance.sign_in(told)
        if isinstance(answer, Pass):
            return self._let_in(answer, own_address(_typed("next")) or "/steward")
        wrong = None if answer is None else phrases.refused(answer, phrases.WRONG)
        onward = own_address(_typed("next") or request.args.get("next", ""))
        return _ask("doors/sign_in.html", answer, wrong, name=_typed("name"), onward=onward)

    def setup(self) -> ResponseReturnValue:
        """Give the first steward a password, by the code on the console."""
        refuse_open_line()
        if not self._doors.entrance.awaits_first():
            refuse(404, phrases.ALREADY_SET_UP)
        answer: Pass | Refusal | None = None
        if request.method == "POST":
            told = FirstSteward(
                _typed("code"), _typed("id"), _typed("name"), _typed("password"), _address()
            )
            answer = self._doors.entrance.set_up(told)
        if isinstance(answer, Pass):
            return self._let_in(answer, "/steward")
        if answer and answer.reason is Reason.GONE:
            refuse(404, phrases.ALREADY_SET_UP)
        wrong = None if answer is None else phrases.refused(answer, phrases.WRONG_SETUP)
        typed = {name: _typed(name) for name in ("code", "id", "name")}
        return _ask("doors/setup.html", answer, wrong, typed=typed)

    def sign_out(self) -> ResponseReturnValue:
        """End the visit of this browser."""
        leave(self._doors)
        return redirect(url_for("home"), HTTPStatus.SEE_OTHER)

    def _let_in(self, given: Pass, onward: str) -> Response:
        """Hand over the new visit; whatever visit this browser had ends."""
        leave(self._doors)
        where = onward if own_address(onward) else url_for("community")
        return keep_pass(given, make_response(redirect(where, HTTPStatus.SEE_OTHER)))


def own_address(told: str) -> str | None:
    """Return an address if it is one of our pages to look at, so that no form sends elsewhere."""
    if not told.startswith("/") or told.startswith("//") or "\\" in told or not told.isprintable():
        return None
    path = told.partition("?")[0]
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return None
    return told


def _ask(
    template: str, answer: Refusal | None, wrong: Saying | None, **shown: object
) -> ResponseReturnValue:
    """Show a form, with what was wrong in it if it was sent already."""
    return answered(render_template(template, wrong=wrong, **shown), answer)


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _address() -> str:
    return f"from {request.remote_addr}"
