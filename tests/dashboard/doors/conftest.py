"""The pages on real doors and real books, and browsers of four people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.books import Books
from coop.database.opening import Database, open_database
from coop.desk import Office
from coop.doors.door import Doors
from coop.household import HomeBook
from coop.members.community import Home, Member, Validity
from coop.members.registry import registration
from coop.members.stewards import Steward, add_steward
from coop.settings import CoopSettings
from coop.slots import unix_s
from coop.tokens.gate import Gate
from coop.words import Language
from dashboard.app import create_app
from dashboard.sources import Sources
from tests.coop.fakes import FakeCounterReadings
from tests.dashboard.fakes import LIMA, NOON, PAGE_SETTINGS, FakeReadings, FixedClock
from tests.dashboard.visits import client_of_household, client_of_steward

PASSWORD = "warmi-wasi-wayra"  # noqa: S105  of a steward in tests
NOW_S = unix_s(NOON) // 900 * 900


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(CoopSettings().resolved(tmp_path)) as database:
        with registration(database, 900, LIMA) as entered:
            for number in (1, 2):
                entered.add_member(Member(f"m0{number}", f"Familia {number}", NOW_S))
                entered.add_home(Home(f"h0{number}", f"m0{number}", f"Casa {number}"))
        with database.writing() as connection:
            for who in ("rosa", "juan"):
                add_steward(connection, Steward(who, who.title(), Validity(NOW_S)))
        yield database


@pytest.fixture
def doors(database: Database, clock: FixedClock) -> Doors:
    return Doors(database, clock, clock)


@pytest.fixture
def app(database: Database, doors: Doors, clock: FixedClock) -> Flask:
    settings = replace(PAGE_SETTINGS, languages=(Language.SPANISH,))
    coop = CoopSettings()
    books, homes = Books(database, coop), HomeBook(database, coop)
    gate = Gate(database, clock)
    office = Office(database, FakeCounterReadings(), coop, clock, clock)
    return create_app(
        Sources(
            books, FakeReadings(), clock, settings, doors, homes=homes, gate=gate, office=office
        )
    )


@pytest.fixture
def household_client(app: Flask, doors: Doors) -> Callable[[str], FlaskClient]:
    return lambda home: client_of_household(app, doors, home)


@pytest.fixture
def steward_client(app: Flask, doors: Doors) -> Callable[[str], FlaskClient]:
    return lambda who: client_of_steward(app, doors, who)


@pytest.fixture
def with_password(doors: Doors) -> str:
    """Give rosa a password, and return it."""
    doors.upkeep.give_password("rosa", PASSWORD)
    return PASSWORD
