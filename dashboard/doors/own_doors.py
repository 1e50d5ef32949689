"""The pages on which somebody inside changes how they come in: password, codes, PIN."""

from http import HTTPStatus

from flask import Flask, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.doors.credentials.codes import enrolment, is_secret, make_secret
from coop.doors.door import Doors
from coop.doors.entrance import Reason, Refusal
from coop.doors.qr import qr_svg
from coop.doors.upkeep import NewCodes
from coop.words import Saying
from dashboard.doors import phrases
from dashboard.doors.answering import answered, refuse_open_line
from dashboard.language.speech import plain
from dashboard.visiting import keep_pass, visitor

_DONE = {
    "password": phrases.CHANGED,
    "pin": phrases.PIN_IS_SET,
    "no-pin": phrases.PIN_IS_REMOVED,
}


class OwnDoors:
    """The views; each asks the doors and says what they answer."""

    def __init__(self, doors: Doors, issuer: str) -> None:
        self._doors = doors
        self._issuer = issuer

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        app.add_url_rule("/account", "account", self.account, methods=["GET"])
        app.add_url_rule("/account/password", "password", self.password, methods=["POST"])
        app.add_url_rule("/account/codes", "codes", self.codes, methods=["POST"])
        app.add_url_rule("/pin", "pin", self.pin, methods=["GET", "POST"])

    def account(self) -> ResponseReturnValue:
        """Show what a steward signs in with."""
        refuse_open_line()
        return self._account(None, None)

    def password(self) -> ResponseReturnValue:
        """Change a steward's own password; a new visit begins, all others end."""
        refuse_open_line()
        who, typed = visitor().steward_id or "", request.form
        answer = self._doors.upkeep.change_password(
            who, typed.get("old", ""), typed.get("password", "")
        )
        if isinstance(answer, Refusal):
            return self._account(answer, phrases.refused(answer, phrases.WRONG_OLD))
        response = redirect(url_for("account", done="password"), HTTPStatus.SEE_OTHER)
        return keep_pass(answer, make_response(response))

    def codes(self) -> ResponseReturnValue:
        """Ask a steward for codes from now on, or for none."""
        refuse_open_line()
        who, typed = visitor().steward_id or "", request.form
        secret = typed.get("secret")
        wanted = None if secret is None else NewCodes(secret, typed.get("code", ""))
        answer = self._doors.upkeep.change_codes(who, typed.get("old", ""), wanted)
        if answer is None:
            return redirect(url_for("account"), HTTPStatus.SEE_OTHER)
        otherwise = phrases.WRONG_CODE if answer.reason is Reason.GONE else phrases.WRONG_OLD
        return self._account(answer, phrases.refused(answer, otherwise), secret)

    def pin(self) -> ResponseReturnValue:
        """Set or remove the PIN of a household's own card."""
        home_id, answer = visitor().home_id or "", None
        if request.method == "POST":
            pin = request.form.get("pin") if "set" in request.form else None
            answer = self._doors.upkeep.set_pin(home_id, pin)
            if answer is None:
                done = "no-pin" if pin is None else "pin"
                return redirect(url_for("pin", done=done), HTTPStatus.SEE_OTHER)
        wrong = None if answer is None else phrases.WEAK_PIN
        page = render_template("doors/pin.html", wrong=wrong, done=_done())
        return answered(page, answer)

    def _account(
        self, answer: Refusal | None, wrong: Saying | None, secret: str | None = None
    ) -> ResponseReturnValue:
        """Show the page; a secret that is not kept yet is shown until its first code is typed."""
        who = visitor().steward_id or ""
        shown = secret if secret and is_secret(secret) else make_secret()
        picture = qr_svg(enrolment(shown, who, self._issuer), plain(phrases.CODES))
        page = render_template(
            "doors/account.html",
            wrong=wrong,
            done=_done(),
            has_codes=self._doors.upkeep.has_codes(who),
            secret=shown,
            picture=Markup(picture),  # noqa: S704  segno escapes the title, the rest is shapes
        )
        return answered(page, answer)


def _done() -> Saying | None:
    return _DONE.get(request.args.get("done", ""))
