"""Reports, the assembly and devices for programs: as much as whoever asks may read."""

import pytest

from tests.dashboard.api.conftest import Town
from tests.dashboard.visits import client_of_household, client_of_steward

MONTH = "/api/v1/reports/2026-03"


def test_a_programs_month_is_what_is_public_of_it(town: Town) -> None:
    told = town.ask_as(None)("reports/2026-03").get_json()
    steward = client_of_steward(town.app, town.scene.doors, "rosa")

    assert told == {
        "public": steward.get("/reports/2026-03.json").get_json()["public"],
        "home": None,
    }


def test_a_household_reads_its_own_line(town: Town) -> None:
    client = client_of_household(town.app, town.scene.doors, "h07")

    told = client.get(MONTH).get_json()

    assert told["home"] == client.get("/reports/2026-03.json").get_json()["home"]
    assert told["home"]["home"] == "h07"


def test_a_month_that_no_assembly_approved_is_for_members(town: Town) -> None:
    stranger = town.app.test_client()

    assert stranger.get("/api/v1/reports").get_json() == {"months": []}
    assert stranger.get(MONTH).status_code == 401
    assert town.ask_as("h07")("reports/2026-03").status_code == 403
    assert town.ask_as("h07")("reports").get_json() == {"months": []}
    assert [one["month"] for one in town.ask_as(None)("reports").get_json()["months"]] == [
        "2026-03",
        "2026-02",
    ]
    assert town.ask_as(None)("reports/2031-01").status_code == 404


@pytest.mark.parametrize("query", ["", "?year=2026"])
def test_the_assembly_is_told_as_on_its_page(town: Town, query: str) -> None:
    client = client_of_household(town.app, town.scene.doors, "h07")

    told = town.ask_as(None)(f"assembly{query}").get_json()

    assert told == client.get(f"/assembly.json{query}").get_json()
    assert town.ask_as("h07")(f"assembly{query}").status_code == 403


@pytest.mark.parametrize(("year", "status"), [("2019", 404), ("2999", 404), ("x", 422)])
def test_a_year_that_is_not_there_is_told_as_such(town: Town, year: str, status: int) -> None:
    assert town.ask_as(None)(f"assembly?year={year}").status_code == status


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("devices", "/steward.json"),
        ("devices/coverage/2026-03", "/steward/data.json?month=2026-03"),
    ],
)
def test_devices_are_told_to_stewards_alone(town: Town, address: str, page: str) -> None:
    steward = client_of_steward(town.app, town.scene.doors, "rosa")

    told = town.ask_as_steward()(address).get_json()

    assert told == steward.get(page).get_json()
    assert town.ask_as(None)(address).status_code == 403
    assert town.ask_as("h07")(address).status_code == 403
