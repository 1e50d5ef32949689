"""The community for programs: the figures of its page, slots in parts, and tags."""

import pytest
from flask.testing import FlaskClient

from tests.dashboard.api.conftest import Ask
from tests.dashboard.fakes import HOMES, PowerSources, Village

DAY = "community/days/2026-03-01"
MONTH = "community/months/2026-03"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (DAY, "date=2026-03-01"),
        (MONTH, "month=2026-03"),
        ("community/years/2026", "year=2026"),
    ],
)
def test_a_program_reads_what_the_page_shows(
    ask: Ask, steward_client: FlaskClient, address: str, page: str
) -> None:
    shown = steward_client("rosa").get(f"/community.json?{page}").get_json()
    shown.pop("slots", None)

    assert ask(address).get_json() == shown


def test_slots_are_those_of_the_page(ask: Ask, steward_client: FlaskClient) -> None:
    shown = steward_client("rosa").get("/community.json?date=2026-03-01").get_json()["slots"]

    told = ask(f"{DAY}/slots").get_json()

    assert told == {"slots": shown, "next": None}
    assert len(shown) == 48


def test_a_month_of_slots_is_read_in_parts_without_a_gap(ask: Ask) -> None:
    address, starts = "community/months/2026-02/slots?limit=97", []
    while address:
        told = ask(address).get_json()
        assert len(told["slots"]) <= 97
        starts += [slot["start"] for slot in told["slots"]]
        address = (told["next"] or "").removeprefix("/api/v1/")

    assert len(starts) == len(set(starts)) == 28 * 96
    assert starts == sorted(starts)
    assert (starts[0], starts[-1]) == ("2026-02-01T05:00:00Z", "2026-03-01T04:45:00Z")


def test_the_next_part_keeps_the_language_and_the_limit(ask: Ask) -> None:
    told = ask(f"{DAY}/slots?limit=5&lang=es").get_json()

    assert "limit=5" in told["next"]
    assert "lang=es" in told["next"]
    assert "Bearer" not in told["next"]


def test_a_cursor_after_the_end_finds_nothing(ask: Ask) -> None:
    assert ask(f"{DAY}/slots?cursor=zzzzzzzz").get_json() == {"slots": [], "next": None}


def test_a_small_cooperative_tells_no_slots(ask: Ask, village: Village) -> None:
    village.books.devices = PowerSources((), (), HOMES[:4])

    assert ask(f"{DAY}/slots").get_json()["slots"] == []
    assert ask(DAY).get_json() == {"state": "withheld", "date": "2026-03-01", "roofs": []}


@pytest.mark.parametrize("address", [DAY, f"{DAY}/slots", MONTH])
def test_what_did_not_change_is_not_sent_again(ask: Ask, village: Village, address: str) -> None:
    tag = ask(address).headers["ETag"]

    assert ask(address, If_None_Match=tag).status_code == 304
    assert ask(address, If_None_Match=tag).data == b""
    village.books.filled.clear()
    assert ask(address, If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "community/days/2026-03-02",
        "community/days/1999-12-31",
        "community/days/9999-12-31",
        "community/days/0001-01-01",
        "community/months/2026-04",
        "community/years/2027",
    ],
)
def test_a_day_outside_the_books_is_not_found(ask: Ask, address: str) -> None:
    assert ask(address).status_code == 404
