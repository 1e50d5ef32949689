"""Sign in, the first steward, and leaving, as a browser meets them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.database.opening import Database
from coop.doors.credentials.setting_up import offer_code
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.slots import unix_s
from dashboard.access import HEADERS
from tests.dashboard.doors.conftest import PASSWORD
from tests.dashboard.doors.sending import send, sign_in
from tests.dashboard.fakes import FixedClock
from tests.dashboard.visits import form


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


@pytest.mark.parametrize("address", ["/q/x", "/sign-in", "/setup", "/account", "/pin"])
def test_the_doors_carry_the_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert {name: headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert headers["Cache-Control"] == "no-store"
