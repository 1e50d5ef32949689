"""The clock: one file that several processes read, still or running, in steps or not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from collector.clock import ENVIRONMENT, Pace, SystemClock, VirtualClock, clock_from_environment
from collector.errors import ConfigurationError

START = datetime(2017, 5, 1, 8, tzinfo=UTC)


def test_a_clock_without_speed_stands_still(tmp_path: Path) -> None:
    VirtualClock.set(tmp_path / "clock", START, speed=0)

    assert VirtualClock(tmp_path / "clock").now() == START


def test_two_readers_of_one_file_see_it_put_forward(tmp_path: Path) -> None:
    VirtualClock.set(tmp_path / "clock", START, speed=0)
    one, other = VirtualClock(tmp_path / "clock"), VirtualClock(tmp_path / "clock")
    VirtualClock.set(tmp_path / "clock", START + timedelta(hours=1), speed=0)

    assert one.now() == other.now() == START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("machine_s", "speed", "step_s", "passed_s"),
    [(100, 600, 0, 0), (101.5, 600, 0, 900), (101.4, 600, 900, 0), (101.6, 600, 900, 900)],
)
def test_virtual_time_runs_from_its_anchor_in_whole_steps(
    machine_s: float, speed: float, step_s: float, passed_s: float
) -> None:
    pace = Pace(START, anchor_s=100, speed=speed, step_s=step_s)

    assert pace.at(machine_s) == START + timedelta(seconds=passed_s)


def test_waiting_on_a_clock_at_rest_ends_when_it_is_put_forward(tmp_path: Path) -> None:
    VirtualClock.set(tmp_path / "clock", START, speed=10_000)

    assert VirtualClock(tmp_path / "clock").wait_until(Event(), START.timestamp() + 60) is False


def test_waiting_ends_at_once_when_told_to_stop(tmp_path: Path) -> None:
    VirtualClock.set(tmp_path / "clock", START, speed=0)
    stop = Event()
    stop.set()

    assert VirtualClock(tmp_path / "clock").wait_until(stop, START.timestamp() + 60) is True


def test_durations_do_not_run_backwards_when_the_clock_is_set_back(tmp_path: Path) -> None:
    VirtualClock.set(tmp_path / "clock", START, speed=0)
    clock = VirtualClock(tmp_path / "clock")
    before_s = clock.monotonic_s()
    VirtualClock.set(tmp_path / "clock", START - timedelta(hours=3), speed=0)

    assert clock.now() == START - timedelta(hours=3)
    assert clock.monotonic_s() == before_s


def test_without_a_file_the_machines_clock_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)

    assert isinstance(clock_from_environment(), SystemClock)


def test_a_clock_file_that_is_not_there_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "absent"))

    with pytest.raises(ConfigurationError, match="is no clock file"):
        clock_from_environment()
