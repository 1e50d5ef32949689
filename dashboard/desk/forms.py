"""What somebody typed into a form, what of it is not right, and where that is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

from flask import redirect, request
from werkzeug.wrappers import Response

from coop.calendar import moment_s
from coop.errors import InputError, RefusedError
from coop.problems import Problem
from coop.problems.readings import LINES
from coop.settings import CoopSettings
from coop.words import Saying, say
from dashboard.failures import refuse
from dashboard.language.wording import Failure

_T = TypeVar("_T")
_NO_SUCH_ACT = Failure(
    say("This form is not known"), say("Nothing was changed. Go back, and load the page again.")
)


@dataclass(slots=True)
class Form:
    """The fields of a form as they were typed; empty before anything was."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: dict[str, Saying] = field(default_factory=dict)
    """What is not right, by field; under an empty name what concerns all of it."""
    lines: list[Saying] = field(default_factory=list)
    """What is not right in the lines of a file."""

    wait_s: int = 0
    """For how long no such form is taken from this steward."""

    @property
    def status(self) -> int:
        """Return the status of a page that shows this form."""
        if self.wait_s:
            return HTTPStatus.TOO_MANY_REQUESTS
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.wrong else HTTPStatus.OK

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.typed.get(name, "").strip()

    def only(self, act: str) -> "Form":
        """Return this form for its own act, an empty one for any other of the page."""
        return self if self.text("act") == act else Form()

    def take(self, error: InputError | RefusedError) -> None:
        """Note what was refused, each problem beside the field that it names."""
        told = error.problems if isinstance(error, InputError) else error.reasons
        for one in told:
            if isinstance(one, Problem):
                self.wrong.setdefault(one.field, one.saying)
                self.lines += [one.saying] if one.field == LINES else []
            else:
                self.wrong.setdefault("", say("This was not taken: {reason}", reason=one))

    def moment_s(self, name: str, settings: CoopSettings) -> int:
        """Return the moment typed into a field; 0, and a note, where there is none."""
        try:
            return moment_s(self.text(name), settings)
        except InputError:
            self.wrong[name] = say(
                "Write a day such as 2026-03-01, or a time such as 2026-03-01T10:15."
            )
        return 0


def sent_form() -> Form:
    """Return what was sent."""
    return Form({name: request.form.get(name, "") for name in request.form})


def chosen(acts: Mapping[str, Callable[[Form], _T]], form: Form) -> _T:
    """Do the act that a form names, 400 for one that there is not."""
    act = acts.get(form.text("act"))
    if act is None:
        refuse(HTTPStatus.BAD_REQUEST, _NO_SUCH_ACT)
    return act(form)


def look_again(address: str) -> Response:
    """Send the browser to look at what came of a form, so that loading it again sends nothing."""
    return redirect(address, HTTPStatus.SEE_OTHER)
