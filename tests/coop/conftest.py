"""A database of its own for every test, on a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coop.database.engine import POSTGRESQL, SQLITE
from coop.database.opening import Database, open_database
from coop.settings import CoopSettings
from tests.coop.month.town import BusyTown
from tests.coop.postgresql import PostgreSQL, run_postgresql
from tests.coop.village import Village


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with run_postgresql() as server:
        yield server


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CoopSettings]:
    """Name a database of either kind, with nothing in it."""
    if request.param == SQLITE:
        yield CoopSettings(database=str(tmp_path / "coop.sqlite"))
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.copy() as url:
        yield CoopSettings(database=url)


@pytest.fixture
def database(settings: CoopSettings) -> Iterator[Database]:
    with open_database(settings) as opened:
        yield opened


@pytest.fixture
def village(database: Database, settings: CoopSettings) -> Village:
    return Village(database, settings)


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyTown]:
    """Return a cooperative after two eventful months, for all who only look at it."""
    with BusyTown.founded(tmp_path_factory.mktemp("busy")) as town:
        town.live_through_two_months()
        yield town
