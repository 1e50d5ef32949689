"""One bus in its cycles: order, budget, rest."""

from dataclasses import dataclass, field

import pytest

from collector.devices.rounds import Round
from collector.errors import DeviceError, StrangerError
from collector.reading import Reading
from tests.collector.fakes import FakeClock, make_reading


@dataclass
class Bus:
    """A bus on which time passes only while devices are asked."""

    at_s: float = 0.0
    asked: list[str] = field(default_factory=list)

    def monotonic_s(self) -> float:
        return self.at_s

    def round(self, budget_s: float, *devices: "Timed") -> Round:
        return Round(
            "one", devices, budget_s, FakeClock(), lambda *_: None, monotonic_s=self.monotonic_s
        )

    def cycle(self, one: Round) -> list[str]:
        """Run a cycle; return who was asked."""
        self.asked.clear()
        one.read_all()
        return list(self.asked)


@dataclass
class Timed:
    """A device that takes its time; a dead one takes the whole timeout."""

    bus: Bus
    id: str
    takes_s: float = 0.1
    is_dead: bool = False
    fault: Exception | None = None

    def poll(self) -> Reading:
        self.bus.asked.append(self.id)
        self.bus.at_s += self.takes_s
        if self.fault:
            raise self.fault
        if self.is_dead:
            raise DeviceError(f"{self.id} does not answer")
        return make_reading(self.id)


def dead(bus: Bus, name: str) -> Timed:
    """Make a device that times out."""
    return Timed(bus, name, 2.0, is_dead=True)


def test_a_dead_first_device_leaves_all_others_their_turn_in_the_same_cycle() -> None:
    bus = Bus()
    one = bus.round(3, dead(bus, "a"), *(Timed(bus, name) for name in "bcdef"))

    cycles = [bus.cycle(one) for _ in range(5)]

    assert cycles == [
        ["a", "b", "c", "d", "e", "f", "a"],
        ["b", "c", "d", "e", "f", "a"],
        ["b", "c", "d", "e", "f"],
        ["b", "c", "d", "e", "f", "a"],
        ["b", "c", "d", "e", "f"],
    ]


def test_who_was_not_reached_comes_first_in_the_next_cycle() -> None:
    bus = Bus()
    one = bus.round(2, *(Timed(bus, name, 0.9) for name in "abcde"))

    cycles = [bus.cycle(one) for _ in range(5)]

    assert cycles == [
        ["a", "b", "c"],
        ["d", "e", "a"],
        ["b", "c", "d"],
        ["e", "a", "b"],
        ["c", "d", "e"],
    ]


@pytest.mark.parametrize("budget_s", [0.001, 1.0, 3.0, 5.0])
def test_nobody_starves_beside_dead_devices(budget_s: float) -> None:
    bus = Bus()
    names = [dead(bus, "a"), dead(bus, "b"), Timed(bus, "c"), dead(bus, "d"), Timed(bus, "e")]
    one = bus.round(budget_s, *names)

    asked = [name for _ in range(100) for name in bus.cycle(one)]

    assert min(asked.count(name) for name in "ce") >= 25
    assert min(asked.count(name) for name in "abd") >= 4


def test_a_fault_of_ours_at_one_device_costs_the_others_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus = Bus()
    faulty = Timed(bus, "b", fault=ZeroDivisionError("of nothing"))
    one = bus.round(3, Timed(bus, "a"), faulty, Timed(bus, "c"))

    readings = [reading.device for reading in one.read_all()]

    assert readings == ["a", "c"]
    assert "ZeroDivisionError: of nothing" in caplog.text
    assert "device b does not answer" in caplog.text


def test_a_second_chance_is_taken_only_within_the_budget() -> None:
    bus = Bus()
    one = bus.round(3, dead(bus, "a"), dead(bus, "b"), Timed(bus, "c"))

    assert bus.cycle(one) == ["a", "b"]
    assert bus.cycle(one)[0] == "c"


def test_a_budget_that_is_too_small_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus()
    one = bus.round(0.5, *(Timed(bus, name, 0.3) for name in "abcdef"))

    bus.cycle(one)
    bus.cycle(one)

    assert caplog.text.count("bus one: 4 devices are not reached within 0.5 s") == 1


def test_a_stranger_behind_a_silence_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus()
    device = dead(bus, "a")
    one = bus.round(10, device)
    for _ in range(4):
        bus.cycle(one)

    device.fault = StrangerError("serial number K002 answers for a")
    for _ in range(30):
        bus.cycle(one)

    assert [record.message for record in caplog.records] == [
        "device a does not answer: a does not answer",
        "serial number K002 answers for a",
    ]
