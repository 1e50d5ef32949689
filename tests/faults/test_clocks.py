"""F21: boxes that boot in 1970 or in the past, and clocks that are set while they run.

The virtual clock's file says how wrong a clock is; its monotonic time is the true one, so that
every stamp can be held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from collector.clock import VirtualClock, Wrong
from collector.devices.plausibility import EVENT
from collector.reading import Reading, milliseconds
from tests.faults.conftest import Report
from tests.faults.pipeline import Pipeline, either
from tests.faults.processes import wait_until

pytestmark = pytest.mark.faults

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR_S, DAY_S = 3_600.0, 86_400.0
IN_1970_S = -NOON.timestamp()


@dataclass
class Box:
    """A pipeline whose clock can be wrong."""

    line: Pipeline
    clock: Path

    def set(self, offset_s: float = 0.0, *, trusted: bool = True, boot: str = "boot-1") -> None:
        """Let the wall clock be wrong from now on; the true time goes on."""
        now = VirtualClock(self.clock).monotonic_s() if self.clock.exists() else NOON.timestamp()
        wrong = Wrong(offset_s, trusted=trusted, boot=boot)
        VirtualClock.set(self.clock, datetime.fromtimestamp(now, UTC), 1.0, wrong=wrong)

    def stored(self) -> list[Reading]:
        """Stop measuring, wait for everything, and return it in the order of acceptance."""
        self.line.settle_down()
        return self.line.stored()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    clock = tmp_path / "clock.json"
    made = Box(Pipeline(tmp_path, units=2, clock=clock), clock)
    yield made
    made.line.end()


def off_by_s(reading: Reading) -> float:
    """Return how far a stamp is from the truth."""
    return abs(milliseconds(reading.taken_at) - reading.mono_ms) / 1_000


def steps_in(reading: Reading) -> list[float]:
    """Return the steps of the clock that a reading tells of, in seconds."""
    events = str(reading.quantities.get(EVENT, "")).split("; ")
    return [float(one.split()[2]) for one in events if one.startswith("clock step")]


@pytest.mark.parametrize("offset_s", [IN_1970_S, -3 * DAY_S, 20 * 365 * DAY_S])
def test_f21_a_box_with_an_unset_clock_measures_and_sends_nothing_until_it_is_set(
    box: Box, report: Report, offset_s: float
) -> None:
    box.set(offset_s, trusted=False)
    box.line.start("mosquitto", "ingest", "collect")
    box.line.wait_accepted(either(20, 200), 120)
    held = box.line.waiting()

    box.set()
    recovery_s = box.line.wait_stored()
    box.line.wait_accepted(4)
    readings = box.stored()

    row = box.line.tell(report, f"F21 boots {offset_s / DAY_S:+,.0f} d", 1, recovery_s)
    assert row.is_whole
    assert held >= 20
    assert max(off_by_s(one) for one in readings) < 1
    assert all(one.trusted for one in readings)


def test_f21_readings_of_an_earlier_boot_stay_untrusted_and_nothing_waits_for_ever(
    box: Box, report: Report
) -> None:
    box.set(-DAY_S, trusted=False, boot="boot-1")
    box.line.start("mosquitto", "ingest", "collect")
    box.line.wait_accepted(20)
    box.line.programs["collect"].kill()
    box.set(-DAY_S, trusted=False, boot="boot-2")
    box.line.start("collect")
    box.line.wait_accepted(20)

    box.set(boot="boot-2")
    recovery_s = box.line.wait_stored()
    readings = box.stored()

    assert box.line.tell(report, "F21 two boots before it is set", 2, recovery_s).is_whole
    assert {one.trusted for one in readings if one.boot == "boot-1"} == {False}
    second = [one for one in readings if one.boot == "boot-2"]
    assert all(one.trusted for one in second)
    assert max(off_by_s(one) for one in second) < 1


@pytest.mark.parametrize("step_s", [3 * HOUR_S, -3 * HOUR_S, 20 * 365 * DAY_S])
def test_f21_a_clock_that_is_set_while_it_runs_is_noted_and_disturbs_nobody(
    box: Box, report: Report, step_s: float
) -> None:
    box.set()
    box.line.start("mosquitto", "ingest", "collect")
    box.line.wait_accepted(6)
    box.line.wait_stored()

    box.set(step_s)
    stepped_s = box.line.wait_accepted(either(10, 100), 120)
    box.set()
    box.line.wait_accepted(6)
    recovery_s = box.line.wait_stored()
    readings = box.stored()

    row = box.line.tell(report, f"F21 step {step_s / HOUR_S:+,.0f} h and back", 2, recovery_s)
    assert row.is_whole
    assert stepped_s < 60
    assert set(box.line.quarantined().values()) <= {"taken_at: in the future"}
    assert [step for one in readings for step in steps_in(one)] == [
        pytest.approx(step_s, abs=0.1),
        pytest.approx(-step_s, abs=0.1),
    ]
    assert box.line.said("collect").count("is connected") <= 2


def test_f21_the_truth_is_waited_for_after_a_power_cut_at_night(box: Box, report: Report) -> None:
    box.set()
    box.line.start("mosquitto", "ingest", "collect")
    box.line.wait_accepted(6)
    box.line.wait_stored()
    box.line.programs["collect"].kill()

    past = VirtualClock(box.clock).monotonic_s() + 8 * HOUR_S
    VirtualClock.set(
        box.clock,
        datetime.fromtimestamp(past, UTC),
        1.0,
        wrong=Wrong(-8 * HOUR_S, trusted=False, boot="boot-2"),
    )
    box.line.start("collect")
    box.line.wait_accepted(10)
    box.set(boot="boot-2")
    recovery_s = box.line.wait_stored()
    readings = box.stored()

    assert box.line.tell(report, "F21 power cut, 8 h, no battery", 1, recovery_s).is_whole
    assert max(off_by_s(one) for one in readings) < 1
    gaps = [b.taken_at - a.taken_at for a, b in pairwise(readings)]
    assert sum(gap > timedelta(hours=7) for gap in gaps) == 1


def test_the_store_is_not_told_of_a_time_that_is_not_known(box: Box) -> None:
    box.set(IN_1970_S, trusted=False)
    box.line.start("mosquitto", "ingest", "collect")
    box.line.wait_accepted(10)

    wait_until(lambda: "the clock is not set yet" in box.line.said("collect"), "it is said")

    assert box.line.waiting() == box.line.accepted()
