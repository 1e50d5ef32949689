"""How one figure came to be, as its household reads it."""

import csv
import io

from flask.testing import FlaskClient

from tests.dashboard.household.scene import Scene
from tests.dashboard.visits import text_of

WHY = "/home/why/2026-03-14T17:00Z"


def test_a_slot_is_told_round_by_round(h07: FlaskClient) -> None:
    page = text_of(h07, WHY)
    document = h07.get(f"{WHY}.json").get_json()

    assert "sábado 14 de marzo de 2026, 12:00" in page
    assert "Su parte, vuelta por vuelta" in page
    assert "Vuelta 1: había" in page
    assert f"Así recibió {document['shared_wh']} Wh del reparto." in page
    assert "Se calculó de nuevo ahora mismo desde los libros y salió igual." in page
    assert document["shared_wh"] + document["grid_wh"] == document["consumption_wh"]


def test_the_slot_says_what_the_home_page_says(h07: FlaskClient) -> None:
    slots = h07.get("/home.json?date=2026-03-14").get_json()["slots"]
    document = h07.get(f"{WHY}.json").get_json()

    told = next(slot for slot in slots if slot["why"] == WHY)
    assert told["shared_wh"] == document["shared_wh"]
    assert told["grid_wh"] == document["grid_wh"]


def test_the_slots_beside_are_one_step_away(h07: FlaskClient) -> None:
    page = text_of(h07, WHY)

    assert 'rel="prev" href="/home/why/2026-03-14T16:45Z"' in page
    assert 'rel="next" href="/home/why/2026-03-14T17:15Z"' in page


def test_the_newest_slot_has_none_after_it(h07: FlaskClient) -> None:
    page = text_of(h07, "/home/why/2026-03-16T19:00Z")

    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


def test_a_slot_may_be_named_with_seconds_and_with_an_offset(h07: FlaskClient) -> None:
    named = ["2026-03-14T17:00:00Z", "2026-03-14T12:00-05:00", "2026-03-14T17:00%2B00:00"]
    documents = [h07.get(f"/home/why/{one}.json").get_json()["slot"] for one in named]

    assert documents == ["2026-03-14T17:00:00Z"] * 3


def test_an_unmeasured_slot_is_told_without_zeros(h07: FlaskClient) -> None:
    page = text_of(h07, "/home/why/2026-03-05T17:00Z")

    assert "Su casa no fue medida." in page
    assert 'class="parts"' not in page


def test_the_lines_are_a_table_for_programs(h07: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(h07, f"{WHY}.csv"))))

    assert [*rows[0]] == ["step", "es", "qu"]
    assert {"when", "production", "key", "round", "result"} <= {row["step"] for row in rows}


def test_of_other_homes_nothing_is_told(scene: Scene, h07: FlaskClient) -> None:
    told = text_of(h07, WHY) + text_of(h07, f"{WHY}.json")

    others = [f"h{number:02}" for number in range(1, 13) if number != 7]
    assert scene.app.testing is not None
    assert [home for home in others if home in told] == []
