"""A month's report on the pages: everybody reads what they may, in every form."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event

from coop.database.opening import open_database
from coop.doors.visits import Guest
from coop.errors import StateError
from coop.month.states import Act, State
from coop.report.model import MonthReport, Review
from coop.report.shelf import Shelf
from dashboard.app import create_app
from dashboard.reports.reading import Reports
from dashboard.sources import Sources
from tests.bench.town import Town
from tests.dashboard.fakes import Village
from tests.dashboard.reports.reported import LINE, FakeReports, approved, come_in

MONTH = "2026-03"
FORMS = ("json", "csv", "pdf", "xlsx")
STEWARD, HOME = Guest(steward_id="rosa"), Guest(home_id="h003")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = Town(tmp_path_factory.mktemp("reports") / "town", 12, [MONTH])
    town.live(MONTH)
    town.settle(MONTH)
    return town


@pytest.fixture(scope="module")
def month(town: Town) -> MonthReport:
    return town.report(MONTH)


@pytest.fixture
def reports(month: MonthReport) -> FakeReports:
    february = replace(approved(month), month="2026-02")
    return FakeReports({MONTH: month, "2026-02": february})


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def stranger(village: Village, reports: FakeReports) -> Iterator[FlaskClient]:
    with create_app(sources_of(village, reports)).test_client() as client:
        yield client


def sources_of(village: Village, reports: Reports) -> Sources:
    return replace(village.sources(), reports=reports)


@pytest.fixture
def steward(stranger: FlaskClient, village: Village) -> FlaskClient:
    return come_in(stranger, village.doors, STEWARD)


@pytest.fixture
def household(stranger: FlaskClient, village: Village) -> FlaskClient:
    return come_in(stranger, village.doors, HOME)


def others(text: str) -> set[str]:
    """Return the homes that a text names, but the reader's own."""
    return set(re.findall(r"\bh0\d\d\b", text)) - {"h003"}


def test_a_steward_reads_all_of_a_month(steward: FlaskClient, month: MonthReport) -> None:
    page = steward.get(f"/reports/{MONTH}").text

    assert len(others(page)) == 11
    assert "Borrador: el mes está abierto" in page
    produced = f"{month.community.booked.produced_wh:,}"
    assert f"{produced} Wh" in page
    assert "<b>0 Wh</b>" in page
    assert page.count('<svg class="chart"') == 2


def test_the_picture_stands_beside_a_table_of_the_same_days(
    steward: FlaskClient, month: MonthReport
) -> None:
    page = steward.get(f"/reports/{MONTH}").text

    first = f"{month.days[0].produced_wh:,}"
    assert page.count("96 / 96") == 31
    assert f'<tr><th scope="row">1</th><td>{first}</td>' in page
    assert '<title id="month-title">El mes día por día</title>' in page
    assert '<desc id="month-desc">Cada día de marzo 2026' in page


@pytest.mark.parametrize("form", ["", *(f".{form}" for form in FORMS), "/read"])
def test_a_household_is_told_of_no_other_home(household: FlaskClient, form: str) -> None:
    answer = household.get(f"/reports/{MONTH}{form}")

    assert answer.status_code == 200
    assert others(answer.data.decode(errors="replace")) == set()


def test_a_household_finds_its_own_line_and_the_sums_of_all(
    household: FlaskClient, month: MonthReport
) -> None:
    said = household.get(f"/reports/{MONTH}.json").get_json()

    own = next(home for home in month.homes if home.home == "h003")
    assert said["home"]["shared_wh"] == own.shared_wh
    assert said["sums"]["produced_wh"] == month.community.booked.produced_wh
    assert len(said["days"]) == 31
    assert said["days"][0]["produced_wh"] == month.days[0].produced_wh


def test_a_household_gets_its_line_as_table_and_as_workbook(household: FlaskClient) -> None:
    rows = list(csv.DictReader(household.get(f"/reports/{MONTH}.csv").text.splitlines()))
    book = load_workbook(BytesIO(household.get(f"/reports/{MONTH}.xlsx").data))

    assert {row["of"] for row in rows if row["part"] == "home"} == {"h003"}
    assert not {"meter"} & {row["part"] for row in rows}
    cells = {str(cell.value) for page in book.worksheets for row in page.rows for cell in row}
    assert others(" ".join(cells)) == set()


def test_a_stranger_reads_the_public_part_of_approved_months_only(stranger: FlaskClient) -> None:
    page = stranger.get("/reports/2026-02")

    assert page.status_code == 200
    assert re.findall(r"\bh0\d\d\b", page.text) == []
    assert "rosa" not in page.text
    assert "Leído" not in page.text
    assert LINE in page.text
    assert 'class="chart"' not in page.text


@pytest.mark.parametrize("form", ["", *(f".{form}" for form in FORMS), "/read", "/slips.pdf"])
def test_a_stranger_is_asked_to_come_in_for_a_draft(stranger: FlaskClient, form: str) -> None:
    assert stranger.get(f"/reports/{MONTH}{form}").status_code == 401


