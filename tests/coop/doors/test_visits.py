"""Visits in the database: they end, they are kept as hashes, and they die with what gave them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from coop.database.opening import Database
from coop.doors.door import Doors
from coop.doors.tables import visit
from coop.doors.visits import DAY_S, HOUR_S, MINUTE_S, Guest
from coop.errors import StateError
from coop.members.stewards import end_steward
from coop.slots import unix_s
from tests.coop.desk import StillClock
from tests.coop.doors.conftest import Machine
from tests.coop.village import START, Village

HOUSEHOLD, STEWARD = Guest(home_id="a"), Guest(steward_id="rosa")


@pytest.mark.parametrize("guest", [HOUSEHOLD, STEWARD])
def test_a_visit_is_found_by_its_token_and_by_no_other(doors: Doors, guest: Guest) -> None:
    given, other = doors.begin(guest), doors.begin(guest)

    found = doors.find(given.token)

    assert found is not None
    assert (found.home_id, found.steward_id) == (guest.home_id, guest.steward_id)
    assert doors.find("0" * 43) is None
    assert given.token != other.token
    assert len({found.form_key, getattr(doors.find(other.token), "form_key", None)}) == 2


def test_what_the_browser_keeps_stands_nowhere_in_the_books(
    doors: Doors, database: Database
) -> None:
    given = doors.begin(HOUSEHOLD)

    with database.reading() as connection:
        rows = connection.execute(select(visit)).all()
    assert given.token not in repr(rows)
    assert len(given.token) == 43


@pytest.mark.parametrize(("guest", "idle_s"), [(HOUSEHOLD, 30 * DAY_S), (STEWARD, 30 * MINUTE_S)])
def test_a_visit_ends_when_nobody_stirs(
    doors: Doors, machine: Machine, guest: Guest, idle_s: int
) -> None:
    given = doors.begin(guest)

    machine.go_on(idle_s - 1)
    assert doors.find(given.token)
    machine.go_on(idle_s - 1)
    assert doors.find(given.token)
    machine.go_on(idle_s)
    assert doors.find(given.token) is None


@pytest.mark.parametrize(
    ("guest", "step_s", "most_s"),
    [(HOUSEHOLD, 20 * DAY_S, 365 * DAY_S), (STEWARD, 20 * MINUTE_S, 12 * HOUR_S)],
)
def test_a_visit_ends_even_if_somebody_always_stirs(
    doors: Doors, machine: Machine, guest: Guest, step_s: int, most_s: int
) -> None:
    given = doors.begin(guest)
    seen = []

    for _ in range(most_s // step_s + 1):
        machine.go_on(step_s)
        seen.append(doors.find(given.token) is not None)

    assert given.lasts_s == most_s
    assert seen[:-2] == [True] * (len(seen) - 2)
    assert seen[-1] is False


def test_a_page_that_loads_itself_keeps_no_visit(doors: Doors, machine: Machine) -> None:
    given = doors.begin(STEWARD)

    for _ in range(29):
        machine.go_on(MINUTE_S)
        assert doors.find(given.token, stirs=False)
    machine.go_on(MINUTE_S)

    assert doors.find(given.token, stirs=False) is None


def test_looking_often_writes_seldom(doors: Doors, machine: Machine, database: Database) -> None:
    given = doors.begin(STEWARD)

    machine.go_on(59)
    doors.find(given.token)
    before = _seen(database)
    machine.go_on(1)
    doors.find(given.token)

    assert before == unix_s(START)
    assert _seen(database) == unix_s(START) + 60


def test_a_visit_that_cannot_be_noted_goes_on(
    doors: Doors, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = doors.begin(STEWARD)
    machine.go_on(60)

    def refuse(_: Database) -> None:
        raise StateError("full")

    monkeypatch.setattr(Database, "writing", refuse)

    assert doors.find(given.token)


def test_a_visit_that_was_ended_is_none(doors: Doors) -> None:
    given = doors.begin(HOUSEHOLD)

    doors.end(given.token)
    doors.end(given.token)

    assert doors.find(given.token) is None


def test_a_steward_whose_term_ended_is_no_longer_inside(
    doors: Doors, village: Village, machine: Machine
) -> None:
    given = doors.begin(STEWARD)
    with village.database.writing() as connection:
        end_steward(connection, "rosa", unix_s(START) + 900)

    assert doors.find(given.token)
    later = Doors(village.database, StillClock(START + timedelta(minutes=15)), machine)
    assert later.find(given.token) is None


def test_visits_that_are_over_are_swept_out(
    doors: Doors, machine: Machine, database: Database
) -> None:
    doors.begin(STEWARD)
    doors.begin(HOUSEHOLD)
    machine.go_on(31 * MINUTE_S)
    doors.begin(HOUSEHOLD)

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM visit")).scalar() == 2


def _seen(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(visit.c.seen_s)).scalar_one()
