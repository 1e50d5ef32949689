"""The poll loop: one commit a cycle, slow and dead devices do not hold up the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

import pytest

from collector.devices.poller import Listeners, Poller
from collector.devices.rounds import BusDevices
from collector.errors import DeviceError, StateError
from collector.reading import Reading
from tests.collector.fakes import FakeClock, make_reading


@dataclass
class FakeDevice:
    """A device that answers, or does not."""

    id: str
    is_silent: bool = False
    polls: int = 0

    def poll(self) -> Reading:
        self.polls += 1
        if self.is_silent:
            raise DeviceError(f"device {self.id} does not answer")
        return make_reading(self.id, self.polls)


@dataclass
class FakeOutbox:
    """An outbox that can be full."""

    is_full: bool = False
    commits: list[list[str]] = field(default_factory=list)

    def accept(self, readings: Sequence[Reading]) -> range:
        if self.is_full:
            raise StateError("the disk is full; free some")
        self.commits.append(sorted(reading.device for reading in readings))
        return range(1, len(readings) + 1)


@dataclass
class Scene:
    """A poller with its surroundings."""

    devices: dict[str, FakeDevice]
    outbox: FakeOutbox
    poller: Poller
    committed: list[range]
    states: list[tuple[str, bool]]


@pytest.fixture
def scene() -> Scene:
    devices = {name: FakeDevice(name) for name in ("a", "b", "c")}
    outbox, committed, states = FakeOutbox(), [], []
    poller = Poller(
        {
            "one": BusDevices([devices["a"], devices["b"]], 10),
            "two": BusDevices([devices["c"]], 10),
        },
        outbox,
        FakeClock(),
        10,
        Listeners(committed.append, lambda *state: states.append(state)),
    )
    return Scene(devices, outbox, poller, committed, states)


def test_a_cycle_asks_every_device_once_and_commits_once(scene: Scene) -> None:
    assert scene.poller.cycle() == 3
    assert scene.outbox.commits == [["a", "b", "c"]]
    assert scene.committed == [range(1, 4)]


def test_a_silent_device_leaves_the_others_alone(scene: Scene) -> None:
    scene.devices["a"].is_silent = True

    assert scene.poller.cycle() == 2


def test_one_lost_answer_is_asked_for_once_more_in_the_same_cycle(scene: Scene) -> None:
    class Stumbling(FakeDevice):
        def poll(self) -> Reading:
            self.is_silent = self.polls == 0
            return super().poll()

    scene.poller._rounds["one"].devices = [Stumbling("a")]

    assert scene.poller.cycle() == 2


def test_a_device_that_stays_silent_is_asked_more_rarely_and_never_given_up(scene: Scene) -> None:
    scene.devices["a"].is_silent = True
    for _ in range(100):
        scene.poller.cycle()

    assert 5 < scene.devices["a"].polls < 20


def test_a_device_that_comes_back_is_said_once_down_and_once_up(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    scene.devices["a"].is_silent = True
    scene.poller.cycle()
    scene.poller.cycle()
    scene.devices["a"].is_silent = False
    for _ in range(5):
        scene.poller.cycle()

    assert caplog.text.count("device a does not answer:") == 1
    assert caplog.text.count("device a answers again") == 1
    assert [state for state in scene.states if state[0] == "a"] == [("a", False), ("a", True)]


def test_samples_that_a_full_disk_refuses_are_counted_and_the_polling_goes_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.outbox.is_full = True
    scene.poller.cycle()
    scene.poller.cycle()
    assert scene.poller.refused == 6

    scene.outbox.is_full = False

    assert scene.poller.cycle() == 3
    assert "6 samples were refused meanwhile" in caplog.text


def test_cycles_begin_at_multiples_of_the_interval_so_that_they_meet_the_slots() -> None:
    clock, stop = FakeClock(), Event()
    clock.at = clock.at.replace(second=3)
    seen = []

    class Watching(FakeDevice):
        def poll(self) -> Reading:
            seen.append(clock.now().second)
            if len(seen) == 3:
                stop.set()
            return super().poll()

    Poller(
        {"one": BusDevices([Watching("a")], 10)},
        FakeOutbox(),
        clock,
        10,
        Listeners(lambda _: None, lambda *_: None),
    ).run(stop)

    assert seen == [3, 10, 20]


def test_a_border_that_comes_while_a_cycle_runs_is_polled_at_once() -> None:
    clock, stop, seen = FakeClock(), Event(), []

    class Slow(FakeDevice):
        def poll(self) -> Reading:
            seen.append(clock.now().second)
            clock.at += timedelta(seconds=10)
            if len(seen) == 2:
                stop.set()
            return super().poll()

    Poller(
        {"one": BusDevices([Slow("a")], 10)},
        FakeOutbox(),
        clock,
        10,
        Listeners(lambda _: None, lambda *_: None),
    ).run(stop)

    assert seen == [0, 10]


def test_a_slow_bus_is_committed_when_it_is_done_and_not_a_cycle_later() -> None:
    clock, stop, outbox = FakeClock(), Event(), FakeOutbox()
    others_are_in = Event()

    class Slow(FakeDevice):
        def poll(self) -> Reading:
            others_are_in.wait(20)
            return super().poll()

    def committed(numbers: range) -> None:
        others_are_in.set()
        if outbox.commits[-1:] == [["slow"]]:
            stop.set()
        del numbers

    Poller(
        {"one": BusDevices([Slow("slow")], 10), "two": BusDevices([FakeDevice("quick")], 10)},
        outbox,
        clock,
        10,
        Listeners(committed, lambda *_: None),
    ).run(stop)

    assert outbox.commits == [["quick"], ["slow"]]
    assert clock.monotonic_s() < 10 + 10
