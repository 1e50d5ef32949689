"""Stewards make, print and end the cards of households, and read who did what."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coop.doors.deeds import What
from coop.doors.door import Doors
from coop.doors.visits import Guest
from dashboard.steward.admitting.wording import DEEDS
from tests.dashboard.visits import form

Clients = Callable[[str], FlaskClient]


@pytest.fixture
def rosa(steward_client: Clients) -> FlaskClient:
    return steward_client("rosa")


def make(client: FlaskClient, doors: Doors, *homes: str, newest: str = "0") -> TestResponse:
    fields = form(client, doors, newest=newest)
    return client.post("/steward/cards/make", data={**fields, "home": list(homes)})


def tokens(page: str) -> list[str]:
    return re.findall(r"/q/([A-Za-z0-9_-]{43})</p>", page)


def test_a_home_without_a_card_is_chosen_already(rosa: FlaskClient, doors: Doors) -> None:
    doors.upkeep.make_card("h01")

    page = rosa.get("/steward/cards").get_data(as_text=True)

    assert 'name="home" value="h01">' in page
    assert 'name="home" value="h02" checked>' in page


def test_a_card_is_printed_with_its_code_and_opens_its_home(
    rosa: FlaskClient, doors: Doors
) -> None:
    page = make(rosa, doors, "h01", "h02").get_data(as_text=True)

    assert page.count('class="qr"') == 2
    first, second = tokens(page)
    found = [doors.entrance.card(token) for token in (first, second)]
    assert [card.home_id for card in found if card] == ["h01", "h02"]
    assert first not in rosa.get("/steward/cards").get_data(as_text=True)


def test_a_form_sent_twice_makes_no_second_cards(rosa: FlaskClient, doors: Doors) -> None:
    make(rosa, doors, "h01")

    again = make(rosa, doors, "h01")

    assert again.status_code == 409
    assert "ya recibieron tarjetas" in again.get_data(as_text=True)
    assert [one.cards for one in doors.carded().homes] == [1, 0]


def test_a_second_card_is_made_by_a_new_form(rosa: FlaskClient, doors: Doors) -> None:
    make(rosa, doors, "h01")
    page = rosa.get("/steward/cards").get_data(as_text=True)
    newest = re.search(r'name="newest" value="(\d+)"', page)
    assert newest

    assert make(rosa, doors, "h01", newest=newest[1]).status_code == 200
    assert [one.cards for one in doors.carded().homes] == [2, 0]


@pytest.mark.parametrize(
    ("homes", "newest", "status"),
    [((), "0", 400), (("h01",), "", 400), (("h01",), "-1", 400), (("h01", "nobody"), "0", 404)],
)
def test_a_form_that_makes_no_sense_makes_nothing(
    rosa: FlaskClient, doors: Doors, homes: tuple[str, ...], newest: str, status: int
) -> None:
    assert make(rosa, doors, *homes, newest=newest).status_code == status
    assert [one.cards for one in doors.carded().homes] == [0, 0]


def test_ended_cards_open_no_more_and_their_visits_end(
    rosa: FlaskClient, doors: Doors, household_client: Clients
) -> None:
    token = doors.upkeep.make_card("h01")
    phone = household_client("h01")
    assert phone.get("/home").status_code == 200

    answer = rosa.post("/steward/cards/end", data=form(rosa, doors, home="h01"))

    assert answer.status_code == 303
    assert "ya no abren" in rosa.get(answer.headers["Location"]).get_data(as_text=True)
    assert doors.entrance.card(token) is None
    assert phone.get("/home").status_code == 401


def test_ending_the_cards_of_nobody_changes_nothing(rosa: FlaskClient, doors: Doors) -> None:
    answer = rosa.post("/steward/cards/end", data=form(rosa, doors, home="nobody"))

    assert answer.status_code == 404


def test_a_card_that_no_phone_reaches_is_warned_of(rosa: FlaskClient) -> None:
    page = rosa.get("/steward/cards").get_data(as_text=True)

    assert "adonde no llega ningún teléfono" in page


def test_cards_are_listed_for_programs_without_their_links(rosa: FlaskClient, doors: Doors) -> None:
    doors.upkeep.make_card("h01")

    homes = rosa.get("/steward/cards.json").get_json()["homes"]
    rows = list(csv.DictReader(io.StringIO(rosa.get("/steward/cards.csv").get_data(as_text=True))))

    assert [(one["home"], one["cards"]) for one in homes] == [("h01", 1), ("h02", 0)]
    assert [(row["home"], row["cards"], row["made"]) for row in rows][1] == ("h02", "0", "")


def test_the_record_says_who_made_which_card(rosa: FlaskClient, doors: Doors) -> None:
    make(rosa, doors, "h01")

    page = rosa.get("/steward/record").get_data(as_text=True)

    assert "steward: rosa" in page
    assert "hizo una tarjeta" in page
    assert "home:h01" in page


def test_the_record_is_read_a_hundred_lines_at_a_time(rosa: FlaskClient, doors: Doors) -> None:
    for _ in range(101):
        doors.upkeep.make_card("h01")

    first = rosa.get("/steward/record.json").get_json()
    second = rosa.get(f"/steward/record.json?before={first['before']}").get_json()

    assert (len(first["deeds"]), len(second["deeds"]), second["before"]) == (100, 1, None)
    assert f"/steward/record?before={first['before']}" in rosa.get("/steward/record").text
    assert "Más recientes" in rosa.get(f"/steward/record?before={first['before']}").text


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40])
def test_a_place_that_the_record_has_not_is_said_so(rosa: FlaskClient, before: str) -> None:
    answer = rosa.get("/steward/record", query_string={"before": before})

    assert answer.status_code == 404
    assert "registro" in answer.get_data(as_text=True)


def test_what_a_stranger_typed_is_text_in_the_record(
    rosa: FlaskClient, client: FlaskClient
) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    hostile = "<script>alert(1)</script>"
    client.post("/sign-in", data={"form_key": found[1], "name": hostile, "password": "x" * 9})

    told = rosa.get("/steward/record").get_data(as_text=True)

    assert hostile not in told
    assert "&lt;script&gt;" in told


def test_an_empty_record_says_so(rosa: FlaskClient) -> None:
    assert "Todavía no se anotó nada." in rosa.get("/steward/record").get_data(as_text=True)


def test_each_visitor_finds_the_pages_that_are_theirs(
    rosa: FlaskClient, household_client: Clients, client: FlaskClient
) -> None:
    def led_to(one: FlaskClient, address: str) -> set[str]:
        footer = one.get(address).get_data(as_text=True).rpartition('<footer class="guest">')[2]
        return set(re.findall(r'<a href="(/[^"]+)">', footer))

    assert led_to(rosa, "/community") >= {"/steward", "/community", "/reports", "/account"}
    assert led_to(household_client("h01"), "/home") >= {"/home", "/community", "/reports", "/pin"}
    assert led_to(client, "/") == {"/reports", "/sign-in"}


def test_the_record_has_words_for_every_deed() -> None:
    assert set(DEEDS) == set(What)


def test_a_name_for_a_spreadsheet_is_no_formula(rosa: FlaskClient, doors: Doors) -> None:
    doors.note(Guest(steward_id="rosa"), What.ACTED, "=HYPERLINK(1)")

    assert ",'=HYPERLINK(1)" in rosa.get("/steward/record.csv").get_data(as_text=True)


def test_a_steward_who_opens_a_card_writes_no_token_down(rosa: FlaskClient, doors: Doors) -> None:
    card = doors.upkeep.make_card("h01")
    rosa.post(f"/q/{card}", data=form(rosa, doors))

    assert card not in repr(doors.record(9))
