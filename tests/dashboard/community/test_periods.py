"""The month and the year of the community, to people and to programs."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.books import Source, Standing
from coop.books import Sources as PowerSources
from tests.dashboard.fakes import DAY, HOMES, LIMA, ROOFS, SLOT_FIGURES, Village
from tests.dashboard.visits import client_of_household, text_of

FULL_DAY = dict.fromkeys(range(96), SLOT_FIGURES)
APRIL_TENTH = datetime(2026, 4, 10, 12, 20, tzinfo=LIMA)


@pytest.fixture
def client(app: Flask, village: Village) -> FlaskClient:
    """Return the browser of a household."""
    return client_of_household(app, village.doors, "h01")


@pytest.fixture
def village(village: Village) -> Village:
    """Return a village whose books know all of March 2026 but two days, and ten days of April."""
    village.clock.at = APRIL_TENTH
    village.books.filled.clear()
    for number in range(40):
        day = DAY + timedelta(days=number)
        if number not in {9, 10}:
            village.books.fill(day, FULL_DAY)
    village.books.fill(DAY + timedelta(days=10), {**FULL_DAY, 1: Standing.UNSETTLED})
    return village


def test_a_month_closes_to_zero_in_sight(client: FlaskClient) -> None:
    page = text_of(client, "/community?month=2026-03")

    assert "marzo de 2026" in page
    assert "Producido menos sus partes: <b>0 Wh</b>" in page
    assert (
        '<tfoot><tr><th scope="row">Suma</th><td>2,879,000</td><td>287,900</td>'
        "<td>1,727,400</td><td>143,950</td><td>719,750</td><td>0</td>" in page
    )


def test_a_day_without_measurement_has_no_bar_and_no_number(client: FlaskClient) -> None:
    page = text_of(client, "/community?month=2026-03")

    assert '<tr class="missing"><th scope="row"><a href="/community?date=2026-03-10">' in page
    assert '">martes 10</a></th><td>\u2014</td><td>\u2014</td>' in page
    assert 'fill="url(#period-missing)"' in page


def test_a_day_with_a_gap_says_how_long_it_is(client: FlaskClient) -> None:
    page = text_of(client, "/community?month=2026-03")

    assert '<tr class="partly"><th scope="row"><a href="/community?date=2026-03-11">' in page
    assert "sin medición 15\u00a0min" in page
    assert "sin medición 24\u00a0h\u00a015\u00a0min" in page


def test_the_table_has_the_rows_of_the_chart(client: FlaskClient) -> None:
    page = text_of(client, "/community?month=2026-03")

    assert page.count('<th scope="row"><a href="/community?date=') == 31
    assert page.count("<title id=") == 2
    assert page.count("<desc id=") == 2


def test_the_present_month_shows_what_is_over(client: FlaskClient) -> None:
    page = text_of(client, "/community?month=2026-04")

    assert page.count('<th scope="row"><a href="/community?date=') == 10
    assert "contado hasta el jueves 9 de abril de 2026" in page
    assert 'rel="next"' not in page


def test_a_year_is_told_month_by_month(client: FlaskClient) -> None:
    page = text_of(client, "/community?year=2026")

    assert "El año de la comunidad" in page
    assert page.count('<th scope="row"><a href="/community?month=') == 2
    assert '<a href="/community?month=2026-03">marzo de 2026</a>' in page
    assert "Producido menos sus partes: <b>0 Wh</b>" in page


@pytest.mark.parametrize("asked", ["date=2026-03-03", "month=2026-03", "year=2026"])
def test_each_stretch_leads_to_the_others(client: FlaskClient, asked: str) -> None:
    page = text_of(client, f"/community?{asked}")

    assert 'href="/community?month=2026-03"' in page
    assert 'href="/community?year=2026"' in page
    assert 'href="/community?date=2026-03-0' in page
    assert page.count('aria-current="page"') == 1


def test_a_month_of_fewer_than_five_homes_tells_nothing(
    village: Village, client: FlaskClient
) -> None:
    village.books.devices = PowerSources(ROOFS, (), HOMES[:4])

    page = text_of(client, "/community?month=2026-03")
    document = client.get("/community.json?month=2026-03").get_json()

    assert "menos de cinco hogares" in page
    assert "2879" not in page.replace(",", "")
    assert document["state"] == "withheld"
    assert document["produced_wh"] is None
    assert {day["produced_wh"] for day in document["days"]} == {None}
    assert document["roofs"] == []


def test_a_month_tells_the_own_use_of_one_roof_inside_what_was_shared(
    village: Village, client: FlaskClient
) -> None:
    village.books.devices = PowerSources(ROOFS, (Source("own", "energy_total", None),), HOMES)

    page = text_of(client, "/community?month=2026-03")
    document = client.get("/community.json?month=2026-03").get_json()

    assert "Usado en casas" in page
    assert "Uso propio" not in page
    assert (document["own_use_wh"], document["own_use_in_shared"]) == (None, True)
    assert document["shared_wh"] == 2_015_300
    assert {day["own_use_wh"] for day in document["days"]} == {None}


def test_each_roof_of_the_community_is_told(village: Village, client: FlaskClient) -> None:
    for day in village.books.filled:
        village.books.made[day] = {"roof:roof-1": 60_000, "roof:roof-2": 36_000}
    village.books.made[DAY + timedelta(days=10)] = {"roof:roof-1": 59_000, "roof:roof-2": 36_000}

    page = text_of(client, "/community?month=2026-03")
    roofs = client.get("/community.json?month=2026-03").get_json()["roofs"]

    assert "Techo 1" in page
    assert [(one["name"], one["produced_wh"]) for one in roofs] == [
        ("Techo 1", 1_799_000),
        ("Techo 2", 1_080_000),
        ("Techo 3", 0),
    ]


def test_roofs_of_two_homes_are_not_found_out(village: Village, client: FlaskClient) -> None:
    own = tuple(Source(f"own-{n}", "energy_total", None) for n in range(2))
    village.books.devices = PowerSources(ROOFS, own, HOMES)
    for day in village.books.filled:
        village.books.made[day] = {"roof:roof-1": 90_000, "roof:own-0": 5_000, "roof:own-1": 1_000}

    page = text_of(client, "/community?month=2026-03")
    roofs = client.get("/community.json?month=2026-03").get_json()["roofs"]

    assert "Sin separar por techo" in page
    assert {one["share"]: one["produced_wh"] for one in roofs}["untold"] == 2_879_000
    assert "90000" not in page


def test_a_month_without_books_leads_to_one_with_figures(client: FlaskClient) -> None:
    answer = client.get("/community?month=2025-02")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "Este mes no tiene datos" in page
    assert 'href="/community?month=2026-04"' in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("month=2026-05", 404),
        ("year=2027", 404),
        ("year=1999", 404),
        ("month=2026-13", 400),
        ("month=marzo", 400),
        ("year=%00", 400),
        ("month=2026-03&year=2026", 400),
    ],
)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_what_cannot_be_shown_says_what_to_write(
    client: FlaskClient, asked: str, status: int, form: str
) -> None:
    answer = client.get(f"/community{form}?{asked}")

    assert answer.status_code == status
    assert ("?month=2026-03" in answer.get_data(as_text=True)) is (status == 400)


def test_a_month_as_json_is_exact(client: FlaskClient) -> None:
    document = client.get("/community.json?month=2026-03").get_json()

    assert (document["month"], document["produced_wh"]) == ("2026-03", 2_879_000)
    assert (document["slots_due"], document["slots_missing"]) == (2_976, 97)
    assert document["days"][0] == {
        "date": "2026-03-01",
        "produced_wh": 96_000,
        "own_use_wh": 9_600,
        "shared_wh": 57_600,
        "set_aside_wh": 4_800,
        "left_over_wh": 24_000,
        "consumption_wh": 86_400,
        "slots_due": 96,
        "slots_missing": 0,
        "slots_provisional": 0,
        "standing": "whole",
    }


def test_a_month_as_csv_leaves_gaps_empty(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(text_of(client, "/community.csv?month=2026-03"))))

    assert rows[0][:3] == ["date", "produced_wh", "own_use_wh"]
    assert rows[10] == ["2026-03-10", *[""] * 7, "96", "96", "0", "missing"]
    assert len(rows) == 32


def test_a_year_as_csv_has_a_row_for_each_month(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(text_of(client, "/community.csv?year=2026"))))

    assert [row[0] for row in rows] == ["month", "2026-03", "2026-04"]


def test_the_sum_of_a_month_is_the_sum_of_its_days(client: FlaskClient) -> None:
    month = client.get("/community.json?month=2026-03").get_json()
    days = [
        client.get(f"/community.json?date={day['date']}").get_json()["produced_wh"] or 0
        for day in month["days"]
    ]

    assert sum(days) == month["produced_wh"]


def test_a_hostile_name_of_a_roof_stays_text(village: Village, client: FlaskClient) -> None:
    roof = Source("roof-1", "energy_total", "<script>alert(1)</script>")
    village.books.devices = PowerSources((roof,), (), HOMES)

    page = text_of(client, "/community?month=2026-03")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("language", ["qu", "ay", "es", "en"])
@pytest.mark.parametrize("asked", ["date=2026-03-11", "month=2026-03", "year=2026", "year=2025"])
def test_all_of_it_is_told_in_each_language(client: FlaskClient, language: str, asked: str) -> None:
    page = text_of(client, f"/community?{asked}&lang={language}")

    assert f'<html lang="{language}"' in page
    assert 'class="other"' not in page


@pytest.mark.parametrize("asked", ["month=2026-03", "year=2026"])
def test_no_script_no_style_and_no_other_host(client: FlaskClient, asked: str) -> None:
    page = text_of(client, f"/community?{asked}")

    assert [one for one in ("<script", "style=", "http://", "https://") if one in page] == []


def test_the_day_page_tells_its_roofs_too(client: FlaskClient) -> None:
    page = text_of(client, f"/community?date={date(2026, 3, 3)}")

    assert "Lo que produjo cada techo" in page
    assert "Techo 1" in page
