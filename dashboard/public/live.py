"""What the roofs make right now, and whether that may be said at all.

Knows last readings and their age; an old value is never summed, a missing one never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.errors import CollectorError
from collector.reading import Reading
from coop.books import Source
from coop.books import Sources as PowerSources
from dashboard.outage import Outage
from dashboard.sources import LastReadings

FEWEST_HOMES = 5
"""No public figure covers fewer households than this."""

_POWER_OF_COUNTER = {
    "energy_total": (("ac_power", 1),),
    "export_energy_total": (("export_power", 1), ("grid_power", -1), ("ac_power", 1)),
    "import_energy_total": (("import_power", 1), ("grid_power", 1), ("ac_power", 1)),
}
"""Which quantity is the power behind a production counter, and its sign, best first."""


class LiveState(StrEnum):
    """How the live figure stands."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"
    AWAY = "away"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Live:
    """The power of all roofs that report; None unless the state is fresh.

    `taken_at` is the oldest reading in a fresh sum, else the newest there is.
    """

    state: LiveState
    power_w: int | None = None
    taken_at: datetime | None = None
    roofs: int = 0
    reporting: int = 0


@dataclass(frozen=True, slots=True)
class Patience:
    """Now, and how long ago a reading may be to count as now."""

    now: datetime
    stale_after_s: int

    def is_current(self, moment: datetime) -> bool:
        """Say whether a moment is near now; one in the future is as doubtful as an old one."""
        return abs(self.now - moment) <= timedelta(seconds=self.stale_after_s)


def read_live(
    readings: LastReadings, roofs: PowerSources, patience: Patience, outage: Outage
) -> Live:
    """Sum what the roofs say now; the pages go on when the store of readings is away."""
    sources = [*roofs.community_roofs, *roofs.own_roofs]
    devices = [source.device for source in sources]
    last = outage.ask(lambda: readings.last(devices), CollectorError)
    if last is None:
        return Live(LiveState.AWAY, roofs=len(sources))
    found = {device: one.reading for device, one in last.items()}
    return _sum([(source, found.get(source.device)) for source in sources], roofs, patience)


def power_of(source: Source, reading: Reading) -> int | None:
    """Return the production in whole W that a reading says; None when it says none."""
    for quantity, sign in _POWER_OF_COUNTER.get(source.quantity, ()):
        value = reading.quantities.get(quantity)
        if value is not None and not isinstance(value, str):
            # An inverter at night draws a few watts: that is use, not negative production.
            return max(round(sign * value), 0)
    return None


def _sum(
    told: Sequence[tuple[Source, Reading | None]], roofs: PowerSources, patience: Patience
) -> Live:
    powers: dict[Source, int] = {}
    moments: list[datetime] = []
    seen: list[datetime] = []
    for source, reading in told:
        if reading is None:
            continue
        seen.append(reading.taken_at)
        power_w = power_of(source, reading)
        if power_w is not None and reading.trusted and patience.is_current(reading.taken_at):
            powers[source] = power_w
            moments.append(reading.taken_at)
    if not seen:
        return Live(LiveState.NEVER, roofs=len(told))
    if not powers:
        return Live(LiveState.STALE, None, max(seen), len(told))
    if _covers(powers, roofs) < FEWEST_HOMES:
        return Live(LiveState.WITHHELD, None, None, len(told), len(powers))
    return Live(LiveState.FRESH, sum(powers.values()), min(moments), len(told), len(powers))


def _covers(powers: dict[Source, int], roofs: PowerSources) -> int:
    """Count the households behind a sum: a community roof stands for all, an own roof for one."""
    if any(source in powers for source in roofs.community_roofs):
        return len(roofs.homes)
    return len(powers)
