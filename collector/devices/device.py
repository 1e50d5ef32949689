"""One device: what to ask it in each cycle, and how to make a Reading of the answers.

Refuses to guess: what was not answered in this very poll is not in the Reading as a value.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from collector.devices.device_state import ForgetfulState
from collector.devices.identity import IdentityCheck, Remembers
from collector.devices.modbus import Bus
from collector.devices.planner import Block
from collector.devices.plausibility import Answers, Past, Rating, Screen
from collector.devices.refusals import Gathered, Joining, Refusals
from collector.devices.survey import Line, Reads, lay_out_device, list_stretches
from collector.errors import ConfigurationError, DeviceError, RefusedError
from collector.moments import Moments
from collector.profiles.decode import Decoded, Decoder, Quality, decode_layout
from collector.profiles.layout import Layout, Memory, Placed, remember
from collector.profiles.profile import Profile, load_profile, profile_folders
from collector.profiles.sunspec import HEADER, Model
from collector.reading import Reading
from collector.settings import Installation

REFUSED = "refused"


class DeviceBus(Reads, Protocol):
    """A bus that says when its connection was given up."""

    @property
    def session(self) -> int:
        """Return a number that changes whenever the connection was given up."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device answers."""

    bus: DeviceBus
    unit: int


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands between a device's answers and a reading."""

    identity: IdentityCheck
    screen: Screen


class State(Past, Remembers, Protocol):
    """What is remembered of devices across restarts."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What this session asks for: the polled registers and where they stand."""

    layout: Layout
    decoder: Decoder
    wanted: tuple[Block, ...]
    model: Model | None


class Device:
    """One inverter or meter behind a bus."""

    def __init__(
        self, device: str, profile: Profile, place: Place, moments: Moments, guards: Guards
    ) -> None:
        """Remember who to ask; nothing is asked before `poll`."""
        self._id, self._profile, self._moments, self._guards = device, profile, moments, guards
        self._bus, self._line = place.bus, Line(place.bus, place.unit)
        self._session: int | None = None
        self._plan: _Plan | None = None
        joining = Joining(profile.max_words, profile.max_gap, profile.forbidden)
        self._refusals = Refusals(device, joining, moments.clock.monotonic_s)

    @property
    def id(self) -> str:
        """Name the device."""
        return self._id

    @property
    def profile(self) -> Profile:
        """Return the family it belongs to."""
        return self._profile

    def poll(self) -> Reading:
        """Read the device once; raise DeviceError when it does not answer.

        The reading is taken at the moment before the first request.
        """
        moment = self._moments.now()
        plan = self._meet()
        gathered = self._read(plan.wanted)
        memory = remember(gathered.captured)
        self._check_header(plan, memory)
        decoded = {one.quantity: one for one in plan.decoder.decode(memory)}
        answers = Answers(plan.layout.placed, decoded, memory, moment.taken_at, moment.mono_ms)
        answers.values = {
            one.quantity: one.value for one in decoded.values() if one.value is not None
        }
        if len(answers.values) < len(plan.layout.placed):
            answers.bad = dict(_reasons(plan.layout.placed, answers, gathered.refused))
        for event in self._moments.take_events():
            self._guards.screen.note(event)
        self._guards.screen.check(answers)
        return Reading(
            self._id,
            moment.taken_at,
            answers.values,
            answers.bad,
            boot=moment.boot,
            mono_ms=moment.mono_ms,
            trusted=moment.trusted,
        )

    def close(self) -> None:
        """Close the bus."""
        self._bus.close()

    def _meet(self) -> _Plan:
        """Return the plan of this session; after a reconnect ask first who is there."""
        if self._plan is None or self._session != self._bus.session:
            self._plan = None
            self._refusals.reconsider()
            session = self._bus.session
            layout, model = lay_out_device(self._profile, self._line)
            name = model.serial if model else self._read_identity(layout)
            self._check_session(session)
            if event := self._guards.identity.check(name):
                self._guards.screen.note(event)
                self._refusals.clear()
            polled = tuple(
                one for one in layout.placed if one.register.quantity in self._profile.poll
            )
            wanted = Layout(polled, layout.frames)
            self._plan = _Plan(wanted, Decoder(wanted), list_stretches(wanted), model)
            self._session = session
        return self._plan

    def _read(self, wanted: Sequence[Block]) -> Gathered:
        session = self._bus.session

        def read(block: Block) -> Sequence[int]:
            words = self._line.read(block)
            self._check_session(session)
            return words

        return self._refusals.read_all(wanted, read)

    def _check_session(self, session: int) -> None:
        if self._bus.session != session:
            raise DeviceError(f"device {self._id}: its connection is a new one; asking anew")

    def _read_identity(self, layout: Layout) -> str:
        named = [one for one in layout.placed if one.quantity in self._profile.identity]
        if not named:
            return ""
        try:
            captured = self._read(list_stretches(Layout(tuple(named)))).captured
        except RefusedError:
            return ""
        found = decode_layout(Layout(tuple(named)), remember(captured))
        return " ".join(str(one.value) for one in found if one.value is not None)

    def _check_header(self, plan: _Plan, memory: Memory) -> None:
        if plan.model is None:
            return
        code, start = self._profile.function_codes[0], plan.model.address
        header = [memory.get((code, start + one)) for one in range(HEADER)]
        if header not in ([plan.model.id, plan.model.length], [None, None]):
            self._plan = None
            raise DeviceError(
                f"device {self._id}: model {plan.model.id} is not at {start} any more; "
                "its models are searched again"
            )


def open_devices(
    installation: Installation, moments: Moments, state: State | None = None
) -> list[Device]:
    """Make all devices of an installation, one bus for each gateway; nothing is connected yet.

    Without a state what is known of devices ends with the process.
    """
    state = state or ForgetfulState()
    screens: dict[str, list[Screen]] = {one.id: [] for one in installation.bus}
    folders = profile_folders(installation.collector.profiles)
    buses = {one.id: Bus(one.url, one.timeout_s, one.gap_ms) for one in installation.bus}
    problems: list[str] = []
    devices = []
    for one in installation.device:
        try:
            profile = load_profile(one.profile, folders)
        except ConfigurationError as error:
            problems.append(f"device {one.id}: {error}")
            continue
        if one.serial is not None and not profile.says_who_it_is:
            told = f"{one.profile} tells no serial number; leave it out"
            problems.append(f"device {one.id}: serial is pinned, but {told}")
        zone = ZoneInfo(one.timezone or installation.collector.timezone)
        rating = Rating(zone, one.rated_power_w)
        guards = Guards(
            IdentityCheck(one.id, one.serial, state),
            Screen(one.id, profile, rating, state, screens[one.bus]),
        )
        place = Place(buses[one.bus], one.unit)
        devices.append(Device(one.id, profile, place, moments, guards))
    if problems:
        raise ConfigurationError("minga.toml", problems)
    return devices


def _reasons(
    placed: Iterable[Placed], answers: Answers, refused: Sequence[Block]
) -> Iterator[tuple[str, str]]:
    for one in placed:
        if one.quantity not in answers.values:
            yield one.quantity, _reason(answers.decoded.get(one.quantity), one.words, refused)


def _reason(one: Decoded | None, words: Sequence[int], refused: Sequence[Block]) -> str:
    if any(block.address <= word < block.end for block in refused for word in words):
        return REFUSED
    return str(one.quality if one is not None else Quality.UNREAD)
