"""Stewards enter members, homes, roofs and meters at their pages, and replace meters."""

import pytest
from sqlalchemy import event

from tests.coop.village import HOMES
from tests.dashboard.desk.conftest import Desk, Hand

MEMBERS, METERS = "/steward/members", "/steward/meters"
QUISPE = {"act": "member", "member_id": "m01", "name": "Familia Quispe", "at": "2026-04-10"}
NEW_METER = {
    "act": "meter",
    "device": "a-own",
    "whose": "home:a",
    "counts": "export",
    "at": "2026-04-10T00:00",
}
REPLACED = {
    "act": "replace",
    "meter": "a-meter/import_energy_total",
    "device": "a-new",
    "at": "2026-04-10T10:15",
}


def members(hand: Hand) -> dict[str, dict[str, str]]:
    """Return every member by id."""
    held = hand.client.get(f"{MEMBERS}.json").get_json()["members"]
    return {one["id"]: one for one in held}


def meters(hand: Hand) -> list[tuple[str, str | None, str, str | None]]:
    """Return every meter: device, home, from and to."""
    held = hand.client.get(f"{METERS}.json").get_json()["meters"]
    return [(one["device"], one["home"], one["from"], one["to"]) for one in held]


def test_a_member_is_entered_with_their_home(rosa: Hand) -> None:
    status, page = rosa.send(MEMBERS, home_id="h01", **QUISPE)

    assert status == 303
    assert "El socio está inscrito." in page
    assert members(rosa)["m01"] == {
        "id": "m01",
        "name": "Familia Quispe",
        "from": "2026-04-10T05:00:00Z",
        "to": None,
        "homes": "h01",
    }


def test_a_member_who_leaves_is_told_by_until_when(rosa: Hand) -> None:
    rosa.send(MEMBERS, act="leave", member_id="m-c", at="2026-04-15")

    assert members(rosa)["m-c"]["to"] == "2026-04-15T05:00:00Z"
    assert "hasta el 15 de abril de 2026" in rosa.look(MEMBERS)


def test_what_is_sent_twice_is_entered_once(desk: Desk, rosa: Hand) -> None:
    forms: list[tuple[str, dict[str, str]]] = [
        (MEMBERS, {**QUISPE, "home_id": "h01"}),
        (MEMBERS, {"act": "home", "member_id": "m01", "name": "Tambo", "home_id": "h02"}),
        (MEMBERS, {"act": "leave", "member_id": "m-c", "at": "2026-04-15"}),
        (METERS, {"act": "roof", "roof_id": "hall", "name": "Local", "home_id": ""}),
        (METERS, NEW_METER),
        (METERS, REPLACED),
    ]

    sent = [rosa.send(address, **fields)[0] for address, fields in forms for _ in range(2)]

    assert sent == [303] * 12
    assert desk.deeds() == [
        ("steward:rosa", "member m01 entered"),
        ("steward:rosa", "home h01 entered"),
        ("steward:rosa", "home h02 entered"),
        ("steward:rosa", "member m-c leaves at 2026-04-15T05:00:00Z"),
        ("steward:rosa", "roof hall entered"),
        ("steward:rosa", "meter a-own/export_energy_total of home a registered"),
        (
            "steward:rosa",
            "meter a-meter/import_energy_total replaced by a-new/import_energy_total",
        ),
    ]


def test_a_replaced_meter_ends_where_the_new_one_begins(rosa: Hand) -> None:
    rosa.send(METERS, **REPLACED)

    held = [one for one in meters(rosa) if one[1] == "a"]
    assert held == [
        ("a-meter", "a", "2026-03-01T05:00:00Z", "2026-04-10T15:15:00Z"),
        ("a-new", "a", "2026-04-10T15:15:00Z", None),
    ]


