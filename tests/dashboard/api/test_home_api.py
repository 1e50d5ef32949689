"""One home for programs: the figures of its page, its slots, and why each is what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.dashboard.api.conftest import Town
from tests.dashboard.visits import client_of_household

DAY, MONTH = "home/days/2026-03-10", "home/months/2026-03"
SLOT = "2026-03-14T17:00Z"


def page_of(town: Town, address: str) -> dict[str, Any]:
    client = client_of_household(town.app, town.scene.doors, "h07")
    return dict(client.get(address).get_json())


def test_a_home_reads_how_it_stands(town: Town) -> None:
    shown = page_of(town, "/home.json")
    del shown["day"], shown["slots"]

    assert town.ask_as("h07")("home").get_json() == shown


def test_a_home_reads_its_days_and_months(town: Town) -> None:
    shown = page_of(town, "/home.json?month=2026-03&date=2026-03-10")
    whose = {"home": "h07", "name": shown["name"]}
    [day] = [one for one in shown["month"]["days"] if one["date"] == "2026-03-10"]

    assert town.ask_as("h07")(DAY).get_json() == {**whose, **day}
    assert town.ask_as("h07")(MONTH).get_json() == {**whose, **shown["month"]}


def test_its_slots_are_those_of_its_page(town: Town) -> None:
    shown = page_of(town, "/home.json?date=2026-03-10")["slots"]
    for slot in shown:
        slot["why"] = f"/api/v1{slot['why']}".replace(":", "%3A")

    told = town.ask_as("h07")(f"{DAY}/slots").get_json()

    for slot in told["slots"]:
        slot["why"] = slot["why"].replace(":", "%3A")
    assert told == {"home": "h07", "slots": shown, "next": None}


def test_a_month_of_slots_is_read_in_parts_without_a_gap(town: Town) -> None:
    ask, address, slots = town.ask_as("h07"), f"{MONTH}/slots?limit=500", []
    while address:
        told = ask(address).get_json()
        slots += told["slots"]
        address = (told["next"] or "").removeprefix("/api/v1/")

    starts = [slot["start"] for slot in slots]
    assert starts == sorted(set(starts))
    assert len(starts) == 15 * 96 + 57
    month = ask(MONTH).get_json()
    assert sum(slot["shared_wh"] or 0 for slot in slots) == month["shared_wh"]


def test_the_reason_of_a_slot_is_that_of_its_page(town: Town) -> None:
    ask = town.ask_as("h07")
    [slot] = [
        one
        for one in ask("home/days/2026-03-14/slots").get_json()["slots"]
        if one["start"] == "2026-03-14T17:00:00Z"
    ]

    told = ask(slot["why"].removeprefix("/api/v1/")).get_json()

    assert told == page_of(town, f"/home/why/{SLOT}.json")
    assert told["shared_wh"] == slot["shared_wh"]


@pytest.mark.parametrize("address", ["home", DAY, MONTH, f"{DAY}/slots", f"home/why/{SLOT}"])
def test_a_home_is_read_by_its_own_programs_and_by_stewards(town: Town, address: str) -> None:
    assert town.ask_as("h08")(f"{address}?home=h07").status_code == 403
    assert town.ask_as("h08")(address).status_code == 200
    assert town.ask_as(None)(f"{address}?home=h07").status_code == 403
    assert town.ask_as_steward()(f"{address}?home=h07").status_code == 200
    assert town.ask_as_steward()(f"{address}?home=h99").status_code == 404
    assert town.ask_as_steward()(address).status_code == 404
    assert town.app.test_client().get(f"/api/v1/{address}").status_code == 401


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("home/why/2026-03-14T17:05Z", 404),
        ("home/why/2026-02-30T17:00Z", 404),
        ("home/why/2026-01-01T17:00Z", 404),
        ("home/why/now", 422),
        ("home/days/2026-02-19", 404),
        ("home/days/2027-01-01", 404),
        ("home/months/2026-01", 404),
        ("home/months/2026-13", 422),
    ],
)
def test_what_is_not_in_the_books_is_told_as_such(town: Town, address: str, status: int) -> None:
    answer = town.ask_as("h07")(address)

    assert answer.status_code == status
    assert answer.get_json()["status"] == status


@pytest.mark.parametrize(
    ("address", "home"),
    [("home", "h01"), (MONTH, "h02"), (f"{MONTH}/slots", "h03"), (f"home/why/{SLOT}", "h04")],
)
def test_an_answer_takes_few_statements(town: Town, address: str, home: str) -> None:
    with statements(town) as told:
        assert town.ask_as(home)(address).status_code == 200

    assert 0 < len(told) <= 6


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """Gather what is asked of the books."""
    told: list[str] = []
    engine = town.scene.database._engine

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        told.extend([statement] if statement.startswith(("SELECT", "WITH")) else [])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)
