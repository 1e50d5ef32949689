"""Who is let in by the code on the console (F29)."""

import pytest

from coop.doors.credentials.setting_up import HOLDS_S, offer_code
from coop.doors.door import Doors
from coop.doors.entrance import FirstSteward, Reason, Refusal
from coop.doors.visits import Pass
from coop.slots import unix_s
from tests.coop.desk import StillClock
from tests.coop.doors.conftest import Machine
from tests.coop.doors.trying import PASSWORD, WRONG, sign_in, wait_of
from tests.coop.village import Village


@pytest.fixture
def doors(doors: Doors) -> Doors:
    doors.upkeep.give_password("rosa", PASSWORD)
    return doors


class TestTheFirstSteward:
    """There is no default account: a code on the console lets the first one in."""

    @pytest.fixture
    def empty(self, village: Village, machine: Machine) -> Doors:
        return Doors(village.database, StillClock(), machine)

    @pytest.fixture
    def code(self, empty: Doors, village: Village, machine: Machine) -> str:
        del empty
        with village.database.writing() as connection:
            return offer_code(connection, unix_s(machine.now())) or ""

    def test_sets_a_password_by_the_code(self, empty: Doors, code: str) -> None:
        told = FirstSteward(code.lower().replace("-", " "), "Rosa", "Rosa Huamán", PASSWORD)

        assert isinstance(empty.entrance.set_up(told), Pass)
        assert isinstance(sign_in(empty, "rosa", PASSWORD), Pass)

    def test_uses_the_code_once(self, empty: Doors, code: str) -> None:
        empty.entrance.set_up(FirstSteward(code, "rosa", "Rosa", PASSWORD))

        again = empty.entrance.set_up(FirstSteward(code, "eva", "Eva", PASSWORD))

        assert again == Refusal(Reason.GONE)

    def test_has_half_an_hour(self, empty: Doors, machine: Machine, code: str) -> None:
        machine.go_on(HOLDS_S)

        assert empty.entrance.set_up(FirstSteward(code, "rosa", "Rosa", PASSWORD)) == WRONG

    def test_guesses_five_times(self, empty: Doors, machine: Machine, code: str) -> None:
        for pause_s in (1, 2, 4, 8, 16):
            told = FirstSteward("AAAA-AAAA-AAAA-AAAA", "rosa", "Rosa", PASSWORD)
            assert empty.entrance.set_up(told) == WRONG
            machine.go_on(pause_s)

        told = FirstSteward(code, "rosa", "Rosa", PASSWORD)
        assert wait_of(empty.entrance.set_up(told)) > 800

    @pytest.mark.parametrize(
        ("who", "name"), [("", "x"), ("rosa h", "x"), ("x" * 33, "x"), ("rosa", ""), ("ñ", "x")]
    )
    def test_has_a_name_that_can_be_taken(
        self, empty: Doors, code: str, who: str, name: str
    ) -> None:
        told = FirstSteward(code, who, name, PASSWORD)

        assert empty.entrance.set_up(told) == Refusal(Reason.ODD_NAME)
        assert empty.entrance.awaits_first()
        fine = FirstSteward(code, "rosa", "Rosa", PASSWORD)
        assert isinstance(empty.entrance.set_up(fine), Pass)

    def test_gets_no_code_while_a_steward_can_sign_in(
        self, doors: Doors, village: Village, machine: Machine
    ) -> None:
        del doors
        with village.database.writing() as connection:
            assert offer_code(connection, unix_s(machine.now())) is None

    def test_a_new_code_ends_the_one_before(
        self, empty: Doors, village: Village, machine: Machine, code: str
    ) -> None:
        with village.database.writing() as connection:
            offer_code(connection, unix_s(machine.now()))

        assert empty.entrance.set_up(FirstSteward(code, "rosa", "Rosa", PASSWORD)) == WRONG
