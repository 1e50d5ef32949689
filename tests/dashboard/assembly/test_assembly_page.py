"""The page of the assembly: its fund, its decisions and its stewards, just as they are booked."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from coop.assembly import Assembly, AssemblyBook
from coop.database.opening import open_database
from coop.errors import StateError
from coop.settings import CoopSettings
from coop.words import Language
from dashboard.app import create_app
from tests.coop.village import Village as Books
from tests.dashboard.assembly.decided import FULL, FakeAssembly
from tests.dashboard.fakes import Village
from tests.dashboard.visits import client_of_household, client_of_steward

ADDRESSES = ("/assembly", "/assembly.json", "/assembly.csv")


@pytest.fixture
def source() -> FakeAssembly:
    return FakeAssembly()


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def household(village: Village, source: FakeAssembly) -> FlaskClient:
    app = create_app(replace(village.sources(), assembly=source))
    return client_of_household(app, village.doors, "h03")


@pytest.fixture
def steward(village: Village, source: FakeAssembly) -> FlaskClient:
    app = create_app(replace(village.sources(), assembly=source))
    return client_of_steward(app, village.doors, "rosa")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_asked_to_come_in(
    village: Village, source: FakeAssembly, address: str
) -> None:
    client = create_app(replace(village.sources(), assembly=source)).test_client()

    assert client.get(address).status_code == 401


def test_the_fund_stands_month_by_month_beside_its_picture(household: FlaskClient) -> None:
    page = household.get("/assembly").text

    assert page.count('<svg class="chart"') == 2
    assert "120.00 soles en marzo 2026, como máximo 120.00 soles en febrero 2026." in page
    row = page.partition("febrero 2026</th>")[2].partition("</tr>")[0]
    cells = ("5.00", "70,000.5", "160.00", "45.00", "120.00")
    assert row == "".join(f"<td>{cell}</td>" for cell in cells)


def test_a_fund_without_soles_is_drawn_by_its_energy(
    household: FlaskClient, source: FakeAssembly
) -> None:
    months = (replace(FULL.fund[0], worth_centimos=None, balance_centimos=0), FULL.fund[1])
    source.held = replace(FULL, fund=tuple(replace(one, balance_centimos=0) for one in months))

    page = household.get("/assembly").text

    assert "como escalones: 9.0 kWh hasta enero 2026." in page
    assert "Recibido desde el comienzo, kWh</figcaption>" in page
    assert page.count('class="band band-fund"') == 2


def test_what_is_not_booked_yet_is_a_dash_and_says_so(household: FlaskClient) -> None:
    page = household.get("/assembly").text

    row = page.partition('<th scope="row">marzo 2026</th>')[2].partition("</tr>")[0]
    cells = ("120.00", "65,000.0", "—", "0.00", "120.00")
    assert row == "".join(f"<td>{cell}</td>" for cell in cells)
    assert "Una raya: los soles se anotan cuando se congela un mes" in page


def test_decisions_stand_with_their_numbers(household: FlaskClient) -> None:
    page = household.get("/assembly").text

    assert '<a href="/reports/2026-03">marzo 2026</a>' in page
    for told in ("Aprobado por la asamblea", "Acta 12, punto 3", "10 de abril de 2026"):
        assert told in page
    for told in ("Acta 14", "S/ 45.00", "Panel para la posta", "Acta 0", "Partes iguales"):
        assert told in page
    assert "68.55" in page


def test_stewards_stand_with_their_terms(household: FlaskClient) -> None:
    page = household.get("/assembly").text

    rosa = page.partition("Rosa Quispe")[2].partition("</tr>")[0]
    eva = page.partition("Eva Ñahui")[2].partition("</tr>")[0]
    assert "1 de diciembre de 2025" in rosa
    assert "en vigor" in rosa
    assert "1 de marzo de 2026" in eva


def test_empty_books_say_so(household: FlaskClient, source: FakeAssembly) -> None:
    source.held = Assembly()

    answer = household.get("/assembly")

    assert answer.status_code == 200
    assert "Los libros todavía no tienen nada para la asamblea." in answer.text
    assert 'class="chart"' not in answer.text


def test_a_part_of_which_there_is_nothing_says_so(
    household: FlaskClient, source: FakeAssembly
) -> None:
    source.held = replace(FULL, fund=(), grants=())

    page = household.get("/assembly").text

    assert "El fondo no recibió nada todavía." in page
    assert "No se entregó nada del fondo." in page


def test_books_that_are_away_are_said_to_be_away(
    household: FlaskClient, source: FakeAssembly
) -> None:
    source.away = StateError("gone")

    assert household.get("/assembly").status_code == 503


def test_a_year_is_shown_alone(household: FlaskClient) -> None:
    page = household.get("/assembly?year=2025").text

    assert "diciembre 2025</th>" in page
    assert "enero 2026" not in page
    assert "Acta 14" not in page
    assert "Partes iguales" not in page
    assert "Al comienzo" in page
    assert 'aria-current="page">2025</a>' in page


@pytest.mark.parametrize("kind", ["", ".json", ".csv"])
def test_a_year_of_which_there_is_nothing_says_which_there_are(
    household: FlaskClient, kind: str
) -> None:
    answer = household.get(f"/assembly{kind}?year=2031")

    assert answer.status_code == 404
    assert "Años que hay: 2026, 2025." in answer.text


@pytest.mark.parametrize("year", ["", "next", "20", "2026-03", "٢٠٢٦"])
def test_a_year_that_is_none_is_answered_with_an_example(household: FlaskClient, year: str) -> None:
    answer = household.get("/assembly", query_string={"year": year})

    assert answer.status_code == 400
    assert "?year=2026" in answer.text


def test_a_program_gets_exact_integers_and_null(household: FlaskClient) -> None:
    said = household.get("/assembly.json").get_json()

    assert said["years"] == [2026, 2025]
    assert said["fund"][2] == {
        "month": "2026-02",
        "opening_tenths_wh": 90_000,
        "received_tenths_wh": 700_005,
        "total_tenths_wh": 790_005,
        "opening_centimos": 500,
        "worth_centimos": 16_000,
        "given_centimos": 4_500,
        "balance_centimos": 12_000,
    }
    assert said["fund"][1]["received_tenths_wh"] is None
    assert said["months"][0]["text"] == "Acta 12, punto 3"
    assert said["prices"][0]["centimos_per_kwh"] == "1371/20"
    assert said["stewards"][1]["to"] == "2026-03-01T05:00:00Z"


def test_a_table_has_a_figure_a_line(household: FlaskClient) -> None:
    answer = household.get("/assembly.csv?year=2026")
    rows = list(csv.reader(answer.text.splitlines()))

    assert 'filename="assembly-2026.csv"' in answer.headers["Content-Disposition"]
    assert rows[0] == ["part", "of", "figure", "value"]
    assert ["fund", "2026-02", "worth_centimos", "16000"] in rows
    assert ["fund", "2026-03", "worth_centimos", ""] in rows
    assert ["grants", "Acta 14", "stewards", "juan rosa"] in rows


def test_households_are_not_told_months_of_fewer_than_five(
    household: FlaskClient, steward: FlaskClient, source: FakeAssembly
) -> None:
    source.held = replace(FULL, fund=tuple(replace(one, homes=4) for one in FULL.fund))

    page, whole = household.get("/assembly").text, steward.get("/assembly").text

    assert "70,000.5" not in page
    assert "No se dicen los meses de menos de cinco casas." in page
    assert 'class="chart"' not in page
    assert "70,000.5" in whole
    assert household.get("/assembly.json").get_json()["fund"][2]["worth_centimos"] is None


def test_a_fund_below_zero_says_why(steward: FlaskClient, source: FakeAssembly) -> None:
    below = replace(FULL.fund[-1], balance_centimos=-70)
    source.held = replace(FULL, fund=(below,))

    page = steward.get("/assembly").text

    assert "-0.70" in page
    assert "Bajo cero:" in page


@pytest.mark.parametrize("language", Language)
def test_it_is_told_in_every_language(household: FlaskClient, language: Language) -> None:
    page = household.get(f"/assembly?lang={language}").text

    assert f'<html lang="{language}"' in page
    assert 'class="other"' not in page


def test_a_page_asks_the_books_at_most_six_times(tmp_path: Path, village: Village) -> None:
    settings = CoopSettings(database=str(tmp_path / "coop.sqlite"))
    with open_database(settings) as database:
        books = Books(database, settings)
        books.agree()
        books.measure(4)
        books.settle(60)
        app = create_app(replace(village.sources(), assembly=AssemblyBook(database, settings)))
        client = client_of_steward(app, village.doors, "rosa")
        asked: list[str] = []
        event.listen(database._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

        page = client.get("/assembly")

    assert "marzo 2026</th>" in page.text
    # One more finds the visit, and the first page of an app reads corrections of phrases.
    assert len([one for one in asked if "SELECT" in one]) == 4
