"""Two stewards book at one page what the assembly gives; one alone books nothing."""

import pytest

from tests.dashboard.desk.conftest import Desk, Hand

PAGE = "/steward/fund"
WORD = "warmi-wasi-wayra"
GIFT = {
    "act": "give",
    "soles": "1,20",
    "text": "Techo de la escuela",
    "decision": "2026/4",
    "second": "juan",
    "password": WORD,
}
BOOKED = {
    "decision": "2026/4",
    "month": "2026-04",
    "centimos": 120,
    "text": "Techo de la escuela",
    "stewards": ["juan", "rosa"],
}


@pytest.fixture
def held(rosa: Hand, juan: Hand) -> Hand:
    """Return a steward of a cooperative whose fund holds soles; the other has a password."""
    price = {"kind": "surplus", "centimos": "21", "at": "2026-03-01", "decision": "Acta 2"}
    rosa.send("/steward/prices", act="enter", **price)
    rosa.send("/steward/month/2026-03", act="freeze")
    juan.send("/steward/stewards", act="password", steward_id="juan", password=WORD)
    return rosa


def told(hand: Hand) -> tuple[int, list[dict[str, object]]]:
    """Return what the fund holds, and what was given."""
    document = hand.client.get(f"{PAGE}.json").get_json()
    return document["centimos"], document["grants"]


def grants(desk: Desk) -> list[tuple[str, str]]:
    """Return the deeds of giving."""
    return [one for one in desk.deeds() if one[1].startswith("grant")]


def test_an_empty_fund_says_when_it_is_filled_and_offers_no_form(rosa: Hand) -> None:
    page = rosa.look(PAGE)

    assert "El fondo todavía no tiene soles" in page
    assert 'value="give"' not in page


def test_what_two_stewards_sign_is_booked_and_both_are_on_record(desk: Desk, held: Hand) -> None:
    before, _ = told(held)

    status, page = held.send(PAGE, **GIFT)

    assert status == 303
    assert "Quedó asentado" in page
    assert told(held) == (before - 120, [BOOKED])
    text = "grant 2026/4: 1.20 soles"
    assert grants(desk) == [("steward:juan", text), ("steward:rosa", text)]
    assert WORD not in page


def test_a_form_sent_twice_gives_once(desk: Desk, held: Hand) -> None:
    held.send(PAGE, **GIFT)
    status, _ = held.send(PAGE, **GIFT)

    assert status == 303
    assert told(held)[1] == [BOOKED]
    assert len(grants(desk)) == 2


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"soles": "much"}, "soles", "120.50"),
        ({"soles": "1,200"}, "soles", "120.50"),
        ({"soles": "1e2"}, "soles", "120.50"),
        ({"soles": "0"}, "soles", "más de 0"),
        ({"soles": "-5"}, "soles", "más de 0"),
        ({"soles": "999999"}, "soles", "El fondo tiene"),
        ({"text": ""}, "text", "para quién"),
        ({"decision": ""}, "decision", "número de la decisión"),
        ({"second": ""}, "give-password", "contraseña"),
        ({"second": "rosa"}, "second", "otro responsable"),
        ({"second": "ROSA"}, "second", "otro responsable"),
        ({"second": "nobody"}, "give-password", "contraseña"),
        ({"password": "guessed-by-rosa"}, "give-password", "contraseña"),
        ({"password": ""}, "give-password", "contraseña"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field_and_nothing_is_given(
    desk: Desk, held: Hand, wrong: dict[str, str], field: str, says: str
) -> None:
    before = told(held)

    status, page = held.send(PAGE, **{**GIFT, **wrong})

    assert status == 422
    [line] = [line for line in page.splitlines() if f'id="{field}-problem"' in line]
    assert says in line
    assert WORD not in page
    assert told(held) == before
    assert grants(desk) == []


def test_one_decision_does_not_give_a_second_time(held: Hand) -> None:
    held.send(PAGE, **GIFT)

    status, page = held.send(PAGE, **{**GIFT, "soles": "2"})

    assert status == 422
    assert "Esta decisión ya está" in page
    assert told(held)[1] == [BOOKED]


def test_who_guesses_the_password_of_the_other_has_to_wait(desk: Desk, held: Hand) -> None:
    for number in range(6):
        held.send(PAGE, **{**GIFT, "password": f"guess-number-{number}"})

    status, page = held.send(PAGE, **GIFT)

    assert status == 429
    assert "intent" in page
    assert told(held)[1] == []
    assert grants(desk) == []


def test_what_was_given_is_a_table_in_which_nothing_is_a_formula(held: Hand) -> None:
    held.send(PAGE, **{**GIFT, "text": "=1+1<b>"})

    assert "=1+1&lt;b&gt;" in held.look(PAGE)
    assert held.client.get(f"{PAGE}.csv").get_data(as_text=True).splitlines() == [
        "decision,month,centimos,text,stewards",
        "2026/4,2026-04,120,'=1+1<b>,juan rosa",
    ]
