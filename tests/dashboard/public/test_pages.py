"""What the pages say in each state, to people and to programs."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.errors import UnreachableError
from coop.books import Figures, Source, Standing
from coop.books import Sources as PowerSources
from coop.errors import StateError
from dashboard.app import create_app
from tests.dashboard.fakes import DAY, HOMES, NOON, ROOFS, SLOT_FIGURES, Village
from tests.dashboard.visits import client_of_household

PAGES = ["/", "/tv", "/community"]
DATA = ["/index.json", "/tv.json", "/community.json", "/api/v1/now"]


@pytest.fixture
def client(app: Flask, village: Village) -> FlaskClient:
    """Return the browser of a household, which sees all of these pages."""
    return client_of_household(app, village.doors, "h01")


def text_of(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


@pytest.mark.parametrize("address", ["/", "/tv"])
def test_a_full_board_shows_the_three_numbers(client: FlaskClient, address: str) -> None:
    page = text_of(client, address)

    assert '<span class="number">7,3</span> <span class="unit">kW</span>' in page
    assert '<span class="number">28,8</span> <span class="unit">kWh</span>' in page
    assert '<span class="number">123,5</span> <span class="unit">kWh</span>' in page
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
    assert "7,3" not in page


def test_a_reading_of_another_day_is_dated(village: Village, client: FlaskClient) -> None:
    village.clock.at = NOON + timedelta(days=2)

    assert "sin lectura desde el 1/3 a las 12:19" in text_of(client, "/tv")


def test_the_store_of_readings_may_be_away(village: Village, client: FlaskClient) -> None:
    village.readings.away = UnreachableError("store: does not answer")

    answer = client.get("/tv")

    assert answer.status_code == 200
    assert "las lecturas no están a mano" in answer.get_data(as_text=True)
    assert "28,8" in answer.get_data(as_text=True)


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

    assert "28,8" not in page
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


def test_the_day_closes_to_zero_in_sight(client: FlaskClient) -> None:
    page = text_of(client, "/community")

    assert "Producido menos sus partes: <b>0 Wh</b>" in page
    assert (
        '<tfoot><tr><th scope="row">Suma</th><td>48\u00a0000</td><td>4\u00a0800</td>'
        "<td>28\u00a0800</td><td>2\u00a0400</td><td>12\u00a0000</td><td>0</td>" in page
    )


def test_the_table_has_the_rows_of_the_chart(client: FlaskClient) -> None:
    page = text_of(client, "/community")

    assert page.count('<tr class="settled') == 48
    assert page.count("<title id=") == 2
    assert page.count("<desc id=") == 2


def test_a_gap_is_hatched_and_has_no_number(village: Village, client: FlaskClient) -> None:
    village.books.fill(DAY, {0: SLOT_FIGURES, 1: Standing.UNSETTLED})

    page = text_of(client, "/community")

    assert 'fill="url(#day-missing)"' in page
    assert '<tr class="unsettled"><th scope="row">00:15</th><td>\u2014</td><td>\u2014</td>' in page


def test_a_day_may_be_asked_for(client: FlaskClient) -> None:
    page = text_of(client, "/community?date=2026-02-28")

    assert "sábado 28 de febrero de 2026" in page
    assert 'rel="next" href="/community?date=2026-03-01"' in page
    assert 'rel="prev"' not in page


def test_a_day_without_books_says_so(client: FlaskClient) -> None:
    answer = client.get("/community?date=2025-01-01")

    assert answer.status_code == 200
    assert "no tiene datos" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("2026-03-02", 404),
        ("1999-12-31", 404),
        ("9999-12-31", 404),
        ("0001-01-01", 404),
        ("2026-02-30", 400),
        ("ayer", 400),
        ("", 400),
        ("2026-03-01T10:00", 400),
        ("%00", 400),
        ("<script>", 400),
    ],
)
def test_a_day_that_is_not_one_is_refused_in_spanish(
    client: FlaskClient, asked: str, status: int
) -> None:
    answer = client.get("/community", query_string={"date": asked})

    assert answer.status_code == status
    assert '<html lang="es"' in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)


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


def test_the_community_as_json_is_exact(client: FlaskClient) -> None:
    document = client.get("/community.json?date=2026-03-01").get_json()

    assert document["produced_wh"] == 48_000
    assert document["counted_until"] == "2026-03-01T17:00:00Z"
    assert document["slots"][0] == {
        "start": "2026-03-01T05:00:00Z",
        "produced_wh": 1_000,
        "own_use_wh": 100,
        "shared_wh": 600,
        "set_aside_wh": 50,
        "left_over_wh": 250,
        "consumption_wh": 900,
        "standing": "settled",
    }
    assert len(document["slots"]) == 48


def test_the_community_as_csv_leaves_gaps_empty(village: Village, client: FlaskClient) -> None:
    slots: dict[int, Figures | Standing] = {0: SLOT_FIGURES, 1: Standing.UNSETTLED}
    village.books.fill(date(2026, 2, 28), slots)

    rows = list(csv.reader(io.StringIO(text_of(client, "/community.csv?date=2026-02-28"))))

    assert rows[0][:4] == ["slot_start", "local_start", "produced_wh", "own_use_wh"]
    assert rows[1] == [
        "2026-02-28T05:00:00Z",
        "2026-02-28T00:00-05:00",
        *["1000", "100", "600", "50", "250", "900", "0"],
        "settled",
    ]
    assert rows[2][2:] == ["", "", "", "", "", "", "", "unsettled"]


def test_the_screen_as_csv_has_one_figure_a_line(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(text_of(client, "/tv.csv"))))

    assert rows[1] == ["producing_now", "7341", "W"]
    assert ["shared_today", "28800", "Wh"] in rows
    assert ["fund", "1234567", "tenths of Wh"] in rows


def test_both_addresses_of_the_screen_say_the_same(client: FlaskClient) -> None:
    assert client.get("/index.json").get_json() == client.get("/tv.json").get_json()
