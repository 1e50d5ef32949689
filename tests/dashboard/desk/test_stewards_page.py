"""Stewards enter each other, give first passwords and end terms."""

import pytest

from coop.doors.entrance import Credentials, Refusal
from coop.doors.visits import Pass
from tests.dashboard.desk.conftest import Desk, Hand

PAGE = "/steward/stewards"
WORD = "warmi-wasi-wayra"
LUZ = {
    "act": "appoint",
    "steward_id": "luz",
    "name": "Luz Mamani",
    "password": WORD,
    "at": "2026-04-01",
}


def terms(hand: Hand) -> dict[str, tuple[str, str | None, int]]:
    """Return from when to when somebody is steward, and whether they have a password."""
    held = hand.client.get(f"{PAGE}.json").get_json()["stewards"]
    return {one["id"]: (one["from"], one["to"], one["signs_in"]) for one in held}


def test_a_new_steward_signs_in_with_the_first_password(desk: Desk, rosa: Hand) -> None:
    status, page = rosa.send(PAGE, **LUZ)

    assert status == 303
    assert "Luz Mamani" in page
    assert WORD not in page
    assert terms(rosa)["luz"] == ("2026-04-01T05:00:00Z", None, 1)
    assert isinstance(desk.doors.entrance.sign_in(Credentials("luz", WORD)), Pass)


def test_the_record_says_who_entered_whom_and_a_form_sent_twice_does_it_once(
    desk: Desk, rosa: Hand
) -> None:
    rosa.send(PAGE, **LUZ)
    status, _ = rosa.send(PAGE, **LUZ)

    assert status == 303
    assert desk.deeds() == [("steward:rosa", "steward luz entered")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"steward_id": "rosa"}, "Este nombre corto ya"),
        ({"steward_id": "Luz M"}, "a-z"),
        ({"name": ""}, "Escriba"),
        ({"password": "short"}, "La contraseña es muy corta"),
        ({"password": "luz-mamani"}, "Su nombre no sirve"),
        ({"at": "someday"}, "2026-03-01"),
    ],
)
def test_what_is_not_right_is_said_and_nobody_is_entered(
    rosa: Hand, wrong: dict[str, str], says: str
) -> None:
    before = terms(rosa)

    status, page = rosa.send(PAGE, **{**LUZ, **wrong})

    assert status == 422
    assert says in page
    assert WORD not in page
    assert terms(rosa) == before


def test_a_new_password_ends_the_visits_of_its_steward(desk: Desk, rosa: Hand, juan: Hand) -> None:
    status, _ = rosa.send(PAGE, act="password", steward_id="juan", password=WORD)

    assert status == 303
    assert juan.client.get("/steward").status_code == 401
    assert isinstance(desk.doors.entrance.sign_in(Credentials("juan", WORD)), Pass)


def test_a_password_for_nobody_is_refused(rosa: Hand) -> None:
    status, _ = rosa.send(PAGE, act="password", steward_id="nobody", password=WORD)

    assert status == 422


def test_after_their_term_nobody_signs_in(desk: Desk, rosa: Hand, juan: Hand) -> None:
    rosa.send(PAGE, act="password", steward_id="juan", password=WORD)

    status, _ = rosa.send(PAGE, act="end", steward_id="juan", at="2026-04-02")

    assert status == 303
    assert terms(rosa)["juan"][1] == "2026-04-02T05:00:00Z"
    assert juan.client.get("/steward").status_code == 401
    assert isinstance(desk.doors.entrance.sign_in(Credentials("juan", WORD)), Refusal)


def test_a_term_cannot_end_before_it_began(rosa: Hand) -> None:
    status, page = rosa.send(PAGE, act="end", steward_id="juan", at="2020-01-01")

    assert status == 422
    assert "antes de empezar" in page


def test_stewards_are_listed_as_a_table_too(rosa: Hand) -> None:
    told = rosa.client.get(f"{PAGE}.csv").get_data(as_text=True)

    assert told.splitlines()[0] == "id,name,from,to,signs_in"
