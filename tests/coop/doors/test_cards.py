"""Who is let in by a card, with or without a PIN, and who must wait (F29)."""

import pytest

from coop.doors.door import Doors
from coop.doors.entrance import Reason, Refusal
from coop.doors.visits import Pass
from coop.errors import InputError
from tests.coop.doors.conftest import Machine
from tests.coop.doors.trying import WRONG, wait_of


def test_a_card_opens_its_home_and_no_other(doors: Doors) -> None:
    given = doors.entrance.open_card(doors.upkeep.make_card("b"), "")

    assert isinstance(given, Pass)
    found = doors.find(given.token)
    assert found is not None
    assert (found.home_id, found.steward_id, found.name) == ("b", None, "House b")


def test_a_revoked_card_opens_nothing_and_ends_its_visits(doors: Doors) -> None:
    card, others = doors.upkeep.make_card("a"), doors.upkeep.make_card("b")
    given, other = doors.entrance.open_card(card, ""), doors.entrance.open_card(others, "")
    assert isinstance(given, Pass)
    assert isinstance(other, Pass)

    ended = doors.upkeep.revoke_cards("a")

    assert ended == 1
    assert doors.entrance.open_card(card, "") == Refusal(Reason.GONE)
    assert doors.entrance.card(card) is None
    assert doors.find(given.token) is None
    assert doors.find(other.token)


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "\ud800", "x" * 10_000])
def test_what_is_no_card_opens_nothing(doors: Doors, token: str) -> None:
    assert doors.entrance.open_card(token, "") == Refusal(Reason.GONE)


def test_a_card_of_no_home_is_not_made(doors: Doors) -> None:
    with pytest.raises(InputError, match="home z: not registered; homes: a, b, c"):
        doors.upkeep.make_card("z")


def test_a_pin_is_asked_for_and_guessed_five_times_only(doors: Doors, machine: Machine) -> None:
    card = doors.upkeep.make_card("a")
    assert doors.upkeep.set_pin("a", "7391") is None

    assert isinstance(doors.entrance.open_card(card, "7391"), Pass)
    for pause_s in (1, 2, 4, 8, 16):
        assert doors.entrance.open_card(card, "0000") == WRONG
        machine.go_on(pause_s)
    assert wait_of(doors.entrance.open_card(card, "7391")) > 800


@pytest.mark.parametrize("pin", ["", "123", "1234", "0000", "12a4", "1" * 13, "٣٤٥٦", "73 91"])
def test_a_pin_that_is_none_is_refused(doors: Doors, pin: str) -> None:
    assert doors.upkeep.set_pin("a", pin) == Refusal(Reason.WEAK)


def test_a_new_card_of_a_home_asks_for_no_old_pin(doors: Doors) -> None:
    doors.upkeep.set_pin("a", "7391")
    doors.upkeep.revoke_cards("a")

    assert isinstance(doors.entrance.open_card(doors.upkeep.make_card("a"), ""), Pass)
