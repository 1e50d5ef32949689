"""Turns whatever goes wrong in a request into a plain answer with the right status."""

from dataclasses import dataclass
from typing import NoReturn

from flask import Flask, Response, abort, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from collector.clock import Clock
from collector.errors import CollectorError
from coop.errors import CoopError
from coop.words import Language, Saying
from dashboard.api.phrases import REFUSALS
from dashboard.api.problems import problem
from dashboard.desk.readings.wording import TOO_LARGE
from dashboard.doors.phrases import DOORS
from dashboard.language.speech import plain
from dashboard.language.wording import FAILURES, OTHER_FAILURE, Failure, unknown_language
from dashboard.outage import Outage
from dashboard.visiting import stranger

RETRY_AFTER_S = 30


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a page that was not found offers instead."""

    address: str
    saying: Saying


def refuse(status: int, failure: Failure) -> NoReturn:
    """End a request with a page that says what is wrong and what to do next."""
    g.failure = failure
    abort(status)


def handle_failures(app: Flask, clock: Clock) -> None:
    """Answer every error in the words of the pages; never with a traceback."""
    outage = Outage("the cooperative's database", clock)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        return answer(error.code or InternalServerError.code, error)

    @app.errorhandler(CoopError)
    @app.errorhandler(CollectorError)
    def say_away(error: Exception) -> Response:
        outage.went_down(error)
        response = answer(503)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response

    @app.after_request
    def note_return(response: Response) -> Response:
        # Only a page that read the books shows that they are back.
        if response.status_code == 200 and request.endpoint not in {"health", "static", "stream"}:  # noqa: PLR2004  the one good status
            outage.came_back()
        return response


def answer(status: int, error: HTTPException | None = None) -> Response:
    """Return what is said with a status; `g.failure` and `g.next_step` go before what is usual."""
    response = _body(status, error)
    response.status_code = status
    for name, value in error.get_headers() if error else ():
        if name == "Allow":
            response.headers[name] = value
    if status == 401:  # noqa: PLR2004  the one that asks to come in
        scheme = "Bearer" if _is_for_programs() else "Minga"
        response.headers["WWW-Authenticate"] = f'{scheme} realm="minga"'
    return response


def _body(status: int, error: HTTPException | None) -> Response:
    if status >= 500:  # noqa: PLR2004  the page must not ask again what failed
        g.setdefault("visitor", stranger())
    failure = _failure(status)
    if _is_for_programs():
        return problem(status, failure, error)
    title, text = plain(failure.title), plain(failure.text)
    if request.path.endswith(".json"):
        return jsonify({"error": {"status": status, "title": title, "text": text}})
    if request.path.endswith(".csv"):
        return Response(f"{title}. {text}\n", mimetype="text/plain")
    retry_s = RETRY_AFTER_S if status == 503 else None  # noqa: PLR2004  away for a while
    onward = {"onward": request.full_path.rstrip("?")} if status == 401 else {}  # noqa: PLR2004  as above
    step = g.get("next_step")
    page = render_template("error.html", failure=failure, retry_s=retry_s, next_step=step, **onward)
    return make_response(page)


def _failure(status: int) -> Failure:
    if g.get("unknown_language"):
        return unknown_language(", ".join(Language))
    told: Failure | None = g.get("failure")
    return told or {**FAILURES, **DOORS, **REFUSALS, 413: TOO_LARGE}.get(status, OTHER_FAILURE)


def _is_for_programs() -> bool:
    return request.path.startswith("/api/")
