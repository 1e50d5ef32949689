"""A database of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coop.database import Database, open_database
from coop.settings import CoopSettings
from tests.coop.village import Village


@pytest.fixture
def settings(tmp_path: Path) -> CoopSettings:
    return CoopSettings(database=str(tmp_path / "coop.sqlite"))


@pytest.fixture
def database(settings: CoopSettings) -> Iterator[Database]:
    with open_database(settings) as opened:
        yield opened


@pytest.fixture
def village(database: Database, settings: CoopSettings) -> Village:
    return Village(database, settings)
