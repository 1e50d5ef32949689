"""How each device is, from its newest reading alone. Pure.

A silence is never taken for zero. An inverter that was about to sleep when it was heard last rests;
any other that is not heard is silent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.reading import Reading
from collector.stores.protocol import LastReading
from coop.books import Source
from coop.members.community import Counts
from coop.watch.watched import Watched
from dashboard.public.live import power_of

LATE = timedelta(hours=1)
"""A device that was heard within this time is late, not silent yet."""
NIGHT = timedelta(hours=16)
"""No inverter rests longer than this."""
RESTING_W = 50
"""An inverter that made no more than this when heard last was about to sleep."""


class Freshness(StrEnum):
    """How a device reports; the worst first."""

    NEVER = "never"
    SILENT = "silent"
    CLOCK = "clock"
    """Its newest reading lies in the future, or was taken by a clock that nobody had set."""
    LATE = "late"
    RESTING = "resting"
    FRESH = "fresh"
    AWAY = "away"
    """The store of readings cannot be asked."""


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """One device, whom it counts for, and how it reports."""

    device: str
    meters: tuple[Watched, ...]
    freshness: Freshness
    taken_at: datetime | None = None
    age: timedelta | None = None
    collector: str | None = None
    status: str | None = None
    """What the device says of itself."""
    withheld: tuple[tuple[str, str], ...] = ()
    """Counters in doubt: the quantity, and why its value is not believed."""

    @property
    def owners(self) -> str:
        """Name whom it counts for."""
        return ", ".join(dict.fromkeys(one.owner for one in self.meters))

    @property
    def name(self) -> str:
        """Name it as people know it: by whom it counts for, else by itself."""
        return self.owners or self.device

    @property
    def is_reporting(self) -> bool:
        """Say whether all is well with it."""
        return self.freshness in {Freshness.FRESH, Freshness.RESTING}

    @property
    def is_roof(self) -> bool:
        """Say whether it counts for a roof."""
        return any(one.is_roof for one in self.meters)


def read_health(
    meters: Sequence[Watched],
    devices: Sequence[str],
    last: Mapping[str, LastReading] | None,
    now: datetime,
    stale_after_s: int,
) -> tuple[DeviceHealth, ...]:
    """Return every device that counts or is configured, the worst first; `last` None is away."""
    by_device: dict[str, list[Watched]] = {device: [] for device in devices}
    for meter in meters:
        by_device.setdefault(meter.device, []).append(meter)
    look = _Look(last, now, timedelta(seconds=stale_after_s))
    found = [look.at(device, tuple(held)) for device, held in by_device.items()]
    return tuple(sorted(found, key=_rank))


@dataclass(frozen=True, slots=True)
class _Look:
    last: Mapping[str, LastReading] | None
    now: datetime
    patience: timedelta

    def at(self, device: str, meters: tuple[Watched, ...]) -> DeviceHealth:
        if self.last is None:
            return DeviceHealth(device, meters, Freshness.AWAY)
        found = self.last.get(device)
        if found is None:
            return DeviceHealth(device, meters, Freshness.NEVER)
        reading = found.reading
        return DeviceHealth(
            device,
            meters,
            self._freshness(meters, reading),
            reading.taken_at,
            self.now - reading.taken_at,
            found.identity.collector,
            _told(reading.quantities.get("status")),
            tuple(
                (one.quantity, reading.bad[one.quantity])
                for one in meters
                if one.quantity in reading.bad
            ),
        )

    def _freshness(self, meters: Sequence[Watched], reading: Reading) -> Freshness:
        age = self.now - reading.taken_at
        if not reading.trusted or age < -self.patience:
            return Freshness.CLOCK
        if age <= self.patience:
            return Freshness.FRESH
        if age <= NIGHT and _may_sleep(meters, reading):
            return Freshness.RESTING
        return Freshness.LATE if age <= max(LATE, self.patience) else Freshness.SILENT


def _may_sleep(meters: Sequence[Watched], reading: Reading) -> bool:
    made = [one for one in meters if one.counts is Counts.PRODUCTION]
    powers = [power_of(Source(one.device, one.quantity, None), reading) for one in made]
    return bool(made) and all(power_w is not None and power_w <= RESTING_W for power_w in powers)


def _told(status: object) -> str | None:
    return None if status is None else str(status)


def _rank(one: DeviceHealth) -> tuple[int, bool, bool, str, str]:
    order = list(Freshness).index(one.freshness)
    return (order, not one.withheld, not one.is_roof, one.owners, one.device)
