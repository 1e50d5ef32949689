"""Tokens of programs: what they open, until when, and what is kept of them."""

import pytest
from sqlalchemy import select

from coop.database.opening import Database
from coop.doors.deeds import What, read_deeds
from coop.errors import InputError, StateError
from coop.slots import unix_s
from coop.tokens.gate import Gate
from coop.tokens.program import DAY_S, Wanted, add_program, read_programs, revoke_program
from coop.tokens.tables import program_token
from tests.coop.doors.conftest import Machine
from tests.coop.village import START, Village

NOW_S = unix_s(START)
RADIO = Wanted("Radio Ollantay", None, NOW_S + 30 * DAY_S)
PANEL = Wanted("Panel", "a", NOW_S + 30 * DAY_S)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def gate(village: Village, machine: Machine) -> Gate:
    return Gate(village.database, machine)


def give(database: Database, wanted: Wanted) -> str:
    with database.writing() as connection:
        return add_program(connection, wanted, NOW_S)


def revoke(database: Database, name: str) -> None:
    with database.writing() as connection:
        revoke_program(connection, name, NOW_S)


@pytest.mark.parametrize("wanted", [RADIO, PANEL])
def test_a_token_is_found_and_says_what_it_reads(
    gate: Gate, database: Database, wanted: Wanted
) -> None:
    token = give(database, wanted)

    found = gate.find(token)

    assert found is not None
    assert (found.name, found.home_id) == (wanted.name, wanted.home_id)
    assert token.startswith("minga_")
    assert len(token) == len("minga_") + 43
    assert gate.find("minga_" + "0" * 43) is None


def test_what_a_program_keeps_stands_nowhere_in_the_books(
    village: Village, database: Database
) -> None:
    token = give(village.database, RADIO)

    with database.reading() as connection:
        rows = connection.execute(select(program_token)).all()
        deeds = read_deeds(connection, 9)
    assert token.removeprefix("minga_") not in repr((rows, deeds))
    assert [(one.what, one.text) for one in deeds] == [
        (What.TOKEN_MADE, "Radio Ollantay: community")
    ]


def test_a_token_ends_on_its_day(gate: Gate, database: Database, machine: Machine) -> None:
    token = give(database, RADIO)

    machine.go_on(30 * DAY_S - 1)
    assert gate.find(token)
    machine.go_on(1)
    assert gate.find(token) is None


def test_a_revoked_token_opens_nothing_and_its_name_is_free(gate: Gate, database: Database) -> None:
    token = give(database, RADIO)

    revoke(database, RADIO.name)

    assert gate.find(token) is None
    assert gate.find(give(database, RADIO)) is not None


def test_the_day_of_its_last_use_is_kept(gate: Gate, database: Database, machine: Machine) -> None:
    token = give(database, RADIO)
    machine.go_on(DAY_S)

    assert gate.find(token)

    with database.reading() as connection:
        [held] = read_programs(connection)
    assert held.used_s == (NOW_S + DAY_S) // DAY_S * DAY_S


def test_its_use_is_written_once_a_day(
    gate: Gate, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = give(database, RADIO)
    assert gate.find(token)
    monkeypatch.setattr(Database, "writing", None)

    assert gate.find(token)


def test_reading_goes_on_while_its_use_cannot_be_written(
    gate: Gate, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = give(database, RADIO)

    def locked(_: Database) -> None:
        raise StateError("locked")

    monkeypatch.setattr(Database, "writing", locked)

    assert gate.find(token)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("", None, NOW_S + 1), "NAME"),
        (Wanted("x" * 65, None, NOW_S + 1), "NAME"),
        (Wanted("two\nlines", None, NOW_S + 1), "NAME"),
        (Wanted("Panel", "nowhere", NOW_S + 1), "there is no such home; found a"),
        (Wanted("Radio", None, NOW_S), "that day is over"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    village: Village, wanted: Wanted, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        give(village.database, wanted)


def test_a_name_stands_for_one_token_at_a_time(village: Village) -> None:
    give(village.database, RADIO)

    with pytest.raises(InputError, match="a token of this name holds"):
        give(village.database, RADIO)


def test_a_token_that_nobody_has_cannot_be_revoked(village: Village) -> None:
    give(village.database, RADIO)

    with pytest.raises(InputError, match="there is none to revoke; found Radio Ollantay"):
        revoke(village.database, "Radio")
