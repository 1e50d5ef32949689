"""Stand-ins for what the collector meets: a clock, a link, a store, readings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

from collector.errors import UnreachableError
from collector.reading import AcceptedReading, Identity, Reading, dump_content
from collector.stores import EdgeRow, LastReading, SlotChanges, WriteResult

NOON = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


def make_reading(device: str = "roof-1", second: int = 0, energy_wh: int = 1000) -> Reading:
    """Make a reading taken some seconds after noon."""
    return Reading(
        device=device,
        taken_at=NOON + timedelta(seconds=second),
        quantities={"energy_total": energy_wh, "ac_power": 1835},
        bad={},
        boot="boot-1",
        mono_ms=1_000 * second,
    )


class FakeClock:
    """A clock that moves when it is waited on."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return (self.at - NOON).total_seconds()

    def wait_until(self, stop: Event, at_s: float) -> bool:
        self.at += timedelta(seconds=max(at_s - self.monotonic_s(), 0))
        return stop.is_set()


@dataclass
class FakeLink:
    """A connection that remembers what was handed to it."""

    is_connected: bool = True
    unconfirmed: int = 0
    sent: list[tuple[str, str, bool]] = field(default_factory=list)

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> bool:
        if self.is_connected:
            self.sent.append((topic, payload, retain))
        return self.is_connected

    def topics(self) -> list[str]:
        return [topic for topic, _, _ in self.sent]

    def payloads(self, kind: str) -> list[str]:
        return [payload for topic, payload, _ in self.sent if topic.endswith(kind)]


@dataclass
class FakeStore:
    """A store in memory that can be away."""

    held: dict[Identity, Reading] = field(default_factory=dict)
    is_away: bool = False
    before_write: Callable[[], None] = lambda: None

    def write(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        if self.is_away:
            raise UnreachableError("store at nowhere does not answer; start it")
        self.before_write()
        new, conflicts = 0, []
        for one in readings:
            there = self.held.setdefault(one.identity, one.reading)
            new += there is one.reading
            if dump_content(there) != dump_content(one.reading):
                conflicts.append(one)
        return WriteResult(new, len(readings) - new - len(conflicts), tuple(conflicts))

    def stored_seqs(self, collector: str, epoch: str, above: int) -> Iterator[int]:
        mine = (one for one in self.held if (one.collector, one.epoch) == (collector, epoch))
        yield from sorted(one.seq for one in mine if one.seq > above)

    def readings(self, device: str, start: datetime, end: datetime) -> Iterator[AcceptedReading]:
        for identity, reading in self.held.items():
            if identity.device == device and start <= reading.taken_at < end:
                yield AcceptedReading(identity, reading)

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        return {
            identity.device: LastReading(identity, reading)
            for identity, reading in self.held.items()
            if identity.device in devices
        }

    def edges(
        self,
        counters: Sequence[tuple[str, str]],  # noqa: ARG002  a fake has no counters
        start: datetime,  # noqa: ARG002  a fake has no counters
        end: datetime,  # noqa: ARG002  a fake has no counters
    ) -> Mapping[tuple[str, str], Sequence[EdgeRow]]:
        return {}

    def changed_slots(self, after_version: int, limit: int = 10_000) -> SlotChanges:  # noqa: ARG002  a fake has no slots
        return SlotChanges((), after_version)

    def close(self) -> None:
        pass