@pytest.mark.parametrize("said", [Act.OBSERVED, None])
def test_what_the_assembly_did_not_approve_is_for_members(
    stranger: FlaskClient, reports: FakeReports, month: MonthReport, said: Act | None
) -> None:
    review = Review(said, "Falta la casa 3") if said else None
    reports.held["2026-01"] = replace(month, month="2026-01", state=State.CLOSED, review=review)

    assert stranger.get("/reports/2026-01").status_code == 401
    assert "2026-01" not in stranger.get("/reports").text


def test_who_signed_and_what_the_assembly_said_stand_under_the_state(
    household: FlaskClient, reports: FakeReports, month: MonthReport
) -> None:
    observed = replace(approved(month), review=Review(Act.OBSERVED, "Falta la casa 3"))
    reports.held[MONTH] = observed

    page = household.get(f"/reports/{MONTH}").text

    assert "Observado por la asamblea" in page
    assert "Firmado por: rosa, juan" in page
    assert "<blockquote>Falta la casa 3</blockquote>" in page


def test_the_line_that_verifies_the_month_is_in_the_footer(stranger: FlaskClient) -> None:
    page = stranger.get("/reports/2026-02").text

    footer = page.partition('<footer class="line">')[2].partition("</footer>")[0]
    assert f"<code>{LINE}</code>" in footer
    assert "minga verify" in footer


def test_slips_are_for_stewards(household: FlaskClient, village: Village) -> None:
    refused = household.get(f"/reports/{MONTH}/slips.pdf").status_code
    given = come_in(household, village.doors, STEWARD).get(f"/reports/{MONTH}/slips.pdf")

    assert (refused, given.status_code, given.mimetype) == (403, 200, "application/pdf")
    assert given.data.startswith(b"%PDF")


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_handed_out_in_every_form(steward: FlaskClient, form: str) -> None:
    answer = steward.get(f"/reports/{MONTH}.{form}")

    assert answer.status_code == 200
    assert f'filename="report-{MONTH}.{form}"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_ten_sentences_are_read_in_the_language_asked_for(steward: FlaskClient) -> None:
    page = steward.get(f"/reports/{MONTH}/read?lang=qu").text

    assert page.count("<li>") == 10
    assert "willakuynin, marzo 2026 killamanta." in page


@pytest.mark.parametrize("address", ["/reports/2031-01", "/reports/never", "/reports/2026-13"])
@pytest.mark.parametrize("form", ["", ".json", ".csv", ".pdf", "/read", "/slips.pdf"])
def test_an_unknown_month_says_which_there_are(
    steward: FlaskClient, address: str, form: str
) -> None:
    answer = steward.get(f"{address}{form}")

    assert answer.status_code == 404
    assert "Informes que hay: 2026-03, 2026-02." in answer.text


def test_the_list_names_the_months_and_their_state(steward: FlaskClient) -> None:
    page = steward.get("/reports").text

    assert re.findall(r"<b>(\w+ \d+)</b>", page) == ["marzo 2026", "febrero 2026"]
    assert "Aprobado por la asamblea" in page
    assert steward.get("/reports.json").get_json()["months"][0] == {
        "month": MONTH,
        "state": "open",
        "review": None,
    }
    assert steward.get("/reports.csv").text.splitlines()[1] == "2026-03,open,"


def test_a_stranger_is_told_that_nothing_is_approved_yet(
    stranger: FlaskClient, reports: FakeReports
) -> None:
    del reports.held["2026-02"]

    assert "Ninguna asamblea aprobó un informe todavía." in stranger.get("/reports").text


def test_empty_books_say_so(steward: FlaskClient, reports: FakeReports) -> None:
    reports.held.clear()

    assert "Los libros no tienen ningún mes todavía." in steward.get("/reports").text


def test_books_that_are_away_are_said_to_be_away(
    steward: FlaskClient, reports: FakeReports
) -> None:
    reports.away = StateError("gone")

    assert steward.get("/reports").status_code == 503
    assert steward.get(f"/reports/{MONTH}").status_code == 503


def test_four_homes_see_no_sum_of_all(
    household: FlaskClient, reports: FakeReports, month: MonthReport
) -> None:
    reports.held[MONTH] = replace(month, homes=month.homes[:4])

    page = household.get(f"/reports/{MONTH}").text

    assert "No se muestran las sumas de este mes" in page
    assert 'class="chart"' not in page


def test_names_are_escaped(steward: FlaskClient, reports: FakeReports, month: MonthReport) -> None:
    named = tuple(replace(home, name="<script>x</script>") for home in month.homes)
    reports.held[MONTH] = replace(approved(month), homes=named, line="<i>")

    page = steward.get(f"/reports/{MONTH}").text

    assert "<script>" not in page
    assert "<i>" not in page


def test_months_are_linked_to_their_neighbours(steward: FlaskClient) -> None:
    page = steward.get("/reports/2026-02?lang=es").text

    assert 'rel="next" href="/reports/2026-03?lang=es"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("address", ["/reports", f"/reports/{MONTH}", f"/reports/{MONTH}.pdf"])
def test_a_page_asks_the_books_at_most_six_times(
    town: Town, village: Village, address: str
) -> None:
    asked: list[str] = []
    with open_database(town.settings) as database:
        client = come_in(
            create_app(sources_of(village, Shelf(database, town.settings))).test_client(),
            village.doors,
            STEWARD,
        )
        client.get(address)  # whoever comes first reads the month from the books
        event.listen(database._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

        assert client.get(address).status_code == 200

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 4
