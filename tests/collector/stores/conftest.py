"""Both stores, each on a place of its own, for one suite."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest

from collector.store_settings import InfluxSettings, SqliteSettings
from collector.stores import ReadingStore
from collector.stores.opening import open_store
from tests.collector.stores.influxd import Influxd, running_influxd

OpenStore = Callable[[], ReadingStore]

_databases = count(1)


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """One server for all tests; each uses a database of its own."""
    with running_influxd(tmp_path_factory.mktemp("influxd")) as server:
        yield server


@pytest.fixture
def influx_settings(influxd: Influxd, tmp_path: Path) -> InfluxSettings:
    """Name a fresh bucket of the server, and an index that is not there yet."""
    token_file = tmp_path / "token"
    token_file.write_text(influxd.token)
    return InfluxSettings(
        url=influxd.url,
        bucket=influxd.create_database(f"readings{next(_databases)}"),
        token_file=token_file,
        index=tmp_path / "index.db",
    )


@pytest.fixture(params=["sqlite", "influxdb"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Open the same store as often as asked; all of them are closed at the end."""
    influx = request.getfixturevalue("influx_settings") if request.param == "influxdb" else None
    sqlite = SqliteSettings(path=tmp_path / "readings.db")
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(open_store(request.param, sqlite, influx)))


@pytest.fixture
def store(open_again: OpenStore) -> ReadingStore:
    """One empty store."""
    return open_again()
