"""Plays a sequence file against a real Device, and asks sharing what energy came of it."""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from collector.devices.device import Device, Guards, Place, State
from collector.devices.device_state import ForgetfulState
from collector.devices.identity import IdentityCheck
from collector.devices.plausibility import Rating, Screen
from collector.moments import Moments
from collector.profiles.profile import Profile, load_profile
from collector.reading import Reading, Value, milliseconds
from collector.simulator.registers import RegisterImage
from coop.metering.intervals import Limits, Metered, Span, meter_slots
from tests.collector.devices.fake_bus import FakeBus
from tests.collector.fakes import FakeClock
from tests.coop.fakes import edges_of

FOLDER = Path(__file__).with_name("sequences")
FILES = sorted(FOLDER.glob("*.json"))
SLOT_S = 900


@dataclass
class Rig:
    """One device on a fake bus; `tell` says what its registers hold at the next poll."""

    profile: Profile
    rated_power_w: int | None = None
    zone: str = "America/Lima"
    state: State = field(default_factory=ForgetfulState)
    clock: FakeClock = field(default_factory=FakeClock)
    id: str = "roof-1"
    serial: str | None = None
    screens: list[Screen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = RegisterImage(self.profile)
        self.bus = FakeBus({})
        self.start()

    def start(self) -> None:
        """Make the device as a new process would."""
        self.screens[:] = [one for one in self.screens if one.device != self.id]
        rating = Rating(ZoneInfo(self.zone), self.rated_power_w)
        screen = Screen(self.id, self.profile, rating, self.state, self.screens)
        guards = Guards(IdentityCheck(self.id, self.serial, self.state), screen)
        stamp = Moments(self.clock, "boot-1")
        self.device = Device(self.id, self.profile, Place(self.bus, 1), stamp, guards)

    def poll(self, at: datetime, values: Mapping[str, Value]) -> Reading:
        self.clock.at = at
        self.bus.image = self.image.encode(values)
        return self.device.poll()


@dataclass(frozen=True)
class Story:
    """One file: what the registers said, and what must come of it."""

    quantity: str
    rig: Mapping[str, Any]
    start: datetime
    steps: Sequence[Mapping[str, Any]]
    slots: int
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What was published of one quantity."""

    quantity: str
    start: datetime
    readings: Sequence[Reading]

    @property
    def published(self) -> list[str | None]:
        found = [one.quantities.get(self.quantity) for one in self.readings]
        return [None if one is None else format(Decimal(one), "f") for one in found]

    @property
    def reasons(self) -> list[str]:
        return [one.bad[self.quantity] for one in self.readings if self.quantity in one.bad]

    @property
    def events(self) -> list[str]:
        return [str(one.quantities["event"]) for one in self.readings if "event" in one.quantities]

    def energy(self, slots: int) -> Metered:
        return energy_of(self.quantity, self.readings, Span(_seconds(self.start), SLOT_S, slots))


def read_sequence(path: Path) -> Story:
    """Read a file; numbers with a point stay exact."""
    found = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return Story(
        found["quantity"],
        found["rig"],
        datetime.fromisoformat(found["start"]),
        found["steps"],
        found["slots"],
        found["expect"],
    )


def play(sequence: Story, state: State) -> Outcome:
    """Poll the device once for each step."""
    told = dict(sequence.rig)
    profile = _profile(told.pop("profile"))
    rig = Rig(profile, state=state, **told)
    other = Rig(profile, state=state, clock=rig.clock, id="roof-2", screens=rig.screens)
    readings = list(_poll_all(sequence, rig, other))
    return Outcome(sequence.quantity, sequence.start, readings)


def energy_of(quantity: str, readings: Sequence[Reading], span: Span) -> Metered:
    """Return what sharing makes of what was published."""
    samples = [
        (milliseconds(one.taken_at), math.floor(one.quantities[quantity]))  # type: ignore[arg-type]  # counters are numbers
        for one in readings
        if quantity in one.quantities
    ]
    return meter_slots(edges_of(samples), span, Limits())


def _poll_all(sequence: Story, rig: Rig, other: Rig) -> Iterator[Reading]:
    for step in sequence.steps:
        at = sequence.start + timedelta(minutes=float(step["minute"]))
        if step.get("restart"):
            rig.start()
        if "neighbour" in step:
            other.poll(at, {sequence.quantity: step["neighbour"]})
        value = step["value"]
        yield rig.poll(at, {} if value is None else {sequence.quantity: value})


def _profile(name: str) -> Profile:
    own = FOLDER / f"{name}.toml"
    if not own.exists():
        return load_profile(name)
    return Profile.model_validate({"name": name} | tomllib.loads(own.read_text(encoding="utf-8")))


def _seconds(moment: datetime) -> int:
    return milliseconds(moment) // 1000
