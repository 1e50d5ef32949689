"""Two stewards close a month at its page, step by step, and nothing is done twice or lost."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.coop.month.town import END, SLOTS
from tests.coop.village import ROOF, SLOT_S, START_S, every_border
from tests.dashboard.desk.conftest import Desk, Hand

MONTH = "/steward/month/2026-03"


def acts(desk: Desk) -> list[str]:
    """Return what happened to March."""
    standing = desk.town.months.status("2026-03", desk.clock.now()).standing
    return [one.act + (f" {one.steward}" if one.steward else "") for one in standing.events]


def cut_the_roof(desk: Desk) -> None:
    """Let the roof be silent for some slots, so that they have no production."""
    held = desk.town.readings.samples[ROOF]
    silent = range((START_S + 10 * SLOT_S) * 1_000 + 1, (START_S + 20 * SLOT_S) * 1_000)
    desk.town.readings.samples[ROOF] = {one for one in held if one[0] not in silent}
    desk.town.readings.add(ROOF)
    desk.town.readings._changes.extend(range(START_S, START_S + 30 * SLOT_S, SLOT_S))
    desk.town.settle((SLOTS + 4) * 15)


def test_a_month_is_closed_by_two_and_reviewed_by_the_assembly(
    desk: Desk, rosa: Hand, juan: Hand
) -> None:
    sent = [
        rosa.send(MONTH, act="freeze")[0],
        rosa.send(MONTH, act="sign")[0],
        juan.send(MONTH, act="sign")[0],
        juan.send(MONTH, act="review", said="approved", reference="Acta 14 de 2026-04-12")[0],
    ]

    assert sent == [303] * 4
    assert acts(desk) == ["frozen", "signed rosa", "signed juan", "approved"]
    assert "Acta 14 de 2026-04-12" in rosa.look(MONTH)


def test_a_form_that_is_sent_twice_does_the_thing_once(desk: Desk, rosa: Hand, juan: Hand) -> None:
    review = {"act": "review", "said": "observed", "reference": "Acta 14", "remark": "Cable"}
    told = [
        hand.send(MONTH, **fields)[0]
        for hand, fields in (
            (rosa, {"act": "freeze"}),
            (rosa, {"act": "freeze"}),
            (rosa, {"act": "sign"}),
            (rosa, {"act": "sign"}),
            (juan, {"act": "sign"}),
            (juan, {"act": "sign"}),
            (rosa, {"act": "freeze"}),
            (juan, review),
            (juan, review),
        )
    ]

    assert told == [303] * 9
    assert acts(desk) == ["frozen", "signed rosa", "signed juan", "observed"]


def test_each_act_is_a_deed_and_what_was_done_already_is_none(
    desk: Desk, rosa: Hand, juan: Hand
) -> None:
    for hand, act in ((rosa, "freeze"), (rosa, "freeze"), (rosa, "sign"), (juan, "sign")):
        hand.send(MONTH, act=act)
        hand.send(MONTH, act="sign")

    assert desk.deeds() == [
        ("steward:rosa", "month 2026-03 frozen"),
        ("steward:rosa", "month 2026-03 signed"),
        ("steward:juan", "month 2026-03 signed"),
    ]


def test_who_signed_is_told_that_another_has_to(desk: Desk, rosa: Hand) -> None:
    rosa.send(MONTH, act="freeze")
    rosa.send(MONTH, act="sign")
    _, page = rosa.send(MONTH, act="sign")

    assert "Su firma está puesta. Falta la firma de otro responsable." in page
    assert "Firmar como Rosa" not in page
    assert "Firmar como Juan" in desk.steward("juan").look(MONTH)
    assert acts(desk) == ["frozen", "signed rosa"]


def test_a_sign_in_that_ended_half_way_loses_nothing(desk: Desk, rosa: Hand, juan: Hand) -> None:
    rosa.send(MONTH, act="freeze")
    rosa.send(MONTH, act="sign")
    cookie = juan.client.get_cookie("minga")
    assert cookie
    desk.doors.end(cookie.value)

    answer = juan.client.post(MONTH, data={"act": "sign", "form_key": "an old one"})

    assert answer.status_code == 401
    assert acts(desk) == ["frozen", "signed rosa"]
    again = desk.steward("juan")
    assert "Firmar como Juan" in again.look(MONTH)
    again.send(MONTH, act="sign")
    assert acts(desk) == ["frozen", "signed rosa", "signed juan"]


def test_what_is_in_the_way_is_told_with_the_way_to_mend_it(desk: Desk, rosa: Hand) -> None:
    cut_the_roof(desk)

    page = rosa.look(MONTH)

    assert "no tienen producción, y nadie dijo por qué" in page
    assert 'href="#reason"' in page
    assert 'href="/steward/readings"' in page.split("<main>")[1]
    assert 'value="freeze"' not in page


def test_a_month_with_an_obstacle_is_not_frozen_by_a_form_from_before(
    desk: Desk, rosa: Hand
) -> None:
    cut_the_roof(desk)

    status, page = rosa.send(MONTH, act="freeze")

    assert status == 422
    assert "Este paso todavía no se puede hacer." in page
    assert acts(desk) == []


def test_a_recorded_reason_lets_the_month_be_frozen(desk: Desk, rosa: Hand) -> None:
    cut_the_roof(desk)
    reason = {"act": "reason", "from": "2026-03-01T00:00", "to": "2026-03-01T07:30"}

    for _ in range(2):
        rosa.send(MONTH, text="Cable <b>cortado</b>", **reason)
    page = rosa.look(MONTH)
    rosa.send(MONTH, act="freeze")

    assert page.count("Cable &lt;b&gt;cortado&lt;/b&gt;") == 1
    assert acts(desk) == ["frozen"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"from": "ayer"}, "Escriba un día como 2026-03-01"),
        ({"to": "2026-02-01T00:00"}, "Eso no está dentro del mes"),
        ({"text": " "}, "Diga qué pasó."),
        ({"text": "x" * 501}, "como mucho 500 letras"),
    ],
)
def test_an_odd_reason_is_shown_beside_its_field_with_what_was_typed(
    desk: Desk, rosa: Hand, fields: dict[str, str], told: str
) -> None:
    cut_the_roof(desk)
    usual = {"from": "2026-03-01T01:00", "to": "2026-03-01T02:00", "text": "Cable ñ"}

    status, page = rosa.send(MONTH, act="reason", **{**usual, **fields})

    assert status == 422
    assert told in page
    assert page.count('aria-invalid="true"') == 1
    assert all(value in page for value in {**usual, **fields}.values())
    assert desk.town.months.status("2026-03", desk.clock.now()).reasons == ()


def test_a_review_needs_its_minutes_and_a_remark_needs_words(
    desk: Desk, rosa: Hand, juan: Hand
) -> None:
    rosa.send(MONTH, act="freeze")
    rosa.send(MONTH, act="sign")
    juan.send(MONTH, act="sign")

    status, page = juan.send(MONTH, act="review", said="observed", reference="", remark="")

    assert status == 422
    assert page.count('aria-invalid="true"') == 2
    assert "signed juan" in acts(desk)[-1]


def test_the_assembly_reviews_a_closed_month_only(desk: Desk, rosa: Hand) -> None:
    rosa.send(MONTH, act="freeze")

    status, _ = rosa.send(MONTH, act="review", said="approved", reference="Acta 14")

    assert status == 422
    assert acts(desk) == ["frozen"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("2026-13", 400), ("marzo", 400), ("1999-01", 404), ("2026-02", 404), ("2031-01", 404)],
)
def test_a_month_that_there_is_not_leads_back_to_those_there_are(
    rosa: Hand, address: str, status: int
) -> None:
    answer = rosa.client.get(f"/steward/month/{address}")

    assert answer.status_code == status
    assert 'href="/steward/month"' in answer.get_data(as_text=True)


def test_a_month_that_lasts_can_not_be_frozen(desk: Desk, rosa: Hand) -> None:
    desk.clock.at = END - timedelta(minutes=1)

    status, page = rosa.send(MONTH, act="freeze")

    assert status == 422
    assert "El mes dura hasta" in page


def test_the_months_are_listed_with_their_state(rosa: Hand) -> None:
    page = rosa.look("/steward/month")

    assert page.index("abril de 2026") < page.index("marzo de 2026")
    assert rosa.client.get("/steward/month.json").get_json()["months"][1]["state"] == "open"
    assert "2026-03,open" in rosa.look("/steward/month.csv")


def test_programs_get_the_same_as_the_command_line_says(rosa: Hand) -> None:
    document = rosa.client.get(f"{MONTH}.json").get_json()

    assert (document["state"], document["slots"], document["obstacles"]) == ("open", SLOTS, [])
    assert "state,open" in rosa.look(f"{MONTH}.csv")


def test_what_came_late_is_told_in_both_months(desk: Desk, rosa: Hand) -> None:
    rosa.send(MONTH, act="freeze")
    meter = ("a-meter", "import_energy_total")
    borders = every_border(SLOTS + 4, 60)
    desk.town.readings.samples[meter] = set(borders[:5] + borders[6:])
    desk.town.readings.add(meter, (START_S * 1000 + 5 * 900_000, 1000 + 5 * 60 - 20))
    desk.town.settle((SLOTS + 4) * 15)

    pages = [rosa.look(f"/steward/month/{month}") for month in ("2026-03", "2026-04")]

    told = "2 tramos de marzo de 2026 se corrigieron en los libros de abril de 2026."
    assert all(told in page for page in pages)


def test_a_hostile_text_is_only_a_text(rosa: Hand, juan: Hand) -> None:
    rosa.send(MONTH, act="freeze")
    rosa.send(MONTH, act="sign")
    juan.send(MONTH, act="sign")
    hostile = '=cmd|" /C calc"!A0<script>alert(1)</script>'
    juan.send(MONTH, act="review", said="approved", reference=hostile)

    assert "<script>" not in rosa.look(MONTH)
    assert ",'=cmd" in rosa.look("/steward/month.csv").replace('"', "")


@pytest.mark.parametrize("address", ["/steward/month", MONTH, f"{MONTH}.json", f"{MONTH}.csv"])
def test_only_stewards_come_to_the_desk(desk: Desk, address: str) -> None:
    assert desk.app.test_client().get(address).status_code == 401
    assert desk.household("a").client.get(address).status_code == 403


def test_a_household_can_not_freeze_a_month(desk: Desk) -> None:
    assert desk.household("a").send(MONTH, act="freeze")[0] == 403
    assert acts(desk) == []


def test_an_act_that_there_is_not_changes_nothing(desk: Desk, rosa: Hand) -> None:
    assert rosa.send(MONTH, act="melt")[0] == 400
    assert rosa.send(MONTH)[0] == 400
    assert acts(desk) == []


@pytest.mark.parametrize("is_frozen", [False, True])
@pytest.mark.parametrize("address", ["/steward/month", MONTH])
def test_a_page_asks_the_books_at_most_six_times(
    desk: Desk, rosa: Hand, address: str, *, is_frozen: bool
) -> None:
    if is_frozen:
        rosa.send(MONTH, act="freeze")
    rosa.look("/steward")  # the first page of an app reads corrections of words
    asked: list[str] = []
    engine = desk.town.database._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    rosa.look(address)

    assert 1 <= sum(one.startswith("SELECT") for one in asked) <= 6
