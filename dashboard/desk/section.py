"""One section of the desk: its page, the forms sent to it, and what programs get of it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from flask import Flask, make_response, request, url_for
from flask.typing import ResponseReturnValue

from coop.desk import Office
from coop.errors import InputError, RefusedError
from coop.words import Saying
from dashboard.desk import moments
from dashboard.desk.forms import Form, chosen, look_again, sent_form
from dashboard.steward.sections import NAMES, show
from dashboard.visiting import visitor

Act = Callable[[Form, str], object]
"""Does what a form asks, by whom; what it refuses is noted in the form, or raised."""


View = Callable[[], ResponseReturnValue]


class Show(Protocol):
    """Renders the page of a section, with a form as it was typed."""

    def __call__(self, form: Form, done: Saying | None) -> str:
        """Return the page."""
        ...


class Section:
    """A page with forms: a form that is right leads back to it, one that is not is shown again."""

    def __init__(
        self, endpoint: str, show: Show, acts: Mapping[str, Act], done: Mapping[str, Saying]
    ) -> None:
        self._endpoint = endpoint
        self._show = show
        self._acts = acts
        self._done = done

    def register(self, app: Flask, json: View, csv: View) -> None:
        """Give the page, its forms, and what programs get of it their addresses."""
        rule = f"/{self._endpoint.replace('_', '/')}"
        app.add_url_rule(rule, self._endpoint, self.look, methods=["GET"])
        app.add_url_rule(rule, f"{self._endpoint}_act", self.act, methods=["POST"])
        for form, view in {"json": json, "csv": csv}.items():
            app.add_url_rule(f"{rule}.{form}", f"{self._endpoint}_{form}", view, methods=["GET"])

    def look(self) -> ResponseReturnValue:
        """Show the page, and what was done last."""
        return self._show(Form(), self._done.get(request.args.get("done", "")))

    def act(self) -> ResponseReturnValue:
        """Do what a form asks."""
        form, who = sent_form(), visitor().steward_id or ""
        try:
            chosen({name: _by(act, who) for name, act in self._acts.items()}, form)
        except (InputError, RefusedError) as error:
            form.take(error)
        if form.wrong:
            response = make_response(self._show(form, None), form.status)
            if form.wait_s:
                response.headers["Retry-After"] = str(form.wait_s)
            return response
        return look_again(url_for(self._endpoint, done=form.text("act")))


def desk_page(name: str, office: Office, form: Form, done: Saying | None, **more: object) -> str:
    """Render `desk/<name>.html` with what every page of forms is given, and more."""
    zone = office.settings.zone
    return show(
        f"desk/{name}.html",
        f"steward_{name}",
        title=NAMES[f"steward_{name}"],
        form=form,
        done=done,
        moments=moments,
        zone=zone,
        today=f"{office.now().astimezone(zone):%Y-%m-%d}",
        **more,
    )


def _by(act: Act, who: str) -> Callable[[Form], object]:
    return lambda form: act(form, who)
