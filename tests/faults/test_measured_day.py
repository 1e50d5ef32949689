"""One measured day of twelve homes, from Modbus frames to the page, exact to the watt-hour.

The clock stands still at each slot border until every device has an accepted reading of that
moment; then the test moves it on. What is expected comes from the files alone (`measured_day`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from collector.reading import dump_content
from collector.simulator.stage import COLLECTOR
from collector.store_settings import InfluxSettings, SqliteSettings
from collector.stores import ReadingStore
from collector.stores.opening import open_store
from tests.collector.stores.influxd import running_influxd
from tests.faults.measured_day import ZONE, Slot, expected_slots
from tests.faults.processes import wait_until
from tests.faults.world import World
from tests.requirements import require_program, shared_data

DAY = datetime(2017, 5, 1, tzinfo=ZONE)
TIMEZONE = "Etc/GMT+8"
QUARTER = timedelta(minutes=15)
BORDERS = [DAY + QUARTER * number for number in range(97)]
DISTURBED = ("collect", "ingest", "mosquitto")
KILLS_EACH = 10

pytestmark = pytest.mark.faults


@pytest.fixture
def measured() -> Path:
    require_program("mosquitto")
    return shared_data() / "fontana"


@pytest.fixture(params=["sqlite", "influxdb"])
def store_lines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ExitStack() as held:
        if request.param == "sqlite":
            yield 'store = "sqlite"\n\n[sqlite]\npath = "state/readings.sqlite"'
        else:
            require_program("influxd")
            (tmp_path / "influx").mkdir()
            server = held.enter_context(running_influxd(tmp_path / "influx"))
            bucket, token = server.create_database("proof"), tmp_path / "token"
            token.write_text(server.token, encoding="utf-8")
            yield (
                f'store = "influxdb"\n\n[influxdb]\nurl = "{server.url}"\n'
                f'bucket = "{bucket}"\ntoken_file = "{token}"\n'
                'index = "state/index.sqlite"'
            )


@pytest.fixture
def world(tmp_path: Path, measured: Path, store_lines: str) -> Iterator[World]:
    made = World(tmp_path / "world", measured, TIMEZONE, store_lines)
    made.folder.mkdir()
    try:
        made.build(DAY)
        yield made
    finally:
        made.end()


def play(world: World, disturb: Callable[[int], None] = lambda _: None) -> None:
    """Move the clock from border to border; each waits until all devices were read there."""
    for number, border in enumerate(BORDERS):
        world.move_clock(border)
        disturb(number)
        moment = border.astimezone(UTC)
        wait_until(
            lambda at=moment: world.accepted_at(at) == world.devices.keys(),
            f"every device accepted at {moment}",
        )
    wait_until(lambda: world.unconfirmed() == 0, "the store confirmed everything")
    world.move_clock(BORDERS[-1] + timedelta(minutes=5))


def killer(world: World) -> Callable[[int], None]:
    """Kill collector, ingest and broker through the whole day, in any order, at random moments.

    Ingest is the last, so that what was sent meanwhile arrives only if it is sent again.
    """
    chance = Random(7)  # noqa: S311  moments, not secrets
    victims = [name for name in DISTURBED for _ in range(KILLS_EACH)]
    chance.shuffle(victims)
    victims += ["mosquitto", "ingest"]

    def disturb(number: int) -> None:
        if number % 3 == 0 and victims:
            moment_s = time.monotonic() + chance.uniform(0.0, 0.4)
            wait_until(lambda: time.monotonic() > moment_s, "the moment of the kill")
            victim = world.programs[victims.pop(0)]
            victim.kill()
            victim.start()

    return disturb


def stored_by(world: World) -> list[tuple[str, int, str]]:
    """Return what the store holds of our collector, sorted; what is twice stands twice."""
    store = open_the_store(world)
    try:
        return sorted(
            (one.identity.device, one.identity.seq, dump_content(one.reading))
            for device in world.devices
            for one in store.readings(device, DAY - QUARTER, DAY + timedelta(days=2))
            if (one.identity.collector, one.identity.epoch) == (COLLECTOR, world.epoch)
        )
    finally:
        store.close()


def open_the_store(world: World) -> ReadingStore:
    """Open the store as its own reader, beside the services."""
    settings = world.settings()
    if settings.get("store") == "sqlite":
        path = world.folder / "state" / "readings.sqlite"
        return open_store("sqlite", SqliteSettings(path=path), None)
    influx = settings["influxdb"] | {"index": world.folder / "state" / "index.sqlite"}
    return open_store("influxdb", SqliteSettings(), InfluxSettings(**influx))


def page_slots(world: World) -> list[Slot]:
    """Return what the page says of each slot of the day."""
    rows = world.fetch("/community.json?date=2017-05-01")["slots"]
    return [
        Slot(
            row["produced_wh"],
            row["consumption_wh"],
            row["own_use_wh"],
            row["shared_wh"],
            row["left_over_wh"],
        )
        for row in rows
    ]


def assert_the_day_is_exact(world: World, measured: Path) -> None:
    """Hold the page against the files, and the store against what was accepted."""
    expected = expected_slots(measured, DAY)
    wait_until(lambda: world.settled_slots("2017-05-01") == 96, "the day is settled", 90)

    assert (sum(s.produced for s in expected), sum(s.consumed for s in expected)) == (
        317_963,
        274_047,
    )
    assert page_slots(world) == expected
    assert stored_by(world) == world.accepted()
    assert world.strangers() == []


def test_the_page_shows_exactly_the_measured_day(world: World, measured: Path) -> None:
    play(world)

    assert_the_day_is_exact(world, measured)


def test_the_day_is_exact_although_everything_is_killed_again_and_again(
    world: World, measured: Path
) -> None:
    play(world, killer(world))

    assert {name: world.programs[name].kills >= KILLS_EACH for name in DISTURBED} == {
        "collect": True,
        "ingest": True,
        "mosquitto": True,
    }
    assert_the_day_is_exact(world, measured)
