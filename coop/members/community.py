"""Who the cooperative is: members, homes, roofs, their counters and keys, each with its validity.

Pure values. Validity is half-open in unix seconds and begins and ends at slot borders; None is
open-ended.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from coop.allocation import Home as KeyHome
from coop.allocation import Rules
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until before when something holds."""

    from_s: int
    to_s: int | None = None

    def holds_at(self, slot_start_s: int) -> bool:
        """Say whether the slot that starts then is inside."""
        return self.from_s <= slot_start_s and (self.to_s is None or slot_start_s < self.to_s)

    def overlaps(self, other: "Validity") -> bool:
        """Say whether both hold at one time."""
        return (self.to_s is None or other.from_s < self.to_s) and (
            other.to_s is None or self.from_s < other.to_s
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One who takes part: a person or a house such as a school."""

    id: str
    name: str
    joined_s: int
    left_s: int | None = None

    def is_member_at(self, slot_start_s: int) -> bool:
        """Say whether they take part in the slot that starts then."""
        return Validity(self.joined_s, self.left_s).holds_at(slot_start_s)


@dataclass(frozen=True, slots=True)
class Home:
    """One place of a member that uses energy."""

    id: str
    member_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Roof:
    """One that produces: the community's, or a home's own."""

    id: str
    name: str
    home_id: str | None = None


class Counts(StrEnum):
    """What a counter stands for."""

    USE = "use"
    """What a home uses or, where it has an export counter too, takes from the grid."""
    EXPORT = "export"
    """What a home feeds into the grid at its connection."""
    PRODUCTION = "production"
    """What a roof makes."""
    PLANT_USE = "plant_use"
    """What the plant of a roof uses itself: inverters at night."""


OF_HOMES = (Counts.USE, Counts.EXPORT)
OF_ROOFS = (Counts.PRODUCTION, Counts.PLANT_USE)


QUANTITIES = {
    Counts.USE: "import_energy_total",
    Counts.EXPORT: "export_energy_total",
    Counts.PRODUCTION: "energy_total",
    Counts.PLANT_USE: "import_energy_total",
}
"""The counter that is usual for each purpose."""


@dataclass(frozen=True, slots=True)
class Prosumer:
    """A home whose export joins the pool, and the decision that says so."""

    home_id: str
    decision: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Meter:
    """One counter that stands for a home or for a roof, for a time."""

    device: str
    quantity: str
    validity: Validity
    home_id: str | None = None
    roof_id: str | None = None
    told: Counts | None = None

    @property
    def counts(self) -> Counts:
        """Return what it counts: a home's use or a roof's production, unless told otherwise."""
        return self.told or (Counts.USE if self.home_id else Counts.PRODUCTION)

    @property
    def counter(self) -> Counter:
        """Return the counter to read."""
        return (self.device, self.quantity)

    @property
    def name(self) -> str:
        """Return the name under which its energy stands in the books."""
        return f"{self.device}/{self.quantity}"

    @property
    def owner(self) -> str:
        """Say whose counter this is."""
        return f"home {self.home_id}" if self.home_id else f"roof {self.roof_id}"

    @property
    def purpose(self) -> str:
        """Say what it counts."""
        return f"{self.counts} of {self.owner}"


@dataclass(frozen=True, slots=True)
class SharingKey:
    """One decision on how energy is shared, and for how long it holds."""

    id: int
    name: str
    decision: str
    rules: Rules
    homes: tuple[KeyHome, ...]
    validity: Validity


@dataclass(frozen=True, slots=True)
class Community:
    """All that is registered, as of one moment of looking."""

    members: tuple[Member, ...] = ()
    homes: tuple[Home, ...] = ()
    roofs: tuple[Roof, ...] = ()
    meters: tuple[Meter, ...] = ()
    keys: tuple[SharingKey, ...] = ()
    manual: tuple[ManualReading, ...] = ()
    """What stewards read off counters, by counter and moment."""
    prosumers: tuple[Prosumer, ...] = ()

    def key_at(self, slot_start_s: int) -> SharingKey | None:
        """Return the key in force in a slot, for the homes that may share in it."""
        found = next((key for key in self.keys if key.validity.holds_at(slot_start_s)), None)
        return None if found is None else self.entitled(found, slot_start_s)

    def entitled(self, key: SharingKey, slot_start_s: int) -> SharingKey:
        """Return a key without the homes whose members have not joined yet, or have left."""
        away = {one.id for one in self.members if not one.is_member_at(slot_start_s)}
        return without(key, {home.id for home in self.homes if home.member_id in away})

    def is_prosumer(self, home_id: str, slot_start_s: int) -> bool:
        """Say whether what a home exports in a slot joins the pool."""
        return any(
            one.home_id == home_id and one.validity.holds_at(slot_start_s) for one in self.prosumers
        )

    def meters_at(self, slot_start_s: int) -> tuple[Meter, ...]:
        """Return the meters that count in a slot, by name."""
        held = (meter for meter in self.meters if meter.validity.holds_at(slot_start_s))
        return tuple(sorted(held, key=lambda meter: meter.name))

    def manual_of(self, counter: Counter) -> Sequence[ManualReading]:
        """Return what stewards read off a counter, in order of time."""
        return [one for one in self.manual if one.counter == counter]

    def production_meters(self) -> tuple[Meter, ...]:
        """Return the meters by which energy comes in, of any time."""
        return tuple(
            meter for meter in self.meters if meter.counts in {Counts.PRODUCTION, Counts.EXPORT}
        )

    def owner_of(self, roof_id: str) -> str | None:
        """Return the home whose own a roof is; None for the community's."""
        return next((roof.home_id for roof in self.roofs if roof.id == roof_id), None)

    def turns_between(self, start_s: int, end_s: int, slot_s: int) -> list[int]:
        """Return the borders inside (start, end) at which other meters, homes or keys count."""
        borders = {-(-turn // slot_s) * slot_s for turn in _turns(self._validities())}
        return sorted(border for border in borders if start_s < border < end_s)

    def _validities(self) -> Iterable[Validity]:
        yield from (meter.validity for meter in self.meters)
        yield from (key.validity for key in self.keys)
        yield from (one.validity for one in self.prosumers)
        yield from (Validity(one.joined_s, one.left_s) for one in self.members)


def without(key: SharingKey, away: Container[str]) -> SharingKey:
    """Return a key as if some homes were not listed.

    Their weight is left over, unless the key says `renormalise`: then it is spread.
    """
    homes = [home for home in key.homes if home.id not in away]
    if len(homes) == len(key.homes):
        return key
    rules = key.rules
    stays = sum((home.weight for home in homes), rules.unassigned_weight)
    whole = sum((home.weight for home in key.homes), rules.unassigned_weight)
    scale, unassigned = Fraction(1), rules.unassigned_weight + whole - stays
    if rules.renormalise and stays:
        scale = whole / stays
        unassigned = rules.unassigned_weight * scale
    return replace(
        key,
        rules=replace(rules, unassigned_weight=unassigned),
        homes=tuple(replace(home, weight=home.weight * scale) for home in homes),
    )


def _turns(validities: Iterable[Validity]) -> Iterable[int]:
    for validity in validities:
        yield validity.from_s
        if validity.to_s is not None:
            yield validity.to_s
