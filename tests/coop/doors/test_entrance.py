"""Who is let in by password and code, and who must wait (F29)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from coop.database.opening import Database
from coop.doors.credentials.codes import STEP_S, code_at, make_secret
from coop.doors.credentials.passwords import NOBODYS
from coop.doors.deeds import What, read_deeds
from coop.doors.door import Doors
from coop.doors.entrance import Credentials, Reason, Refusal
from coop.doors.upkeep import NewCodes
from coop.doors.visits import Pass
from coop.errors import InputError
from coop.members.stewards import end_steward
from coop.slots import unix_s
from tests.coop.desk import StillClock
from tests.coop.doors.conftest import Machine
from tests.coop.doors.trying import PASSWORD, WRONG, sign_in, use_up_tries, wait_of
from tests.coop.village import START, Village


@pytest.fixture
def doors(doors: Doors) -> Doors:
    doors.upkeep.give_password("rosa", PASSWORD)
    return doors


@pytest.mark.parametrize("name", ["rosa", " Rosa ", "ROSA"])
def test_a_steward_comes_in_by_name_and_password(doors: Doors, name: str) -> None:
    given = sign_in(doors, name, PASSWORD)

    assert isinstance(given, Pass)
    found = doors.find(given.token)
    assert found is not None
    assert (found.steward_id, found.name) == ("rosa", "Rosa")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rosa", ""),
        ("rosa", PASSWORD.upper()),
        ("rosa", f"{PASSWORD}\0"),
        ("rosa", "x" * 10_000),
        ("rosa", "\ud800"),
        ("juan", PASSWORD),
        ("juan", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
        ("\ud800\0", PASSWORD),
    ],
)
def test_whoever_else_is_refused_in_one_way(doors: Doors, name: str, password: str) -> None:
    assert sign_in(doors, name, password) == WRONG


@pytest.mark.parametrize("name", ["rosa", "juan", "nobody"])
def test_five_wrong_tries_close_a_name_for_a_quarter_of_an_hour(
    doors: Doors, machine: Machine, name: str
) -> None:
    use_up_tries(doors, machine, name)

    assert wait_of(sign_in(doors, name, PASSWORD)) == 15 * 60 - 31
    machine.go_on(15 * 60 - 32)
    assert wait_of(sign_in(doors, name, PASSWORD)) == 1
    machine.go_on(1)
    assert sign_in(doors, name) == WRONG


@pytest.mark.parametrize("name", ["rosa", "nobody"])
def test_each_wrong_try_must_wait_twice_as_long(doors: Doors, machine: Machine, name: str) -> None:
    waits = []
    for pause_s in (1, 2, 4, 8):
        sign_in(doors, name)
        waits.append(wait_of(sign_in(doors, name, PASSWORD)))
        machine.go_on(pause_s)

    assert waits == [1, 2, 4, 8]


def test_a_closed_name_closes_no_other(doors: Doors, machine: Machine) -> None:
    use_up_tries(doors, machine, "nobody")

    assert isinstance(sign_in(doors, "rosa", PASSWORD), Pass)


def test_who_comes_in_begins_to_count_anew(doors: Doors, machine: Machine) -> None:
    for _ in range(3):
        sign_in(doors, "rosa")
        machine.go_on(10)
    sign_in(doors, "rosa", PASSWORD)

    use_up_tries(doors, machine, "rosa")


def test_a_thousand_wrong_passwords_are_five_checks_and_five_lines(
    doors: Doors, machine: Machine, database: Database
) -> None:
    for _ in range(1_000):
        sign_in(doors, "rosa")
        machine.go_on(0.5)

    with database.reading() as connection:
        deeds = read_deeds(connection, 100)
    assert len([one for one in deeds if one.what is What.REFUSED]) == 5
    assert wait_of(sign_in(doors, "rosa", PASSWORD)) > 0


def test_many_at_once_do_not_pass_the_count(doors: Doors, database: Database) -> None:
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: sign_in(doors, "rosa"), range(40)))

    assert answers.count(WRONG) == 1
    with database.reading() as connection:
        assert [one.what for one in read_deeds(connection, 9)].count(What.REFUSED) == 1


@pytest.mark.parametrize("name", ["nobody", "juan", "rosa"])
def test_a_name_that_nobody_has_is_checked_like_one(
    doors: Doors, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    class Watched:
        def verify(self, kept: str, _secret: str) -> None:
            checked.append(kept.rsplit("$", 2)[0])

    monkeypatch.setattr("coop.doors.credentials.passwords._HASHER", Watched())

    sign_in(doors, name)

    assert checked == [NOBODYS.rsplit("$", 2)[0]]


@pytest.mark.usefixtures("doors")
def test_a_steward_out_of_office_is_refused(village: Village) -> None:
    with village.database.writing() as connection:
        end_steward(connection, "rosa", unix_s(START) + 900)
    later = Doors(village.database, StillClock(START + timedelta(hours=1)), StillClock())

    assert sign_in(later, "rosa", PASSWORD) == WRONG


def test_each_sign_in_is_a_new_visit(doors: Doors) -> None:
    tokens = {getattr(sign_in(doors, "rosa", PASSWORD), "token", None) for _ in range(3)}

    assert len(tokens - {None}) == 3


def test_a_changed_password_ends_every_visit(doors: Doors) -> None:
    before = sign_in(doors, "rosa", PASSWORD)
    assert isinstance(before, Pass)

    after = doors.upkeep.change_password("rosa", PASSWORD, "qantu-urpi-chaska")

    assert isinstance(after, Pass)
    assert doors.find(before.token) is None
    assert doors.find(after.token)
    assert sign_in(doors, "rosa", PASSWORD) == WRONG


def test_a_password_is_changed_by_who_knows_it(doors: Doors) -> None:
    answer = doors.upkeep.change_password("rosa", "wrong", "qantu-urpi-chaska")

    assert answer == WRONG
    assert wait_of(sign_in(doors, "rosa", PASSWORD)) == 1


def codes_on(doors: Doors, machine: Machine) -> str:
    """Let rosa be asked for codes."""
    secret = make_secret()
    code = code_at(secret, unix_s(machine.now()) // STEP_S)
    assert doors.upkeep.change_codes("rosa", PASSWORD, NewCodes(secret, code)) is None
    machine.go_on(STEP_S)
    return secret


def test_with_codes_a_password_alone_does_not_suffice(doors: Doors, machine: Machine) -> None:
    secret = codes_on(doors, machine)
    code = code_at(secret, unix_s(machine.now()) // STEP_S)

    assert sign_in(doors, "rosa", PASSWORD) == WRONG
    machine.go_on(1)
    assert isinstance(sign_in(doors, "rosa", PASSWORD, f"{code[:3]} {code[3:]}"), Pass)


def test_whoever_signs_at_another_page_does_so_with_their_code_too(
    doors: Doors, machine: Machine
) -> None:
    secret = codes_on(doors, machine)
    code = code_at(secret, unix_s(machine.now()) // STEP_S)

    alone = doors.entrance.vouch(Credentials("rosa", PASSWORD), lambda _: "signed")
    machine.go_on(1)
    both = doors.entrance.vouch(Credentials("rosa", PASSWORD, code), lambda _: "signed")

    assert (alone, both) == (WRONG, "signed")


def test_what_is_refused_after_a_signature_leaves_the_code_unused(
    doors: Doors, machine: Machine
) -> None:
    secret = codes_on(doors, machine)
    told = Credentials("rosa", PASSWORD, code_at(secret, unix_s(machine.now()) // STEP_S))

    def refuse(_: Connection) -> str:
        raise InputError("no")

    with pytest.raises(InputError):
        doors.entrance.vouch(told, refuse)

    assert doors.entrance.vouch(told, lambda _: "signed") == "signed"


def test_a_code_is_used_once(doors: Doors, machine: Machine) -> None:
    secret = codes_on(doors, machine)
    code = code_at(secret, unix_s(machine.now()) // STEP_S)

    assert isinstance(sign_in(doors, "rosa", PASSWORD, code), Pass)
    assert sign_in(doors, "rosa", PASSWORD, code) == WRONG


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(
    doors: Doors, machine: Machine, steps: int, *, is_taken: bool
) -> None:
    secret = codes_on(doors, machine)
    machine.go_on(300)
    code = code_at(secret, unix_s(machine.now()) // STEP_S + steps)

    assert isinstance(sign_in(doors, "rosa", PASSWORD, code), Pass) is is_taken


@pytest.mark.parametrize("secret", ["", "x", "A" * 32 + "!", "\ud800"])
def test_codes_begin_with_a_code_of_a_whole_secret(doors: Doors, secret: str) -> None:
    answer = doors.upkeep.change_codes("rosa", PASSWORD, NewCodes(secret, "000000"))

    assert answer == Refusal(Reason.GONE)
    assert not doors.upkeep.has_codes("rosa")


def test_codes_can_be_given_up_by_who_knows_the_password(doors: Doors, machine: Machine) -> None:
    codes_on(doors, machine)

    assert doors.upkeep.change_codes("rosa", "wrong", None) == WRONG
    machine.go_on(1)
    assert doors.upkeep.change_codes("rosa", PASSWORD, None) is None
    assert isinstance(sign_in(doors, "rosa", PASSWORD), Pass)
