"""Browsers of people who came in; for any app and its doors, made up or real."""

from flask import Flask
from flask.testing import FlaskClient

from coop.doors.visits import Guest
from dashboard.sources import Doors
from dashboard.visiting import FIELD


def client_of_household(app: Flask, doors: Doors, home: str) -> FlaskClient:
    """Return a browser in which a home's card was opened."""
    return _let_in(app, doors, Guest(home_id=home))


def client_of_steward(app: Flask, doors: Doors, who: str) -> FlaskClient:
    """Return a browser in which a steward signed in."""
    return _let_in(app, doors, Guest(steward_id=who))


def form(client: FlaskClient, doors: Doors, **fields: str) -> dict[str, str]:
    """Return the fields of a form, with the key of this browser's visit."""
    cookie = client.get_cookie("minga")
    visit = doors.find(cookie.value) if cookie else None
    assert visit, "this browser has no visit"
    return {FIELD: visit.form_key, **fields}


def text_of(client: FlaskClient, address: str) -> str:
    """Return what is answered at an address."""
    return client.get(address).get_data(as_text=True)


def _let_in(app: Flask, doors: Doors, guest: Guest) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("minga", doors.begin(guest).token)
    return client
