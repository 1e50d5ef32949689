"""Asks the rooms what stewards keep an eye on; a room that is away is a state of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.errors import CollectorError
from collector.intake.journal_reader import KindCount
from coop.watch.book import Watch
from dashboard.outage import Outage
from dashboard.sources import Sources
from dashboard.steward.front.health import DeviceHealth, Freshness, read_health
from dashboard.steward.front.tasks import Seen, Task, find_tasks


class FrontState(StrEnum):
    """How much the front page knows."""

    EMPTY = "empty"
    """No device is registered or configured."""
    STALE = "stale"
    """The books are behind."""
    AWAY = "away"
    """Readings or quarantine cannot be asked."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page of stewards says."""

    seen: Seen
    tasks: tuple[Task, ...]
    state: FrontState

    @property
    def roofs(self) -> tuple[DeviceHealth, ...]:
        """Return the devices of roofs."""
        return tuple(one for one in self.seen.devices if one.is_roof)

    @property
    def meters(self) -> tuple[DeviceHealth, ...]:
        """Return all other devices."""
        return tuple(one for one in self.seen.devices if not one.is_roof)


class FrontReader:
    """Reads what the pages show."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._outage = Outage("the quarantine", sources.clock)
        self._readings_outage = Outage("the store of readings", sources.clock)

    def front(self) -> Front:
        """Return what needs doing, and how each device reports."""
        now, held = self.now(), self._sources.watch
        watch = held.books.watch(now)
        devices = self._devices(watch, now)
        seen = Seen(now, self._sources.settings.slot_s, watch, devices, self._refused())
        return Front(seen, find_tasks(seen), _state(seen))

    def now(self) -> datetime:
        """Return the local time."""
        return self._sources.now()

    def _devices(self, watch: Watch, now: datetime) -> tuple[DeviceHealth, ...]:
        configured = self._sources.watch.devices
        names = sorted({*configured, *(one.device for one in watch.meters)})
        readings = self._sources.last_readings
        last = self._readings_outage.ask(lambda: readings.last(names), CollectorError)
        stale_after_s = self._sources.settings.stale_after_s
        return read_health(watch.meters, configured, last, now, stale_after_s)

    def _refused(self) -> Sequence[KindCount] | None:
        intake = self._sources.watch.intake
        return self._outage.ask(lambda: intake.kinds() if intake.is_there() else (), CollectorError)


def _state(seen: Seen) -> FrontState:
    if not seen.devices:
        return FrontState.EMPTY
    is_away = any(one.freshness is Freshness.AWAY for one in seen.devices)
    if is_away or seen.refused is None:
        return FrontState.AWAY
    return FrontState.STALE if seen.is_late else FrontState.FULL
