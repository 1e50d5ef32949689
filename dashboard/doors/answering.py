"""How a form at the doors is answered: its status, how long to wait, over which lines at all."""

from http import HTTPStatus

from flask import current_app, make_response
from werkzeug.wrappers import Response

from coop.doors.entrance import Reason, Refusal
from dashboard.doors import phrases
from dashboard.doors.line import is_private
from dashboard.failures import refuse


def answered(page: str, answer: Refusal | None) -> Response:
    """Return a page with a form, and what became of it if it was sent already."""
    response = make_response(page)
    if answer is not None:
        hastes = answer.reason is Reason.WAIT
        response.status_code = (
            HTTPStatus.TOO_MANY_REQUESTS if hastes else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        if answer.wait_s:
            response.headers["Retry-After"] = str(answer.wait_s)
    return response


def refuse_open_line() -> None:
    """End the request where others could read what a steward types."""
    if not is_private(current_app):
        refuse(HTTPStatus.FORBIDDEN, phrases.NOT_PRIVATE)
