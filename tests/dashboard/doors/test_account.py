"""Password and codes of a steward, and what is noted of who did what."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.database.opening import Database
from coop.doors.credentials.codes import STEP_S, code_at
from coop.doors.deeds import read_deeds
from coop.doors.door import Doors
from coop.slots import unix_s
from dashboard.visiting import FIELD
from tests.dashboard.doors.conftest import PASSWORD
from tests.dashboard.doors.sending import sign_in
from tests.dashboard.fakes import FixedClock
from tests.dashboard.visits import form

Clients = Callable[[str], FlaskClient]


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
def test_who_guesses_an_old_password_is_told_when_to_come_back(
    client: FlaskClient, clock: FixedClock
) -> None:
    sign_in(client)
    key = re.findall(r'name="form_key" value="([^"]+)"', client.get("/account").text)[0]
    fields = {FIELD: key, "old": "wrong", "password": "qantu-urpi-chaska"}
    for pause_s in (1, 2, 4, 8, 16):
        client.post("/account/password", data=fields)
        clock.at += timedelta(seconds=pause_s)

    answer = client.post("/account/password", data=fields)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "869")


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
