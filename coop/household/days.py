"""Adds up the lines of one day for all homes, by the arithmetic of the statements. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orjson import loads

from coop.allocation import Status
from coop.household.best_hours import LeftOver
from coop.household.model import HomeSums
from coop.members.community import Meter
from coop.metering.intervals import Quality
from coop.month.money import Prices
from coop.month.statements import MonthSums, Statement

_RANKS = {quality: rank for rank, quality in enumerate(Quality)}


class BookedLine(NamedTuple):
    """One slot of the books as it is read; `energy` is None where every meter was measured."""

    slot_start_s: int
    status: str
    surplus_wh: int | None
    allocation: str
    energy: str | None

    @property
    def is_shared(self) -> bool:
        """Say whether the slot has figures."""
        return self.status != Status.UNSETTLED


Owners = Mapping[str, Sequence[Meter]]
"""The meters of homes, and of their own roofs as if they were the homes', by name."""


def owners_of(meters: Iterable[Meter]) -> Owners:
    """Return the meters by the name under which their energy stands in the books."""
    found: dict[str, list[Meter]] = {}
    for meter in meters:
        found.setdefault(meter.name, []).append(meter)
    return found


@dataclass(slots=True)
class DaySums:
    """What a day came to, for every home; parsed once and kept."""

    sums: MonthSums = field(default_factory=MonthSums)
    left_over: LeftOver = field(default_factory=LeftOver)
    less: defaultdict[str, Counter[Quality]] = field(default_factory=lambda: defaultdict(Counter))
    """Slots of a home by quality, where it is less than measured."""
    provisional: int = 0
    last_s: dict[str, int] = field(default_factory=dict)
    """The newest slot of each home that has its figures."""
    unshared: Counter[str] = field(default_factory=Counter)
    """Slots in which a home's use is known, but not where it came from."""

    def home(self, home: str) -> HomeSums | None:
        """Return a home's sums; None where it does not stand in the day's lines."""
        held = self.sums.statements.get(home)
        return None if held is None else sums_of(held)

    def known(self, home: str) -> int:
        """Return how many slots have a home's figures."""
        held = self.sums.statements.get(home)
        return 0 if held is None else held.slots - held.slots_missing - self.unshared[home]


def sums_of(held: Statement) -> HomeSums:
    """Return what the slots of a statement add up to."""
    return HomeSums(
        used_wh=held.consumption_wh,
        own_use_wh=held.own_use_wh,
        shared_wh=held.shared_wh,
        grid_wh=held.grid_wh,
        set_aside_wh=held.set_aside_wh,
    )


def add_up(
    lines: Sequence[BookedLine], prices: Prices, owners: Owners, hour_of: Callable[[int], int]
) -> DaySums:
    """Add up a day's newest lines in order; `hour_of` gives the local hour of a slot."""
    day = DaySums()
    told = [(line.slot_start_s, loads(line.allocation)) for line in lines]
    day.sums.count(told, prices)
    for line, (at_s, said) in zip(lines, told, strict=True):
        _count_line(day, line, said["homes"])
        if line.is_shared and line.surplus_wh is not None:
            day.left_over.add(hour_of(at_s), line.surplus_wh)
        if line.energy is not None:
            for home, quality in qualities(line, owners).items():
                day.less[home][quality] += 1
    return day


def qualities(line: BookedLine, owners: Owners) -> dict[str, Quality]:
    """Return the least quality of each home's meters in a slot, where it is less than measured."""
    found: dict[str, Quality] = {}
    said = loads(line.energy) if line.energy else {}
    for name in said.keys() & owners.keys():
        quality = Quality(said[name][1])
        home = _owner(owners[name], line.slot_start_s)
        if home is not None and _RANKS[quality] > _RANKS[found.get(home, Quality.MEASURED)]:
            found[home] = quality
    return found


def _count_line(day: DaySums, line: BookedLine, homes: Mapping[str, Any]) -> None:
    day.provisional += line.status == Status.PROVISIONAL
    if line.is_shared:
        known = [home for home, figures in homes.items() if figures[0] is not None]
        day.last_s.update(dict.fromkeys(known, line.slot_start_s))
    else:
        day.unshared.update(home for home, figures in homes.items() if figures[0] is not None)


def _owner(meters: Iterable[Meter], slot_start_s: int) -> str | None:
    return next((one.home_id for one in meters if one.validity.holds_at(slot_start_s)), None)
