"""The card, sign in, the first steward, and leaving, as a browser meets them."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coop.database import Database
from coop.doors.credentials.codes import STEP_S, code_at
from coop.doors.credentials.setting_up import offer_code
from coop.doors.deeds import read_deeds
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.slots import unix_s
from dashboard.access import HEADERS
from dashboard.visiting import FIELD
from tests.dashboard.doors.conftest import PASSWORD
from tests.dashboard.fakes import FixedClock
from tests.dashboard.visits import form

Clients = Callable[[str], FlaskClient]


def send(client: FlaskClient, address: str, *, https: bool = False, **fields: str) -> TestResponse:
    """Open a page and send its form."""
    base = "https://localhost" if https else "http://localhost"
    page = client.get(address, base_url=base).get_data(as_text=True)
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, "the page has no form"
    return client.post(address, data={FIELD: found[1], **fields}, base_url=base)


def sign_in(client: FlaskClient, name: str = "rosa", **fields: str) -> TestResponse:
    return send(client, "/sign-in", name=name, **{"password": PASSWORD, **fields})


def test_a_card_shows_one_button_and_looking_changes_nothing(
    client: FlaskClient, doors: Doors
) -> None:
    card = doors.upkeep.make_card("h01")

    first = client.get(f"/q/{card}")

    assert first.status_code == 200
    assert first.get_data(as_text=True).count("<button") == 1
    assert "Casa 1" not in first.get_data(as_text=True)
    assert client.get_cookie("minga") is None
    assert client.get("/community").status_code == 401
    assert first.headers["Referrer-Policy"] == "no-referrer"


def test_the_button_of_a_card_begins_the_visit_of_its_home(
    client: FlaskClient, doors: Doors
) -> None:
    answer = send(client, f"/q/{doors.upkeep.make_card('h01')}")

    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Casa 1" in page.get_data(as_text=True)
    cookie = client.get_cookie("minga")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure


def test_over_https_the_cookie_is_bound_to_the_host(client: FlaskClient, doors: Doors) -> None:
    answer = send(client, f"/q/{doors.upkeep.make_card('h01')}", https=True)

    told = next(one for one in answer.headers.getlist("Set-Cookie") if "__Host-minga=" in one)
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in told
    assert "Domain" not in told


def test_a_card_sent_twice_is_one_household_still(client: FlaskClient, doors: Doors) -> None:
    address = f"/q/{doors.upkeep.make_card('h01')}"
    page = client.get(address).get_data(as_text=True)
    key = re.findall(r'value="([^"]+)"', page)[0]

    answers = [client.post(address, data={FIELD: key}).status_code for _ in range(2)]

    assert answers == [303, 400]
    assert client.get("/community").status_code == 200


@pytest.mark.parametrize("token", ["x", "..", "%00", "<script>", "x" * 4_000])
def test_what_is_no_card_says_what_to_do(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/q/{token}")

    assert answer.status_code == 404
    assert "<script>" not in answer.get_data(as_text=True)
    assert "una tarjeta nueva" in answer.get_data(as_text=True)


def test_a_revoked_card_says_so_and_its_visits_end(client: FlaskClient, doors: Doors) -> None:
    card = doors.upkeep.make_card("h01")
    send(client, f"/q/{card}")

    doors.upkeep.revoke_cards("h01")

    assert client.get("/community").status_code == 401
    answer = client.get(f"/q/{card}")
    assert answer.status_code == 404
    assert "Esta tarjeta ya no abre" in answer.get_data(as_text=True)


def test_a_card_with_a_pin_asks_for_it(client: FlaskClient, doors: Doors) -> None:
    address = f"/q/{doors.upkeep.make_card('h01')}"
    doors.upkeep.set_pin("h01", "7391")

    wrong = send(client, address, pin="0000")
    hasty = send(client, address, pin="7391")

    assert wrong.status_code == 422
    assert "Este PIN no es correcto" in wrong.get_data(as_text=True)
    assert (hasty.status_code, hasty.headers["Retry-After"]) == (429, "1")
    assert client.get("/community").status_code == 401


def test_a_household_sets_and_removes_its_pin(
    household_client: Clients, doors: Doors, client: FlaskClient
) -> None:
    home = household_client("h01")
    card = f"/q/{doors.upkeep.make_card('h01')}"

    weak = send(home, "/pin", pin="1234", set="1")
    done = send(home, "/pin", pin="7391", set="1")

    assert (weak.status_code, done.status_code) == (422, 303)
    assert "El PIN quedó guardado" in home.get(done.headers["Location"]).get_data(as_text=True)
    assert 'name="pin"' in client.get(card).get_data(as_text=True)
    send(home, "/pin")
    assert 'name="pin"' not in client.get(card).get_data(as_text=True)


def test_a_pin_is_set_by_the_household_alone(steward_client: Clients) -> None:
    assert steward_client("rosa").get("/pin?home=h01").status_code == 403


def test_a_token_of_a_card_stands_in_no_log(
    app: Flask, client: FlaskClient, doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    card = doors.upkeep.make_card("h01")
    caplog.set_level("DEBUG")

    def fail(_token: str) -> None:
        raise RuntimeError("broken")

    app.view_functions["card"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get(f"/q/{card}?lang=es")
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/q/{card}")

    assert answer.status_code == 500
    assert card not in caplog.text
    assert "/q/..." in caplog.text


@pytest.mark.usefixtures("with_password")
def test_a_steward_signs_in_and_out(client: FlaskClient, doors: Doors) -> None:
    answer = sign_in(client)
    cookie = client.get_cookie("minga")

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert cookie is not None
    client.post("/sign-out", data=form(client, doors))
    assert client.get("/account").status_code == 401
    client.set_cookie("minga", cookie.value)
    assert client.get("/account").status_code == 401


@pytest.mark.usefixtures("with_password")
def test_a_token_that_was_there_before_is_worth_nothing_after(
    client: FlaskClient, doors: Doors
) -> None:
    planted = doors.begin(Guest(home_id="h01")).token
    client.set_cookie("minga", planted)

    sign_in(client)

    cookie = client.get_cookie("minga")
    assert cookie is not None
    assert cookie.value != planted
    assert doors.find(planted) is None


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize("name", ["rosa", "juan", "nobody", "<script>alert(1)</script>"])
def test_a_wrong_sign_in_is_answered_in_the_same_words(client: FlaskClient, name: str) -> None:
    answer = sign_in(client, name, password="never-this")  # noqa: S106  as a stranger tries
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "El nombre, la contraseña o el código no es correcto." in page
    assert "<script>" not in page
    assert "never-this" not in page
    assert "Set-Cookie" not in answer.headers or "minga=" not in answer.headers["Set-Cookie"]


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize("name", ["rosa", "nobody"])
def test_too_many_tries_say_when_to_come_back(
    client: FlaskClient, clock: FixedClock, name: str
) -> None:
    for pause_s in (1, 2, 4, 8, 16):
        sign_in(client, name, password="wrong")  # noqa: S106  as a stranger tries
        clock.at += timedelta(seconds=pause_s)

    answer = sign_in(client, name)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "869"
    assert "Intente de nuevo en 15 minutos" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/account?lang=es", "/account?lang=es"),
        ("/community?date=2026-03-01", "/community?date=2026-03-01"),
        ("https://example.org/", None),
        ("//example.org/", None),
        ("/\\example.org", None),
        ("/nowhere", None),
        ("/sign-out", None),
        ("/account\r\nSet-Cookie: x=y", None),
        ("javascript:alert(1)", None),
    ],
)
def test_after_sign_in_one_is_where_one_wanted_to_be_and_never_elsewhere(
    client: FlaskClient, asked: str, sent_to: str | None
) -> None:
    answer = send(client, "/sign-in", name="rosa", password=PASSWORD, next=asked)

    assert answer.status_code == 303
    assert answer.headers["Location"] in ([sent_to] if sent_to else ["/steward", "/community"])


def test_a_stranger_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    page = client.get("/account").get_data(as_text=True)

    assert 'href="/sign-in?next=/account"' in page


@pytest.mark.parametrize("address", ["/sign-in", "/setup"])
@pytest.mark.parametrize(
    ("base", "source", "proxy"),
    [
        ("http://minga.local:8080", "192.168.1.7", {}),
        ("http://minga.local:8080", "127.0.0.1", {}),
        ("http://localhost", "192.168.1.7", {}),
        ("http://localhost", "127.0.0.1", {"X-Forwarded-For": "192.168.1.7"}),
        ("http://localhost", "127.0.0.1", {"X-Forwarded-Proto": "https"}),
        ("http://localhost", "127.0.0.1", {"Forwarded": "for=192.168.1.7;proto=https"}),
    ],
)
def test_nobody_signs_in_where_others_could_read_along(
    client: FlaskClient, address: str, base: str, source: str, proxy: dict[str, str]
) -> None:
    answer = client.get(address, base_url=base, environ_base={"REMOTE_ADDR": source}, headers=proxy)

    assert answer.status_code == 403
    assert "otros podrían leer su contraseña" in answer.get_data(as_text=True)
    assert "<form" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("base", "source"),
    [
        ("https://minga.local", "192.168.1.7"),
        ("http://localhost:8080", "127.0.0.1"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]:8080", "::1"),
    ],
)
def test_one_signs_in_over_https_or_at_the_machine(
    client: FlaskClient, base: str, source: str
) -> None:
    answer = client.get("/sign-in", base_url=base, environ_base={"REMOTE_ADDR": source})

    assert answer.status_code == 200


@pytest.fixture
def code(database: Database, clock: FixedClock) -> str:
    with database.writing() as connection:
        return offer_code(connection, unix_s(clock.now())) or ""


def test_the_first_steward_comes_in_by_the_code(client: FlaskClient, code: str) -> None:
    wrong = send(client, "/setup", code="x", name="Eva", id="eva", password=PASSWORD)
    assert wrong.status_code == 422
    assert PASSWORD not in wrong.get_data(as_text=True)
    weak = send(client, "/setup", code=code, name="Eva", id="eva", password="contraseña1")  # noqa: S106  a weak one
    assert "Mucha gente tiene esta contraseña" in weak.get_data(as_text=True)


def test_the_code_opens_once(client: FlaskClient, app: Flask, code: str) -> None:
    answer = send(client, "/setup", code=code, name="Eva", id="eva", password=PASSWORD)

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert app.test_client().get("/setup").status_code == 404
    assert sign_in(app.test_client(), "eva").status_code == 303


@pytest.mark.usefixtures("with_password")
def test_a_steward_changes_the_password(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    key = re.findall(r'name="form_key" value="([^"]+)"', client.get("/account").text)[0]
    fields = {FIELD: key, "old": PASSWORD, "password": "qantu-urpi-chaska"}

    answer = client.post("/account/password", data=fields)

    assert answer.status_code == 303
    assert "La contraseña cambió" in client.get(answer.headers["Location"]).text
    assert other.get("/account").status_code == 401
    assert client.post("/account/password", data=fields).status_code == 400


@pytest.mark.usefixtures("with_password")
def test_a_steward_asks_for_codes(client: FlaskClient, clock: FixedClock) -> None:
    sign_in(client)
    page = client.get("/account").text
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    key = re.findall(r'name="form_key" value="([^"]+)"', page)[0]
    code = code_at(secret, unix_s(clock.now()) // STEP_S)
    fields = {FIELD: key, "old": PASSWORD, "secret": secret}

    wrong = client.post("/account/codes", data={**fields, "code": "000000"})
    done = client.post("/account/codes", data={**fields, "code": code})

    assert "<svg" in page
    assert secret in wrong.text
    assert done.status_code == 303
    assert "Se le pide un código" in client.get("/account").text
    assert secret not in client.get("/account").text


@pytest.mark.usefixtures("with_password")
def test_a_visit_that_ended_before_the_form_was_sent_says_what_to_do(
    client: FlaskClient, clock: FixedClock, doors: Doors
) -> None:
    sign_in(client)
    fields = form(client, doors, old=PASSWORD, password="qantu-urpi-chaska")  # noqa: S106  made up
    clock.at += timedelta(minutes=31)

    answer = client.post("/account/password", data=fields)

    assert answer.status_code == 401
    assert "Nada se ha cambiado. Ingrese de nuevo" in answer.text
    assert sign_in(client).status_code == 303


def test_what_is_denied_is_noted_once_in_a_while(
    household_client: Clients, clock: FixedClock, database: Database
) -> None:
    client = household_client("h01")
    for minutes in (0, 1, 16):
        clock.at += timedelta(minutes=minutes)
        client.get("/account")

    with database.reading() as connection:
        told = [(one.who, one.what, one.text) for one in read_deeds(connection, 9)]
    assert told == [("home:h01", "denied", "GET account")] * 2


@pytest.mark.usefixtures("with_password")
def test_what_a_steward_does_is_noted(
    client: FlaskClient, doors: Doors, database: Database
) -> None:
    sign_in(client)
    client.post("/account/password", data=form(client, doors, old=PASSWORD, password="x" * 8))
    client.post("/sign-out", data=form(client, doors))

    with database.reading() as connection:
        told = [(one.who, one.what) for one in read_deeds(connection, 9)]
    assert told[:2] == [("steward:rosa", "left"), ("steward:rosa", "came-in")]


@pytest.mark.parametrize("address", ["/q/x", "/sign-in", "/setup", "/account", "/pin"])
def test_the_doors_carry_the_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert {name: headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert headers["Cache-Control"] == "no-store"
