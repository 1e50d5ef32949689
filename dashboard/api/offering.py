"""Offers addresses to programs and documents them; the only user of flask-smorest."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint
from flask_smorest.spec import FlaskPlugin
from marshmallow import Schema

from dashboard.access import ACCESS, Audience
from dashboard.api.asking import Nothing, Query
from dashboard.api.problems import PROBLEM_JSON, Problem

PREFIX = "/api/v1"
NAME = "api"
DOCUMENT = "api-docs"

Asked = Mapping[str, Any]

_ALWAYS = (400, 406, 422, 503)
_DENIALS = (401, 403, 404)
_SAFELY: tuple[dict[str, list[str]], ...] = ({"token": []}, {"visit": []})
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "Of `minga token add`."},
    "visit": {"type": "apiKey", "in": "cookie", "name": "minga", "description": "Of a browser."},
}
_UNCHANGED = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
_TAG = {"ETag": {"schema": {"type": "string"}, "description": "Changes when the answer does."}}


@dataclass(frozen=True, slots=True)
class Offer:
    """One address: what is asked, and what is answered."""

    rule: str
    view: Callable[[Asked], object]
    answer: type[Schema]
    path: type[Schema] = Nothing
    query: type[Schema] = Query
    is_same_for_all: bool = False
    """Whether nobody is turned away, and nobody gets more than another."""

    @property
    def name(self) -> str:
        """Return its name in the table of who may see what."""
        return self.view.__name__


class _Document(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """The document; errors are answered as everywhere else."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass


class _Rules(FlaskPlugin):  # type: ignore[misc]  # as above
    """Leaves the parts of an address to the schemas that check them."""

    def rule_to_params(self, _rule: object) -> list[object]:
        return []


def next_address(cursor: str | None) -> str | None:
    """Return the address of this list from a cursor on."""
    if cursor is None:
        return None
    told = {**request.args.to_dict(), **(request.view_args or {}), "cursor": cursor}
    return url_for(str(request.endpoint), **told)


def offer(app: Flask, offers: Iterable[Offer]) -> None:
    """Give each offer its address, and the document of all of them."""
    app.config |= {
        "API_TITLE": "Minga",
        "API_VERSION": "1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": PREFIX,
    }
    document = _Document(
        app,
        spec_kwargs={
            "flask_plugin": _Rules(),
            "info": {"description": "What the pages of a solar cooperative show. Read only."},
        },
    )
    for name, scheme in _SCHEMES.items():
        document.spec.components.security_scheme(name, scheme)
    blueprint = Blueprint(NAME, NAME, url_prefix=PREFIX, description="The figures of the pages.")
    for one in offers:
        view = _documented(blueprint, one)
        blueprint.add_url_rule(
            one.rule, one.name, view, methods=["GET"], parameters=[dict(_UNCHANGED)]
        )
    document.register_blueprint(blueprint)
    app.after_request(_answer_unchanged)


def _documented(blueprint: Blueprint, one: Offer) -> Callable[..., ResponseReturnValue]:
    """Wrap a view in what checks its parameters and what writes its answer."""
    audience = ACCESS[f"{NAME}.{one.name}"]

    def view(path: Asked, query: Asked, **_named: str) -> object:
        if request.accept_mimetypes and not request.accept_mimetypes.accept_json:
            abort(406)
        return one.view({**path, **query})

    view.__doc__ = f"{one.view.__doc__ or ''}\n\nFor: {audience.value}."
    documented: Callable[..., ResponseReturnValue] = blueprint.doc(
        operationId=one.name, security=_security(one, audience)
    )(view)
    for wrap in _wraps(blueprint, one):
        documented = wrap(documented)
    return documented


def _security(one: Offer, audience: Audience) -> list[dict[str, list[str]]]:
    """Return with what one may come, or must."""
    if one.is_same_for_all:
        return []
    return [*([{}] if audience is Audience.ANYONE else []), *_SAFELY]


def _wraps(blueprint: Blueprint, one: Offer) -> Iterator[Callable[..., Any]]:
    """Yield what checks the parts of an address, what writes the answer, what else may come."""
    yield blueprint.arguments(one.path, location="path", unknown=None)
    yield blueprint.arguments(one.query, location="query", unknown=None)
    yield blueprint.response(200, one.answer, headers=_TAG)
    yield blueprint.alt_response(304, description="Nothing changed since that ETag.")
    for status in (*_ALWAYS, *(() if one.is_same_for_all else _DENIALS)):
        yield blueprint.alt_response(status, schema=Problem, content_type=PROBLEM_JSON)


def _answer_unchanged(response: Response) -> Response:
    """Tag what was answered; say 304 where the program has it already."""
    if request.blueprint not in {NAME, DOCUMENT} or response.status_code != 200:  # noqa: PLR2004  the one good status
        return response
    if "ETag" not in response.headers:
        response.add_etag()
    response.make_conditional(request)
    return response
