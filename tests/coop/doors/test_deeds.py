"""What was done is written down, can not be changed, and can not forge a line."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from coop.database.opening import Database
from coop.doors.deeds import What, encode, of_steward, read_deeds
from coop.doors.door import Doors
from coop.doors.entrance import Credentials
from coop.doors.visits import Guest


def test_who_came_in_and_who_was_refused_is_written_down(doors: Doors, database: Database) -> None:
    doors.upkeep.give_password("rosa", "warmi-wasi-wayra")
    card = doors.upkeep.make_card("a", "steward:rosa")
    doors.entrance.open_card(card, "", "from 192.0.2.7")
    doors.entrance.sign_in(Credentials("rosa", "wrong", address="from 192.0.2.8"))
    doors.note(Guest(steward_id="rosa"), What.ACTED, "month_sign /steward/month")
    doors.note(Guest(), What.DENIED, "GET account")

    with database.reading() as connection:
        told = [(one.who, one.what, one.text) for one in read_deeds(connection, 10)]
    assert told == [
        ("stranger", "denied", "GET account"),
        ("steward:rosa", "acted", "month_sign /steward/month"),
        ("steward:rosa", "refused", "from 192.0.2.8"),
        ("home:a", "came-in", "from 192.0.2.7"),
        ("steward:rosa", "card-made", "home:a"),
        ("console", "password-set", "steward:rosa"),
    ]
    assert card not in repr(told)


@pytest.mark.parametrize("statement", ["UPDATE deed SET who = 'x'", "DELETE FROM deed"])
def test_what_was_done_stays_done(doors: Doors, database: Database, statement: str) -> None:
    doors.note(Guest(), What.DENIED, "x")

    with pytest.raises(IntegrityError, match="deed is insert-only"), database.writing() as writer:
        writer.execute(text(statement))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rosa\r\n2026 admin came-in", "rosa\\u000d\\u000a2026 admin came-in"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\0", "\\u0000"),
        ("\ud800", "\\ud800"),
        ("\x1b[31m", "\\u001b[31m"),
        ("Huamán <b>", "Huamán <b>"),
    ],
)
def test_what_was_typed_can_not_forge_a_line(typed: str, kept: str) -> None:
    assert encode(typed) == kept


def test_a_long_name_is_cut(doors: Doors, database: Database) -> None:
    doors.entrance.sign_in(Credentials("x" * 1_000_000, "wrong"))

    with database.reading() as connection:
        assert read_deeds(connection, 1)[0].who == f"steward:{'x' * 64}"
    assert len(of_steward("\0" * 500)) == 72
