"""Simulated devices: what each one would say at any moment, past or present.

Every value is a function of the device and the moment alone, so that history and live agree and a
restart goes on with the same counters. Knows no registers and no sockets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zlib import crc32
from zoneinfo import ZoneInfo

from collector.reading import Value
from collector.simulator.curve import EnergyCurve
from collector.simulator.families import Family, Sample


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One meter or inverter on a bus, and the energy that flows through it."""

    id: str
    profile: str
    bus: str
    unit: int
    family: Family
    curve: EnergyCurve
    timezone: ZoneInfo
    base_wh: int = 0

    @property
    def counter(self) -> str:
        """Return the quantity that counts the energy."""
        return self.family.counter

    def counter_wh(self, at: datetime) -> int:
        """Return the exact counter in whole Wh, finer than a device may show it."""
        return self.base_wh + self.curve.counter_wh(at)

    def quantities(self, at: datetime) -> Mapping[str, Value]:
        """Return all that the device says at a moment, as a poll would decode it."""
        energy_wh, power_w = self.curve.at(at)
        flicker = crc32(f"{self.id} {int(at.timestamp()) // 60}".encode()) & 15
        today_wh = energy_wh - self.curve.counter_wh(self._midnight(at))
        return self.family.says(Sample(self.base_wh + energy_wh, today_wh, power_w, flicker))

    def _midnight(self, at: datetime) -> datetime:
        return datetime.combine(at.astimezone(self.timezone).date(), time(), self.timezone)


@dataclass(frozen=True, slots=True)
class Bus:
    """One gateway: a TCP port, and the devices behind it by unit."""

    id: str
    port: int
    devices: Mapping[int, SimulatedDevice]


@dataclass(frozen=True, slots=True)
class Plant:
    """All gateways of a community."""

    buses: Sequence[Bus] = field(default_factory=tuple)

    @property
    def devices(self) -> list[SimulatedDevice]:
        """Return every device, bus by bus."""
        return [device for bus in self.buses for device in bus.devices.values()]
