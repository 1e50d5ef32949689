"""Stewards see the key in force, try another one on a month as a picture, and adopt it."""

import re

import pytest
from sqlalchemy import event

from tests.dashboard.desk.conftest import Desk, Hand

KEYS = "/steward/keys"
PROPOSED = {
    "method": "static",
    "part-a": "2",
    "part-b": "1",
    "part-c": "1",
    "fund_percent": "12.5",
    "lifeline_wh": "",
    "then": "",
    "month": "2026-03",
    "name": "Dos a uno",
    "decision": "Acta 15 del 2026-04-20",
    "at": "2026-05-01",
}


def keys(hand: Hand) -> list[dict[str, object]]:
    """Return every key."""
    held: list[dict[str, object]] = hand.client.get(f"{KEYS}.json").get_json()["keys"]
    return held


def test_the_key_in_force_is_shown_with_its_parts(rosa: Hand) -> None:
    page = rosa.look(KEYS)

    assert "Equal" in page
    assert page.count("33.3%") == 3
    assert [f'name="part-{home}" value="1"' in page for home in "abc"] == [True] * 3


def test_a_proposal_is_tried_as_a_picture_beside_the_present_key(desk: Desk, rosa: Hand) -> None:
    status, page = rosa.send(KEYS, act="try", **PROPOSED)

    assert status == 200
    assert page.count("<svg xmlns") == 2
    assert page.index("La clave vigente hoy") < page.index("La clave propuesta")
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    # 3 homes use 60 Wh of 300 Wh in each slot: there is enough for two parts to one.
    assert page.count("178,560") >= 6
    assert len(keys(rosa)) == 1
    assert desk.deeds() == []


def test_who_has_no_part_loses_what_was_booked(rosa: Hand) -> None:
    _, page = rosa.send(KEYS, act="try", **{**PROPOSED, "part-b": "", "part-c": ""})

    # Two homes, each in the picture, in its description and in the table.
    assert page.count("-178,560") == 6


def test_a_key_is_adopted_once_from_a_date(desk: Desk, rosa: Hand) -> None:
    sent = [rosa.send(KEYS, act="adopt", **PROPOSED)[0] for _ in range(2)]

    assert sent == [303, 303]
    before, after = keys(rosa)
    assert before["to"] == after["from"] == "2026-05-01T05:00:00Z"
    assert (after["method"], after["fund_percent"]) == ("static", "25/2")
    assert after["homes"] == [
        {"id": "a", "weight": "1/2", "tier": None, "reserved_percent": "0"},
        {"id": "b", "weight": "1/4", "tier": None, "reserved_percent": "0"},
        {"id": "c", "weight": "1/4", "tier": None, "reserved_percent": "0"},
    ]
    assert desk.deeds() == [("steward:rosa", "key 2 adopted from 2026-05-01T05:00:00Z")]


@pytest.mark.parametrize(
    ("act", "fields", "told"),
    [
        ("try", {"part-a": "dos"}, "No está bien para la casa a: dos."),
        ("try", {"part-a": "-1"}, "No está bien para la casa a: -1."),
        ("try", {"group-a": "uno"}, "No está bien para la casa a: 2, uno."),
        ("try", {"part-a": "", "part-b": "", "part-c": ""}, "Dé una parte"),
        ("try", {"fund_percent": "diez"}, "Escriba un número"),
        ("try", {"fund_percent": "101"}, "Escriba un porcentaje de 0 a 100"),
        ("try", {"lifeline_wh": "-5"}, "Escriba un número entero."),
        ("try", {"method": "lifeline", "lifeline_wh": "20"}, "necesita un segundo paso"),
        ("try", {"method": "lifeline", "then": "equal"}, "Escriba cuántos Wh"),
        ("try", {"method": "priority"}, "Escriba el grupo de cada casa"),
        ("try", {"method": "reserved", "then": "equal"}, "qué porcentaje se reserva"),
        (
            "try",
            {"method": "reserved", "then": "equal", "reserved-a": "60", "reserved-b": "50"},
            "suman 110",
        ),
        ("try", {"month": "2025-03"}, "Los libros no tienen tramos de ese mes"),
        ("try", {"month": "marzo"}, "Escriba un mes como 2026-03."),
        ("adopt", {"name": ""}, "Escriba de 1 a 120 letras"),
        ("adopt", {"decision": ""}, "Escriba qué asamblea la decidió"),
        ("adopt", {"at": "pronto"}, "Escriba un día como 2026-03-01"),
        ("adopt", {"at": "2026-02-01"}, "Una clave nueva empieza después"),
    ],
)
def test_what_is_not_right_is_told_and_what_was_typed_is_kept(
    desk: Desk, rosa: Hand, act: str, fields: dict[str, str], told: str
) -> None:
    status, page = rosa.send(KEYS, act=act, **{**PROPOSED, **fields})

    assert status == 422
    assert told in page
    assert 'name="decision"' in page
    assert all(f'value="{one}"' in page for one in fields.values() if one)
    assert len(keys(rosa)) == 1
    assert desk.deeds() == []


def test_no_key_begins_in_a_frozen_month(rosa: Hand) -> None:
    rosa.send("/steward/month/2026-03", act="freeze")

    status, page = rosa.send(KEYS, act="adopt", **{**PROPOSED, "at": "2026-03-20"})

    assert status == 422
    assert "Ese mes está congelado. Elija una fecha desde 2026-04-01." in page


def test_a_hostile_key_is_only_a_text(rosa: Hand) -> None:
    hostile = "=1<script>alert(1)</script>"
    rosa.send(KEYS, act="adopt", **{**PROPOSED, "name": hostile, "at": "2026-04-06"})

    assert "<script>alert" not in rosa.look(KEYS)
    assert ",'=1<script>" in rosa.look(f"{KEYS}.csv")


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_only_stewards_read_the_keys_here(desk: Desk, ending: str) -> None:
    assert desk.app.test_client().get(KEYS + ending).status_code == 401
    assert desk.household("a").client.get(KEYS + ending).status_code == 403


def test_a_page_asks_the_books_at_most_six_times(desk: Desk, rosa: Hand) -> None:
    rosa.look("/steward/members")
    asked: list[str] = []
    engine = desk.town.database._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    rosa.look(KEYS)

    assert 1 <= sum(one.startswith("SELECT") for one in asked) <= 6
