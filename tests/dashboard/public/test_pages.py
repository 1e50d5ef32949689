"""What the pages say in each state, to people and to programs."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.errors import UnreachableError
from coop.books import Source
from coop.books import Sources as PowerSources
from coop.errors import StateError
from dashboard.app import create_app
from tests.dashboard.fakes import HOMES, NOON, ROOFS, Village
from tests.dashboard.visits import client_of_household, text_of

PAGES = ["/", "/tv", "/community"]
DATA = ["/index.json", "/tv.json", "/community.json", "/api/v1/now"]


@pytest.fixture
def client(app: Flask, village: Village) -> FlaskClient:
    """Return the browser of a household, which sees all of these pages."""
    return client_of_household(app, village.doors, "h01")


@pytest.mark.parametrize("address", ["/", "/tv"])
def test_a_full_board_shows_the_three_numbers(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)

    assert '<span class="number">7.3</span> <span class="unit">kW</span>' in page
    assert '<span class="number">28.8</span> <span class="unit">kWh</span>' in page
    assert '<span class="number">123.5</span> <span class="unit">kWh</span>' in page
    assert "Buen momento para usar energía" in page
    assert "contado hasta las\u00a012:00" in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_its_languages(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)

    assert '<html lang="es"' in page
    assert 'lang="qu"' in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_holds_no_script_and_names_no_other_host(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)

    assert re.findall(r"<script(?! src=\"/static/live\.js)|<script[^>]*>[^<]", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert "style=" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_the_public_screen_loads_itself_again(client: FlaskClient) -> None:
    again = '<noscript><meta http-equiv="refresh" content="15"></noscript>'
    assert again in text_of(client, "/tv")


def test_an_old_reading_is_not_shown_as_current(village: Village, client: FlaskClient) -> None:
    village.clock.at = NOON + timedelta(minutes=40)

    page = text_of(client, "/tv")

    assert "sin lectura desde las\u00a012:19" in page
    assert "7.3" not in page


def test_a_reading_of_another_day_is_dated(village: Village, client: FlaskClient) -> None:
    village.clock.at = NOON + timedelta(days=2)

    assert "sin lectura desde el 1/3 a las 12:19" in text_of(client, "/tv")


def test_the_store_of_readings_may_be_away(village: Village, client: FlaskClient) -> None:
    village.readings.away = UnreachableError("store: does not answer")

    answer = client.get("/tv")

    assert answer.status_code == 200
    assert "las lecturas no están a mano" in answer.get_data(as_text=True)
    assert "28.8" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", [*PAGES, *DATA, "/tv.csv", "/community.csv"])
def test_without_the_books_the_answer_is_503_and_says_when_to_come_back(
    village: Village, client: FlaskClient, address: str
) -> None:
    village.books.away = StateError("/secret/coop.db: locked")

    answer = client.get(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "No se pueden leer las cifras" in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)


def test_the_screen_comes_back_by_itself(village: Village, client: FlaskClient) -> None:
    village.books.away = StateError("locked")

    assert '<meta http-equiv="refresh" content="30">' in text_of(client, "/tv")


def test_health_does_not_need_the_books(village: Village, client: FlaskClient) -> None:
    village.books.away = StateError("locked")

    assert client.get("/health").status_code == 200


def test_an_outage_is_logged_once_down_and_once_back(
    village: Village, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    village.books.away = StateError("locked")
    client.get("/tv")
    client.get("/tv")
    village.clock.at += timedelta(seconds=90)
    village.books.away = None
    client.get("/health")
    client.get("/tv")
    client.get("/tv")

    assert [record.getMessage() for record in caplog.records] == [
        "the cooperative's database failed: locked",
        "the cooperative's database is back after 90 s",
    ]


@pytest.mark.parametrize("address", ["/", "/tv"])
def test_an_empty_cooperative_says_so(address: str) -> None:
    page = create_app(Village().sources()).test_client().get(address).get_data(as_text=True)

    assert "Todavía no hay datos de la cooperativa" in page
    assert "<b>" not in page.split("<main")[1]


@pytest.mark.parametrize("address", [*PAGES, *DATA, "/tv.csv", "/community.csv"])
def test_with_fewer_than_five_homes_no_figure_leaves_the_house(
    village: Village, client: FlaskClient, address: str
) -> None:
    village.books.devices = PowerSources(ROOFS, (), HOMES[:4])

    page = text_of(client, address)

    assert "28.8" not in page
    assert "28800" not in page
    assert "1234567" not in page
    assert "7341" not in page


def test_one_home_with_a_roof_is_not_told_by_its_own_use(
    village: Village, client: FlaskClient
) -> None:
    village.books.devices = PowerSources(ROOFS, (Source("own", "energy_total", None),), HOMES)

    document = client.get("/community.json").get_json()

    assert "Uso propio" not in text_of(client, "/community")
    assert "Usado en casas" in text_of(client, "/community")
    assert document["own_use_wh"] is None
    assert document["own_use_in_shared"] is True
    assert {slot["own_use_wh"] for slot in document["slots"]} == {None}


def test_a_hostile_name_stays_text(village: Village) -> None:
    village.settings = type(village.settings)("<script>alert(1)</script>", village.books.zone)

    page = create_app(village.sources()).test_client().get("/").get_data(as_text=True)

    assert "<script>" not in page


def test_an_unknown_address_is_refused_in_the_form_that_was_asked(client: FlaskClient) -> None:
    assert "Página no encontrada" in text_of(client, "/nada")
    assert client.get("/nada.json").get_json()["error"]["status"] == 404
    assert client.get("/api/v2/now").get_json()["status"] == 404
    assert client.get("/nada.csv").mimetype == "text/plain"


def test_a_surprise_is_answered_without_a_traceback(village: Village, client: FlaskClient) -> None:
    village.books.away = RuntimeError("secret of the house")

    answer = client.get("/tv")

    assert answer.status_code == 500
    assert "Algo falló" in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)


def test_the_screen_as_csv_has_one_figure_a_line(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(text_of(client, "/tv.csv"))))

    assert rows[1] == ["producing_now", "7341", "W"]
    assert ["shared_today", "28800", "Wh"] in rows
    assert ["fund", "1234567", "tenths of Wh"] in rows


def test_both_addresses_of_the_screen_say_the_same(client: FlaskClient) -> None:
    assert client.get("/index.json").get_json() == client.get("/tv.json").get_json()
