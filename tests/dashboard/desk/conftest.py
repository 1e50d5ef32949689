"""The stewards' desk of a town whose March waits to be frozen, lived through once and copied."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.books import Books
from coop.database.opening import open_database
from coop.desk import Office
from coop.doors.deeds import What, read_deeds
from coop.doors.door import Doors
from coop.settings import CoopSettings
from coop.words import Language
from coop.words.corrections import read_corrections
from dashboard.app import create_app
from dashboard.sources import Sources
from tests.coop.month.town import LATER, Town
from tests.dashboard.fakes import PAGE_SETTINGS, FakeReadings, FixedClock
from tests.dashboard.visits import client_of_household, client_of_steward, form


@dataclass
class Desk:
    """The pages of a town, its books and its clock."""

    app: Flask
    town: Town
    doors: Doors
    clock: FixedClock
    sources: Sources

    def steward(self, who: str) -> "Hand":
        """Return the browser of a steward."""
        return Hand(client_of_steward(self.app, self.doors, who), self.doors)

    def deeds(self) -> list[tuple[str, str]]:
        """Return who did what, without coming and going."""
        with self.town.database.reading() as connection:
            held = reversed(read_deeds(connection, 500))
            return [(one.who, one.text) for one in held if one.what is What.ACTED]

    def household(self, home: str) -> "Hand":
        """Return the browser of a household."""
        return Hand(client_of_household(self.app, self.doors, home), self.doors)


@dataclass
class Hand:
    """Somebody at a browser: looks at pages and sends forms."""

    client: FlaskClient
    doors: Doors

    def look(self, address: str) -> str:
        """Return a page that is there."""
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)

    def send(self, address: str, **fields: str) -> tuple[int, str]:
        """Send a form; return the first status and the page that is read in the end."""
        data = form(self.client, self.doors, **fields)
        first = self.client.post(address, data=data)
        page = self.client.get(first.headers["Location"]) if first.status_code == 303 else first
        return first.status_code, page.get_data(as_text=True)


@pytest.fixture(scope="session")
def march_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("march") / "coop.sqlite"
    settings = CoopSettings(database=str(path))
    with open_database(settings) as database:
        Town(database, settings).live_through_march()
    return path


@pytest.fixture
def desk(march_book: Path, tmp_path: Path) -> Iterator[Desk]:
    settings = CoopSettings(database=str(shutil.copy(march_book, tmp_path / "coop.sqlite")))
    with open_database(settings) as database:
        town = Town(database, settings, is_new=False)
        town.count()
        clock = FixedClock(LATER)
        doors = Doors(database, clock, clock)

        def corrections() -> dict[tuple[Language, str], str]:
            with database.reading() as connection:
                return dict(read_corrections(connection))

        sources = Sources(
            Books(database, settings),
            FakeReadings(),
            clock,
            replace(PAGE_SETTINGS, languages=(Language.SPANISH,)),
            doors,
            corrections,
            office=Office(database, town.readings, settings, clock, clock),
        )
        yield Desk(create_app(sources), town, doors, clock, sources)


@pytest.fixture
def rosa(desk: Desk) -> Hand:
    return desk.steward("rosa")


@pytest.fixture
def juan(desk: Desk) -> Hand:
    return desk.steward("juan")
