"""Moments carry both clocks, and steps of the wall clock are told once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from collector.clock import SystemClock, VirtualClock, Wrong
from collector.clock_trust import NEVER_BEFORE, MachineTrust, choose_trust
from collector.moments import Moments, boot_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class SteppingClock:
    """A wall clock that is set while the monotonic one goes on."""

    wall: datetime = NOON
    mono_s: float = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic_s(self) -> float:
        return self.mono_s

    def wait_until(self, stop: Event, at_s: float) -> bool:
        self.mono_s = at_s
        return stop.is_set()

    def go(self, seconds: float, step_s: float = 0.0) -> None:
        """Let time pass, and set the wall clock."""
        self.mono_s += seconds
        self.wall += timedelta(seconds=seconds + step_s)


@pytest.mark.parametrize("step_s", [10_800.0, -10_800.0, 631_152_000.0, 2.5])
def test_a_step_is_told_once(step_s: float) -> None:
    clock = SteppingClock()
    moments = Moments(clock, "boot-1")
    moments.now()

    clock.go(10, step_s)
    moments.now()
    clock.go(10)
    moments.now()

    assert moments.take_events() == [f"clock step {step_s:+.3f} s"]
    assert moments.take_events() == []


def test_a_clock_that_is_slowed_or_drifts_has_no_step() -> None:
    clock = SteppingClock()
    moments = Moments(clock, "boot-1")

    for _ in range(10):
        moments.now()
        clock.go(10, 0.5)

    assert moments.take_events() == []


def test_the_file_of_the_virtual_clock_says_how_wrong_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    VirtualClock.set(path, NOON, 0, wrong=Wrong(-3_600, trusted=False, boot="b-7"))

    clock = VirtualClock(path)

    assert clock.now() == NOON - timedelta(hours=1)
    assert clock.monotonic_s() == NOON.timestamp()
    assert not choose_trust(clock, "auto").is_trusted()
    assert boot_of(clock) == "b-7"


def test_a_file_without_the_new_names_is_right(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    path.write_text(
        '{"start": "2026-03-01T12:00:00+00:00", "anchor_s": 0, "speed": 0, "step_s": 0}'
    )

    clock = VirtualClock(path)

    assert (clock.is_trusted(), clock.boot, clock.now()) == (True, "", NOON)


def test_a_person_may_vouch_for_the_clock() -> None:
    assert choose_trust(SystemClock(), "trusted", NOON + timedelta(days=36_500)).is_trusted()


@pytest.mark.parametrize("floor", [NEVER_BEFORE, NOON])
def test_a_clock_before_what_is_known_to_be_past_is_wrong(floor: datetime) -> None:
    assert not MachineTrust(lambda: datetime(2025, 12, 31, tzinfo=UTC), floor).is_trusted()


def test_where_no_time_service_runs_the_clock_is_the_machines_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("collector.clock_trust.PROCESSES", tmp_path)

    assert MachineTrust(lambda: NOON).is_trusted()


def test_a_time_service_that_has_not_set_the_clock_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "42").mkdir()
    (tmp_path / "42" / "comm").write_text("chronyd\n")
    monkeypatch.setattr("collector.clock_trust.PROCESSES", tmp_path)
    monkeypatch.setattr("collector.clock_trust.BATTERY_CLOCK", tmp_path / "none")
    monkeypatch.setattr("collector.clock_trust.SYNCHRONISED", tmp_path / "synchronized")
    monkeypatch.setattr("collector.clock_trust._kernel_is_synchronised", lambda: False)

    assert not MachineTrust(lambda: NOON).is_trusted()
    (tmp_path / "synchronized").touch()
    assert MachineTrust(lambda: NOON).is_trusted()
