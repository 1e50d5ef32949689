"""Stewards see every price with what set it, and enter a new one from a date."""

import pytest

from tests.dashboard.desk.conftest import Desk, Hand

PAGE = "/steward/prices"
NEW = {
    "act": "enter",
    "kind": "utility",
    "centimos": "72.35",
    "at": "2026-04-01",
    "decision": "Recibo de marzo",
}


HELD = (
    ("utility", "68.55", "2026-03-01", "Recibo de febrero"),
    ("utility", "70.1", "2026-03-10", "Recibo nuevo"),
    ("surplus", "21.3", "2026-03-04", "Asamblea 2026/2"),
)


@pytest.fixture
def priced(rosa: Hand) -> Hand:
    """Return a steward of a cooperative that has prices."""
    for kind, centimos, at, decision in HELD:
        told = {"kind": kind, "centimos": centimos, "at": at, "decision": decision}
        assert rosa.send(PAGE, act="enter", **told)[0] == 303
    return rosa


def prices(hand: Hand, kind: str = "utility") -> list[tuple[str, str | None, str, str]]:
    """Return the prices of a kind, the newest first: from, to, céntimos, decision."""
    held = hand.client.get(f"{PAGE}.json").get_json()["tariffs"]
    return [
        (one["from"], one["to"], one["centimos_per_kwh"], one["decision"])
        for one in held
        if one["kind"] == kind
    ]


def test_without_any_price_the_page_says_what_that_means_and_opens_the_form(rosa: Hand) -> None:
    page = rosa.look(PAGE)

    assert "Todavía no hay precio" in page
    assert '<details class="act" id="act-enter" open>' in page
    assert prices(rosa) == []


def test_every_price_stands_there_with_what_set_it_and_until_when(priced: Hand) -> None:
    page = priced.look(PAGE)

    assert prices(priced) == [
        ("2026-03-10T05:00:00Z", None, "70.1", "Recibo nuevo"),
        ("2026-03-01T05:00:00Z", "2026-03-10T05:00:00Z", "68.55", "Recibo de febrero"),
    ]
    assert prices(priced, "surplus") == [("2026-03-04T05:00:00Z", None, "21.3", "Asamblea 2026/2")]
    assert "Energía de la empresa eléctrica: 70.1 céntimos por kWh" in page
    assert "68.55" in page
    assert "Recibo de febrero" in page


def test_a_new_price_ends_the_one_before_where_it_begins(priced: Hand) -> None:
    status, page = priced.send(PAGE, **NEW)

    assert status == 303
    assert "El precio está ingresado" in page
    assert prices(priced)[:2] == [
        ("2026-04-01T05:00:00Z", None, "72.35", "Recibo de marzo"),
        ("2026-03-10T05:00:00Z", "2026-04-01T05:00:00Z", "70.1", "Recibo nuevo"),
    ]


def test_a_decimal_comma_is_a_decimal_comma(rosa: Hand) -> None:
    rosa.send(PAGE, **{**NEW, "centimos": "68,5"})

    assert prices(rosa)[0][2] == "68.5"


def test_a_form_sent_twice_enters_one_price_and_one_deed(desk: Desk, rosa: Hand) -> None:
    rosa.send(PAGE, **NEW)
    status, _ = rosa.send(PAGE, **NEW)

    assert status == 303
    assert len(prices(rosa)) == 1
    told = "tariff utility is 72.35 from 2026-04-01T05:00:00Z"
    assert desk.deeds() == [("steward:rosa", told)]


def test_a_price_from_the_same_moment_takes_the_place_of_the_other(rosa: Hand) -> None:
    rosa.send(PAGE, **NEW)
    rosa.send(PAGE, **{**NEW, "centimos": "73"})

    assert [one[2] for one in prices(rosa)] == ["73"]


@pytest.mark.parametrize(
    ("field", "found", "says"),
    [
        ("centimos", "", "Escriba un número de céntimos"),
        ("centimos", "mucho", "Escriba un número de céntimos"),
        ("centimos", "1,234", "Escriba un número de céntimos"),
        ("centimos", "1.234,5", "Escriba un número de céntimos"),
        ("centimos", "1/0", "Escriba un número de céntimos"),
        ("centimos", "nan", "Escriba un número de céntimos"),
        ("centimos", "9" * 5_000, "Escriba un número de céntimos"),
        ("centimos", "-1", "de 0 a 10000"),
        ("centimos", "10000.01", "de 0 a 10000"),
        ("at", "someday", "2026-03-01"),
        ("at", "2026-04-01T10:07", "15"),
        ("decision", " ", "qué recibo o qué asamblea"),
        ("decision", "x" * 121, "qué recibo o qué asamblea"),
        ("kind", "gold", "Elija uno de la lista"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field_and_nothing_is_entered(
    desk: Desk, rosa: Hand, field: str, found: str, says: str
) -> None:
    before = prices(rosa)

    status, page = rosa.send(PAGE, **{**NEW, field: found})

    assert status == 422
    [told] = [line for line in page.splitlines() if f'id="{field}-problem"' in line]
    assert says in told
    assert 'value="72.35"' in page or field == "centimos"
    assert prices(rosa) == before
    assert desk.deeds() == []


def test_all_that_is_not_right_is_said_at_once(rosa: Hand) -> None:
    wrong = {"kind": "", "centimos": "x", "at": "x", "decision": ""}

    _, page = rosa.send(PAGE, **{**NEW, **wrong})

    assert page.count('-problem" role=') == 4


def test_nothing_begins_in_a_frozen_month(rosa: Hand) -> None:
    rosa.send("/steward/month/2026-03", act="freeze")

    status, page = rosa.send(PAGE, **{**NEW, "at": "2026-03-20"})

    assert status == 422
    assert "2026-04-01" in page
    assert prices(rosa) == []


def test_what_somebody_typed_is_text_on_the_page_and_in_a_table(rosa: Hand) -> None:
    rosa.send(PAGE, **{**NEW, "decision": "=1+1<script>"})

    page = rosa.look(PAGE)
    table = rosa.client.get(f"{PAGE}.csv").get_data(as_text=True)

    assert "<script>" not in page
    assert "=1+1&lt;script&gt;" in page
    assert table.splitlines()[:2] == [
        "kind,from,to,centimos_per_kwh,decision",
        "utility,2026-04-01T05:00:00Z,,72.35,'=1+1<script>",
    ]
