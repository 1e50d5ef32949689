"""Who is looking: the household, the steward or the stranger behind a request.

The browser keeps a random token; all else stands in the cooperative's database.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from operator import xor
from secrets import token_bytes

from flask import Flask, Response, abort, current_app, g, request

from coop.doors.credentials.tokens import make_token
from coop.doors.door import Doors
from coop.doors.visits import Guest, Pass, Visit
from dashboard.sources import Gate

FIELD = "form_key"
"""The field that every form carries."""

_DOORS, _GATE = "minga-doors", "minga-gate"
_BY_ITSELF = "Minga-Live"
"""The header by which a page says that nobody asked for it."""
_STRANGERS_KEY_S = 12 * 3_600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_PROGRAM = re.compile(r"minga_[A-Za-z0-9_-]{43}")


class Audience(StrEnum):
    """Who may see something."""

    ANYONE = "anyone"
    MEMBERS = "members"
    """Households and stewards."""
    HOME = "home"
    """One household, and stewards who name it with `?home=`."""
    HOUSEHOLD = "household"
    """One household itself, and no steward in its place."""
    STEWARDS = "stewards"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is looking; a stranger has neither home nor steward."""

    audience: Audience
    home_id: str | None
    steward_id: str | None
    form_key: str
    """What a form of this visitor must carry."""
    name: str = ""
    is_program: bool = False
    """Whether it came with a token: it only looks, and with a home's token at this home only."""

    @property
    def is_known(self) -> bool:
        """Say whether it is a household or a steward."""
        return self.audience is not Audience.ANYONE


def visitor() -> Visitor:
    """Return who is looking; the books are asked once a request, and only if there is a token."""
    if g.get("is_for_anyone"):
        raise RuntimeError("what is kept for anyone asks who looks")
    if "visitor" not in g:
        g.visitor = _program() if _comes_with_token() else _known() or stranger()
    found: Visitor = g.visitor
    return found


def stranger() -> Visitor:
    """Return a visitor nobody knows, with the form key that the browser keeps or a new one."""
    held = request.cookies.get(_cookie("minga_form"), "")
    key = held if _TOKEN.fullmatch(held) else make_token()
    return Visitor(Audience.ANYONE, None, None, key)


def visited_home() -> str:
    """Return the home that a page for HOME is about; 404 when a steward names none."""
    who = visitor()
    if who.home_id is not None:
        return who.home_id
    asked = asked_home()
    if asked is None:
        abort(404)
    return asked


def asked_home() -> str | None:
    """Return the home that the address names, if it does."""
    named = (request.view_args or {}).get("home") or request.args.get("home")
    return None if named is None else str(named)


def form_key() -> str:
    """Return what a form must carry in its field `form_key`; a stranger's browser keeps it too."""
    g.form_key_is_shown = True
    return masked(visitor().form_key)


def masked(key: str) -> str:
    """Write a form key so that it looks different each time: pages are packed.

    How well a page packs would otherwise tell who can write into its address what the key holds.
    """
    held = key.encode()
    pad = token_bytes(len(held))
    return ".".join(urlsafe_b64encode(part).decode() for part in (pad, _mixed(held, pad)))


def unmasked(sent: str) -> bytes:
    """Return the key in what a form sent; what is no masked key is returned as it is."""
    try:
        pad, held = map(urlsafe_b64decode, sent.split("."))
    except ValueError:
        return sent.encode(errors="replace")
    return _mixed(held, pad)


def start_visit(doors: Doors, guest: Guest, response: Response) -> Response:
    """Let somebody in whose right to it was checked; an earlier visit of this browser ends."""
    leave(doors)
    return keep_pass(doors.begin(guest), response)


def keep_pass(given: Pass, response: Response) -> Response:
    """Hand a new visit to the browser."""
    _keep(response, "minga", given.token, given.lasts_s)
    return response


def leave(doors: Doors) -> None:
    """End the visit of this browser, if there is one."""
    if token := request.cookies.get(_cookie("minga")):
        doors.end(token)


def receive_visitors(app: Flask, doors: Doors, gate: Gate) -> None:
    """Give every request and every template its visitor."""
    app.extensions[_DOORS] = doors
    app.extensions[_GATE] = gate

    @app.after_request
    def keep_strangers_key(response: Response) -> Response:
        if g.get("form_key_is_shown") and not visitor().is_known:
            _keep(response, "minga_form", visitor().form_key, _STRANGERS_KEY_S)
        return response

    app.jinja_env.globals.update(visitor=visitor, form_key=form_key)


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(map(xor, one, other))


def _comes_with_token() -> bool:
    return request.authorization is not None and request.authorization.type == "bearer"


def _program() -> Visitor:
    """Return the program of a token; a token that does not hold is a stranger, cookie or not."""
    told = request.authorization.token if request.authorization else None
    gate: Gate = current_app.extensions[_GATE]
    found = gate.find(told) if told and _PROGRAM.fullmatch(told) else None
    if found is None:
        return Visitor(Audience.ANYONE, None, None, make_token(), is_program=True)
    audience = Audience.MEMBERS if found.home_id is None else Audience.HOME
    return Visitor(audience, found.home_id, None, make_token(), is_program=True)


def _known() -> Visitor | None:
    token = request.cookies.get(_cookie("minga"), "")
    doors: Doors = current_app.extensions[_DOORS]
    is_asked = _BY_ITSELF not in request.headers
    found = doors.find(token, stirs=is_asked) if _TOKEN.fullmatch(token) else None
    return _visitor_of(found) if found else None


def _visitor_of(visit: Visit) -> Visitor:
    audience = Audience.HOME if visit.steward_id is None else Audience.STEWARDS
    return Visitor(audience, visit.home_id, visit.steward_id, visit.form_key, visit.name)


def _keep(response: Response, name: str, value: str, lasts_s: int) -> None:
    response.set_cookie(
        _cookie(name),
        value,
        max_age=lasts_s,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _cookie(name: str) -> str:
    """Name a cookie so that under https no page of plain http can have set it."""
    return f"__Host-{name}" if request.is_secure else name
