"""The pages on the real database and the real store, settled by the real settler."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from collector.reading import AcceptedReading, Identity, Reading
from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from coop.books import Books
from coop.database.opening import Database, open_database
from coop.doors.door import Doors
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.settings import CoopSettings
from coop.settling.settle import Settler
from dashboard.app import create_app
from dashboard.sources import PageSettings, Sources
from tests.dashboard.fakes import LIMA, FixedClock
from tests.dashboard.visits import client_of_household

START = datetime(2026, 3, 1, 5, tzinfo=UTC)
"""Midnight in Lima."""
SLOTS = 8
END = START + SLOTS * timedelta(minutes=15)
HOMES = [f"h{n:02}" for n in range(1, 13)]
ROOFS = ["r1", "r2", "r3"]


def counted(device: str, number: int, quantity: str, per_slot_wh: int) -> AcceptedReading:
    """Make a device's reading at the border after `number` slots."""
    reading = Reading(
        device,
        START + number * timedelta(minutes=15),
        {quantity: 1_000 + number * per_slot_wh, "ac_power": 4 * per_slot_wh},
        {},
        "boot",
        0,
    )
    return AcceptedReading(Identity("pi", "e", device, number), reading)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(SETTINGS.resolved(tmp_path)) as database:
        yield database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(SqliteSettings(path=tmp_path / "readings.sqlite"))
    yield store
    store.close()


@pytest.fixture
def real_client(database: Database, store: SqliteStore) -> FlaskClient:
    create_example(
        database,
        [ExampleHome(name, (name, "import_energy_total")) for name in HOMES],
        [ExampleRoof(name, name, (name, "energy_total")) for name in ROOFS],
        ExamplePlan(int(START.timestamp())),
    )
    borders = range(SLOTS + 1)
    store.write([counted(name, n, "import_energy_total", 50) for name in HOMES for n in borders])
    store.write([counted(name, n, "energy_total", 250) for name in ROOFS for n in borders])
    now = END + timedelta(minutes=2)
    Settler(database, store, SETTINGS).settle(now)
    clock = FixedClock(now)
    doors = Doors(database, clock, clock)
    sources = Sources(Books(database, SETTINGS), store, clock, PageSettings("Prueba", LIMA), doors)
    return client_of_household(create_app(sources), doors, "h01")


SETTINGS = CoopSettings()


def test_what_was_measured_stands_on_the_page_to_the_watt_hour(real_client: FlaskClient) -> None:
    document = real_client.get("/community.json").get_json()

    assert document["produced_wh"] == 6_000
    assert document["shared_wh"] == 4_800
    assert document["left_over_wh"] == 1_200
    assert document["set_aside_wh"] == 0
    assert document["consumption_wh"] == 4_800
    assert [slot["standing"] for slot in document["slots"]] == ["settled"] * SLOTS


def test_the_screen_shows_power_and_fund(real_client: FlaskClient) -> None:
    document = real_client.get("/api/v1/now").get_json()

    assert document["producing_now"]["power_w"] == 3_000
    assert document["fund_tenths_wh"] == 1_200
    assert document["light"] == "plenty"


@pytest.mark.parametrize("address", ["/tv", "/community", "/api/v1/now"])
def test_a_page_asks_the_books_at_most_six_times(
    real_client: FlaskClient, database: Database, address: str
) -> None:
    asked: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    real_client.get(address)

    selects = [statement for statement in asked if statement.startswith("SELECT")]
    assert 1 <= len(selects) <= 6
