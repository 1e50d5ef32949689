"""An error for programs, in the words of the pages: what, found, allowed, and what to do next."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Response, json, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from dashboard.api.phrases import UNDERSTOOD
from dashboard.api.shapes.answer import Answer
from dashboard.language.speech import plain
from dashboard.language.wording import Failure

PROBLEM_JSON = "application/problem+json"
_LONGEST = 200


class Wrong(Answer):
    """One part of a request that is not understood."""

    what = fields.String(metadata={"description": "The parameter."})
    where = fields.String(metadata={"description": "`path` or `query`."})
    found = fields.String(allow_none=True, metadata={"description": "What was sent."})
    allowed = fields.String(metadata={"description": "What may be sent."})


class Problem(Answer):
    """Problem details as RFC 9457 has them."""

    type = fields.String(metadata={"description": "Always `about:blank`: the status says it."})
    title = fields.String(metadata={"description": "What is wrong."})
    status = fields.Integer(metadata={"description": "The status of the answer."})
    detail = fields.String(metadata={"description": "What to do next."})
    problems = fields.List(fields.Nested(Wrong))


def problem(status: int, failure: Failure, error: HTTPException | None) -> Response:
    """Return what a page would say, for a program."""
    document = {
        "type": "about:blank",
        "title": plain(failure.title),
        "status": status,
        "detail": plain(failure.text),
        "problems": _problems(getattr(error, "data", {})),
    }
    return Response(json.dumps(document), mimetype=PROBLEM_JSON)


def _problems(data: Mapping[str, Any]) -> list[dict[str, str | None]]:
    schema, messages = data.get("schema"), data.get("messages", {})
    return [
        {
            "what": _short(name),
            "where": where,
            "found": _short(_found(where, name)),
            "allowed": _allowed(schema, name),
        }
        for where, named in messages.items()
        for name in named
    ]


def _allowed(schema: Schema | None, name: str) -> str:
    """Say what may stand in a parameter, or which parameters there are."""
    held = schema.fields if schema else {}
    if name in held:
        return plain(held[name].metadata["allowed"])
    return plain(UNDERSTOOD.put(names=", ".join(sorted(held))))


def _found(where: str, name: str) -> str | None:
    sent = request.args if where == "query" else request.view_args or {}
    return cast("str | None", sent.get(name))


def _short(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST]
