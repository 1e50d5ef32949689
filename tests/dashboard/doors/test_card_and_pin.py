"""A household comes in by its card, and by the PIN if it set one."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.doors.door import Doors
from dashboard.visiting import FIELD
from tests.dashboard.doors.sending import send

Clients = Callable[[str], FlaskClient]


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
