"""A month that waits to be frozen, lived through once and copied for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coop.database.engine import POSTGRESQL, SQLITE
from coop.database.opening import open_database
from coop.settings import CoopSettings
from tests.coop.month.town import Town
from tests.coop.postgresql import PostgreSQL


def live_through_march(database: str) -> None:
    settings = CoopSettings(database=database)
    with open_database(settings) as opened:
        Town(opened, settings).live_through_march()


@pytest.fixture(scope="session")
def march_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("march") / "coop.sqlite"
    live_through_march(str(path))
    return path


@pytest.fixture(scope="session")
def march_on_server(postgresql: PostgreSQL) -> Iterator[str]:
    with postgresql.copy() as url:
        live_through_march(url)
        yield PostgreSQL.name_in(url)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def settled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CoopSettings]:
    """Name a database of either kind, in which March is settled."""
    if request.param == SQLITE:
        copied = shutil.copy(request.getfixturevalue("march_file"), tmp_path / "coop.sqlite")
        yield CoopSettings(database=str(copied))
        return
    march = request.getfixturevalue("march_on_server")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.copy(march) as url:
        yield CoopSettings(database=url)


@pytest.fixture
def town(settled: CoopSettings) -> Iterator[Town]:
    with open_database(settled) as database:
        held = Town(database, settled, is_new=False)
        held.count()
        yield held
