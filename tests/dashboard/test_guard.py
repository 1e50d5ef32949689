"""Who is let through to what: strangers, households, stewards, and forms of foreign pages."""

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from coop.doors.visits import Guest
from coop.errors import StateError
from dashboard.access import ACCESS, HEADERS, Audience, may_enter
from dashboard.visiting import FIELD, Visitor, unmasked, visited_home, visitor
from tests.dashboard.fakes import Village
from tests.dashboard.visits import client_of_household, form

Clients = Callable[[str], FlaskClient]

FORM = (
    """{% import "parts.html" as parts %}<form method="post">{{ parts.form_key_field() }}</form>"""
)

STRANGER = Visitor(Audience.ANYONE, None, None, "k")
HOUSEHOLD = Visitor(Audience.HOME, "h01", None, "k")
STEWARD = Visitor(Audience.STEWARDS, None, "rosa", "k")


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return the pages, and beside them one route for each audience."""
    for audience in Audience:
        app.add_url_rule(f"/for/{audience}", f"for_{audience}", lambda: "let in")
        monkeypatch.setitem(ACCESS, f"for_{audience}", audience)
    app.add_url_rule("/whose", "whose", visited_home)
    app.add_url_rule("/who", "who", lambda: str(visitor().steward_id or visitor().home_id))
    app.add_url_rule("/act", "act", lambda: "done", methods=["GET", "POST"])
    app.add_url_rule("/form", "form", lambda: render_template_string(FORM))
    app.add_url_rule("/send", "send", lambda: "sent", methods=["POST"])
    monkeypatch.setitem(ACCESS, "form", Audience.ANYONE)
    monkeypatch.setitem(ACCESS, "POST send", Audience.ANYONE)
    monkeypatch.setitem(ACCESS, "whose", Audience.HOME)
    monkeypatch.setitem(ACCESS, "who", Audience.ANYONE)
    monkeypatch.setitem(ACCESS, "act", Audience.ANYONE)
    monkeypatch.setitem(ACCESS, "POST act", Audience.MEMBERS)
    return app


@pytest.mark.parametrize(
    ("audience", "stranger", "household", "steward"),
    [
        (Audience.ANYONE, True, True, True),
        (Audience.MEMBERS, False, True, True),
        (Audience.HOME, False, True, True),
        (Audience.HOUSEHOLD, False, True, False),
        (Audience.STEWARDS, False, False, True),
    ],
)
def test_each_audience_is_who_it_says(
    audience: Audience, *, stranger: bool, household: bool, steward: bool
) -> None:
    entered = [may_enter(audience, who, None) for who in (STRANGER, HOUSEHOLD, STEWARD)]

    assert entered == [stranger, household, steward]


def test_a_home_is_for_itself_and_for_stewards() -> None:
    entered = [may_enter(Audience.HOME, who, "h02") for who in (STRANGER, HOUSEHOLD, STEWARD)]

    assert entered == [False, False, True]
    assert may_enter(Audience.HOME, HOUSEHOLD, "h01")


@pytest.mark.parametrize("audience", ["members", "home", "stewards"])
def test_a_stranger_is_told_how_to_come_in(client: FlaskClient, audience: str) -> None:
    answer = client.get(f"/for/{audience}")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Minga realm="minga"'
    assert "Location" not in answer.headers
    assert "Abra la tarjeta QR de su casa" in answer.get_data(as_text=True)
    assert "let in" not in answer.get_data(as_text=True)


def test_a_household_is_not_let_in_to_stewards(household_client: Clients) -> None:
    answer = household_client("h01").get("/for/stewards")

    assert answer.status_code == 403
    assert "Esta página es para otras personas" in answer.get_data(as_text=True)


def test_a_household_sees_its_own_home_and_no_other(household_client: Clients) -> None:
    client = household_client("h01")

    assert client.get("/whose").data == b"h01"
    assert client.get("/whose?home=h01").data == b"h01"
    assert client.get("/whose?home=h02").status_code == 403
    assert client.get("/whose?home=").status_code == 403


def test_a_steward_names_the_home(steward_client: Clients) -> None:
    client = steward_client("rosa")

    assert client.get("/whose?home=h02").data == b"h02"
    assert client.get("/whose").status_code == 404


def test_a_route_for_looking_is_not_one_for_doing(app: Flask, village: Village) -> None:
    app.add_url_rule("/act2", "act2", lambda: "done", methods=["PUT"])
    client = client_of_household(app, village.doors, "h01")

    assert client.put("/act2", data=form(client, village.doors)).status_code == 403


def test_a_form_of_the_visit_is_taken(household_client: Clients, village: Village) -> None:
    client = household_client("h01")

    assert client.post("/act", data=form(client, village.doors)).data == b"done"


@pytest.mark.parametrize("key", [None, "", "form-key-1", "\ud800", "ñ"])
def test_a_form_of_another_page_changes_nothing(
    household_client: Clients, village: Village, key: str | None
) -> None:
    client = household_client("h01")
    village.doors.begin(Guest(home_id="h02"))

    answer = client.post("/act", data={} if key is None else {FIELD: key.encode(errors="replace")})

    assert answer.status_code == 400
    assert "Este formulario es demasiado antiguo" in answer.get_data(as_text=True)
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)


def test_the_form_of_a_stranger_is_taken_with_the_cookie_it_came_with(client: FlaskClient) -> None:
    page = client.get("/form")
    key = page.get_data(as_text=True).partition('value="')[2].partition('"')[0]

    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "SameSite=Lax" in page.headers["Set-Cookie"]
    assert client.post("/send", data={FIELD: key}).data == b"sent"
    client.delete_cookie("minga_form")
    assert client.post("/send", data={FIELD: key}).status_code == 400


def test_a_form_carries_the_key_of_the_visit(household_client: Clients, village: Village) -> None:
    client = household_client("h01")

    page = client.get("/form")

    shown = page.get_data(as_text=True).partition('value="')[2].partition('"')[0]
    assert unmasked(shown).decode() == form(client, village.doors)[FIELD]
    assert "Set-Cookie" not in page.headers


def test_a_form_key_looks_different_on_each_page(household_client: Clients) -> None:
    client = household_client("h01")

    assert client.get("/form").data != client.get("/form").data


def test_an_ended_visit_is_a_stranger(household_client: Clients, village: Village) -> None:
    client = household_client("h01")
    fields = form(client, village.doors)
    village.doors.visits.clear()

    assert client.get("/for/members").status_code == 401
    assert client.post("/act", data=fields).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "0" * 42, "0" * 44, "../../etc", "<script>", "ñ" * 43])
def test_a_cookie_that_is_no_token_is_not_asked_after(
    client: FlaskClient, village: Village, token: str
) -> None:
    village.doors.away = RuntimeError("asked")
    client.set_cookie("minga", token)

    assert client.get("/for/members").status_code == 401


def test_open_pages_do_not_ask_who_looks(household_client: Clients, village: Village) -> None:
    client = household_client("h01")
    village.doors.away = StateError("locked")

    assert client.get("/tv").status_code == 200
    assert client.get("/health").status_code == 200


def test_without_the_books_nobody_is_let_in(household_client: Clients, village: Village) -> None:
    client = household_client("h01")
    village.doors.away = StateError("locked")

    answer = client.get("/for/members")

    assert answer.status_code == 503
    assert b"let in" not in answer.data


def test_over_https_a_cookie_of_plain_http_is_none(app: Flask, village: Village) -> None:
    client = app.test_client()
    token = village.doors.begin(Guest(home_id="h01")).token
    client.set_cookie("minga", token)

    assert client.get("/who", base_url="https://localhost").data == b"None"
    client.set_cookie("__Host-minga", token, secure=True)
    assert client.get("/who", base_url="https://localhost").data == b"h01"
