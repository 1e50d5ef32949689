"""From what counters counted to what homes used and offered, roofs made and plants used. Pure.

A roof that used more than it made made nothing: its plant drew the difference. A home with an
export counter is measured at its connection: it used what came in and what its own roofs made, less
what went out. Where more went out, a registered prosumer offers it to the pool; of any other home
that is an error of the data, and its use is missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from coop.members.community import Community, Counts, Meter
from coop.metering.intervals import Metered
from coop.metering.readings import Counter

Column = Sequence[int | None]
"""Whole Wh of one home or roof, slot after slot; None is missing."""

MeteredCounters = Mapping[Counter, Metered]


class SlotFlows(NamedTuple):
    """The energy of one slot; None is missing."""

    community_wh: int | None
    """What the community's roofs made."""
    made_wh: Sequence[int | None]
    """What each home offers or uses itself: made on its own roofs, or fed in."""
    used_wh: Sequence[int | None]
    """What each home used."""
    roofs_wh: Sequence[int | None]
    """What each roof made, in the order of all roofs' ids."""
    plants_wh: Mapping[str, int]
    """What the plants of roofs drew, by roof, without zeros."""
    fed_wh: Mapping[str, int]
    """What prosumers fed in, by home, without zeros."""
    refused_wh: Mapping[str, int]
    """What homes that are none fed in, by home: an error of the data."""


@dataclass(frozen=True, slots=True)
class _Roof:
    id: str
    owner: str | None
    made: tuple[Counter, ...]
    drawn: tuple[Counter, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    id: str
    used: tuple[Counter, ...]
    exported: tuple[Counter, ...]
    roofs: tuple[int, ...]
    """Places of its own roofs."""
    is_prosumer: bool


class Flows:
    """The flows of slots in which the same meters count."""

    def __init__(self, community: Community, homes: Sequence[str], slot_start_s: int) -> None:
        """Look up whose each meter is in the slot that starts then."""
        counters = _by_owner(community.meters_at(slot_start_s))
        self._roofs = [
            _Roof(
                roof.id,
                roof.home_id,
                counters[Counts.PRODUCTION, roof.id],
                counters[Counts.PLANT_USE, roof.id],
            )
            for roof in sorted(community.roofs, key=lambda roof: roof.id)
        ]
        self._shared = [place for place, roof in enumerate(self._roofs) if roof.owner is None]
        self._homes = [
            _Home(
                home,
                counters[Counts.USE, home],
                counters[Counts.EXPORT, home],
                tuple(place for place, roof in enumerate(self._roofs) if roof.owner == home),
                community.is_prosumer(home, slot_start_s),
            )
            for home in homes
        ]

    def slots(self, metered: MeteredCounters, count: int) -> Iterator[SlotFlows]:
        """Yield the flows of slot after slot; a home without a meter is missing, not zero."""
        nothing: Column = [0] * count
        roofs = [_roof_columns(roof, metered, nothing) for roof in self._roofs]
        homes = [_home_columns(home, metered, roofs, nothing) for home in self._homes]
        ids = [home.id for home in self._homes]
        return map(
            SlotFlows,
            _sum([roofs[place].made for place in self._shared], nothing),
            _slotwise([home.made for home in homes], count),
            _slotwise([home.used for home in homes], count),
            _slotwise([roof.made for roof in roofs], count),
            _named([roof.id for roof in self._roofs], [roof.drawn for roof in roofs], count),
            _named(ids, [home.fed for home in homes], count),
            _named(ids, [home.refused for home in homes], count),
        )


class _RoofColumns(NamedTuple):
    made: Column
    drawn: Sequence[int] | None = None


class _HomeColumns(NamedTuple):
    made: Column
    used: Column
    fed: Sequence[int] | None = None
    refused: Sequence[int] | None = None


def _by_owner(meters: Iterable[Meter]) -> Mapping[tuple[Counts, str], tuple[Counter, ...]]:
    """Return the counters of each home and roof by what they count."""
    found: defaultdict[tuple[Counts, str], tuple[Counter, ...]] = defaultdict(tuple)
    for meter in meters:
        for owner in filter(None, (meter.home_id, meter.roof_id)):
            found[meter.counts, owner] += (meter.counter,)
    return found


def _roof_columns(roof: _Roof, metered: MeteredCounters, nothing: Column) -> _RoofColumns:
    made = _sum([metered[counter].wh for counter in roof.made], nothing)
    if not roof.drawn:
        return _RoofColumns(made)
    drawn = _sum([metered[counter].wh for counter in roof.drawn], nothing)
    net = [
        None if one is None or other is None else one - other
        for one, other in zip(made, drawn, strict=True)
    ]
    return _RoofColumns(
        [None if wh is None else max(wh, 0) for wh in net], [max(-(wh or 0), 0) for wh in net]
    )


def _home_columns(
    home: _Home, metered: MeteredCounters, roofs: Sequence[_RoofColumns], nothing: Column
) -> _HomeColumns:
    unknown: Column = [None] * len(nothing)
    made = _sum([roofs[place].made for place in home.roofs], nothing)
    used = _sum([metered[counter].wh for counter in home.used], unknown)
    if not home.exported:
        return _HomeColumns(made, used)
    out = _sum([metered[counter].wh for counter in home.exported], unknown)
    net = [
        None if one is None or own is None or gone is None else one + own - gone
        for one, own, gone in zip(used, made, out, strict=True)
    ]
    over = [max(-(wh or 0), 0) for wh in net]
    if not home.is_prosumer:
        used = [None if wh is None or wh < 0 else wh for wh in net]
        return _HomeColumns(made, used, refused=over)
    used = [None if wh is None else max(wh, 0) for wh in net]
    offered = [None if wh is None else wh + fed for wh, fed in zip(made, over, strict=True)]
    return _HomeColumns(offered, used, fed=over)


def _sum(columns: Sequence[Column], absent: Column) -> Column:
    """Return what several counters count together; unknown as soon as one of them is."""
    if len(columns) < 2:  # noqa: PLR2004  nothing to add up
        return columns[0] if columns else absent
    return [None if None in slot else sum(slot) for slot in zip(*columns, strict=True)]


def _slotwise(columns: Sequence[Column], count: int) -> Iterable[tuple[int | None, ...]]:
    """Turn columns into one tuple a slot, also when there is no column."""
    return zip(*columns, strict=True) if columns else repeat((), count)


def _named(
    names: Sequence[str], columns: Sequence[Sequence[int] | None], count: int
) -> Iterable[Mapping[str, int]]:
    """Turn columns that few have into one mapping a slot, without zeros."""
    held = [(name, column) for name, column in zip(names, columns, strict=True) if column]
    if not held:
        return repeat({}, count)
    return [{name: column[at] for name, column in held if column[at]} for at in range(count)]