@pytest.mark.parametrize(
    ("address", "fields", "told"),
    [
        (MEMBERS, {**QUISPE, "member_id": "Señor Q"}, "Use de 1 a 32 letras"),
        (MEMBERS, {**QUISPE, "member_id": "m-a"}, "Este nombre corto ya está usado."),
        (MEMBERS, {**QUISPE, "name": "  "}, "Escriba de 1 a 120 letras"),
        (MEMBERS, {**QUISPE, "name": "x" * 121}, "Escriba de 1 a 120 letras"),
        (MEMBERS, {**QUISPE, "at": "mañana"}, "Escriba un día como 2026-03-01"),
        (MEMBERS, {**QUISPE, "home_id": "a"}, "Este nombre corto ya está usado."),
        (
            MEMBERS,
            {"act": "leave", "member_id": "nadie", "at": "2026-04-15"},
            "Eso no está registrado.",
        ),
        (
            MEMBERS,
            {"act": "leave", "member_id": "m-a", "at": "2026-04-15T10:07"},
            "Elija una hora en la que empiece un tramo de 15 minutos.",
        ),
        (
            MEMBERS,
            {"act": "leave", "member_id": "m-a", "at": "2026-02-01"},
            "Eso no es después de su comienzo.",
        ),
        (METERS, {**NEW_METER, "whose": ""}, "Elija uno de la lista."),
        (METERS, {**NEW_METER, "counts": "wishes"}, "Elija uno de la lista."),
        (METERS, {**NEW_METER, "counts": "production"}, "El medidor de una casa cuenta su uso"),
        (METERS, {**NEW_METER, "device": ""}, "Use de 1 a 32 letras"),
        (
            METERS,
            {**NEW_METER, "device": "b-meter", "counts": "use"},
            "Este medidor ya cuenta para b.",
        ),
        (METERS, {**REPLACED, "meter": "x/y"}, "Este medidor no está vigente."),
        (METERS, {**REPLACED, "device": "b-meter"}, "Este medidor ya cuenta para b."),
    ],
)
def test_what_is_not_right_is_told_beside_its_field_and_nothing_is_entered(
    desk: Desk, rosa: Hand, address: str, fields: dict[str, str], told: str
) -> None:
    before = members(rosa), meters(rosa)

    status, page = rosa.send(address, **fields)

    assert status == 422
    assert page.count('aria-invalid="true"') == 1
    assert told in page.split('aria-invalid="true"')[1]
    assert (members(rosa), meters(rosa)) == before
    assert desk.deeds() == []


def test_what_was_typed_is_kept_and_is_only_a_text(rosa: Hand) -> None:
    hostile = '"><script>alert(1)</script>'
    _, page = rosa.send(MEMBERS, **{**QUISPE, "name": hostile, "at": "mañana"})

    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_a_name_that_a_spreadsheet_would_compute_is_made_harmless(rosa: Hand) -> None:
    rosa.send(MEMBERS, **{**QUISPE, "name": "=1+1"})

    assert "m01,'=1+1" in rosa.look(f"{MEMBERS}.csv")


def test_nobody_leaves_inside_a_frozen_month(rosa: Hand) -> None:
    rosa.send("/steward/month/2026-03", act="freeze")

    status, page = rosa.send(MEMBERS, act="leave", member_id="m-a", at="2026-03-15")

    assert status == 422
    assert "Ese mes está congelado. Elija una fecha desde 2026-04-01." in page


@pytest.mark.parametrize("address", [MEMBERS, METERS])
def test_every_form_key_is_asked_for(rosa: Hand, address: str) -> None:
    assert rosa.client.post(address, data={"act": "member"}).status_code == 400


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
@pytest.mark.parametrize("address", [MEMBERS, METERS])
def test_only_stewards_read_the_register(desk: Desk, address: str, ending: str) -> None:
    assert desk.app.test_client().get(address + ending).status_code == 401
    assert desk.household("a").client.get(address + ending).status_code == 403


@pytest.mark.parametrize("address", [MEMBERS, METERS])
def test_a_page_asks_the_books_at_most_six_times(desk: Desk, rosa: Hand, address: str) -> None:
    rosa.look("/steward")
    asked: list[str] = []
    engine = desk.town.database._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    page = rosa.look(address)

    assert 1 <= sum(one.startswith("SELECT") for one in asked) <= 6
    assert all(f"House {home}" in page for home in HOMES)
