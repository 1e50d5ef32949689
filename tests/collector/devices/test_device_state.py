"""What outlives a restart, and how rarely it is written."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from collector.devices.counters import Base
from collector.devices.device_state import DeviceState, Known
from tests.collector.fakes import NOON

OLD = Base(Decimal("1000.5"), Decimal("1010.5"), NOON, NOON, 0)
LATER = NOON + timedelta(minutes=5)
NEW = Base(Decimal(1_100), Decimal(1_110), LATER, LATER, 300_000)
MINUTES_15 = 900_000


@pytest.fixture
def open_state(tmp_path: Path) -> Iterator[Callable[[], DeviceState]]:
    """Open the same file as often as is needed."""
    opened: list[DeviceState] = []

    def open_one() -> DeviceState:
        opened.append(DeviceState(tmp_path / "devices.sqlite"))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_a_base_comes_back_exactly_but_for_the_process_time(
    open_state: Callable[[], DeviceState],
) -> None:
    state = open_state()
    state.keep("roof-1", {"energy_total": OLD}, 0, is_urgent=True)

    found = open_state().base("roof-1", "energy_total")

    assert found == Base(Decimal("1000.5"), Decimal("1010.5"), NOON, NOON, None)


def test_a_new_base_is_written_at_once_and_later_ones_wait_for_each_other(
    open_state: Callable[[], DeviceState],
) -> None:
    state, other = open_state(), open_state()
    state.keep("roof-1", {"energy_total": OLD}, 0, is_urgent=False)
    state.keep("roof-2", {"energy_total": OLD}, 0, is_urgent=False)
    state.keep("roof-1", {"energy_total": NEW}, MINUTES_15 - 1, is_urgent=False)

    early = [other.base(one, "energy_total") for one in ("roof-1", "roof-2")]
    state.keep("roof-2", {"energy_total": NEW}, MINUTES_15, is_urgent=False)

    assert early == [_written(OLD), _written(OLD)]
    assert other.base("roof-1", "energy_total") == _written(NEW)
    assert other.base("roof-2", "energy_total") == _written(NEW)


def test_what_waits_is_written_at_the_end(open_state: Callable[[], DeviceState]) -> None:
    state = open_state()
    state.keep("roof-1", {"energy_total": OLD}, 0, is_urgent=False)
    state.keep("roof-1", {"energy_total": NEW}, 1_000, is_urgent=False)
    state.close()

    assert open_state().base("roof-1", "energy_total") == _written(NEW)


def test_who_a_device_is_comes_back(open_state: Callable[[], DeviceState]) -> None:
    open_state().set_identity("roof-1", Known("HV1", found="HV2"))

    assert open_state().identity("roof-1") == Known("HV1", "HV2", None)


def test_nothing_is_known_of_a_new_device(open_state: Callable[[], DeviceState]) -> None:
    state = open_state()

    assert (state.identity("roof-1"), state.base("roof-1", "energy_total")) == (None, None)


def test_a_file_that_cannot_be_written_stops_nothing(
    open_state: Callable[[], DeviceState], tmp_path: Path
) -> None:
    state = open_state()
    refuse_writing(tmp_path / "devices.sqlite")

    state.set_identity("roof-1", Known("HV1"))
    state.keep("roof-1", {"energy_total": OLD}, 0, is_urgent=True)

    assert state.identity("roof-1") == Known("HV1")


def refuse_writing(path: Path) -> None:
    """Make the file refuse new rows, as a full disk would."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            CREATE TRIGGER counters_full BEFORE INSERT ON counters
            BEGIN SELECT RAISE(ABORT, 'full'); END;
            CREATE TRIGGER identities_full BEFORE INSERT ON identities
            BEGIN SELECT RAISE(ABORT, 'full'); END;
            """
        )


def _written(base: Base) -> Base:
    return base._replace(seen_ms=None)
