"""Who the cooperative is: members, homes, roofs, their counters and keys, each with its validity.

Pure values. Validity is half-open in unix seconds and begins and ends at slot borders; None is
open-ended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coop.allocation import Home as KeyHome
from coop.allocation import Rules
from coop.manual import ManualReading
from coop.readings import Counter


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


@dataclass(frozen=True, slots=True)
class Meter:
    """One counter that stands for a home's use, or for a roof's production, for a time."""

    device: str
    quantity: str
    validity: Validity
    home_id: str | None = None
    roof_id: str | None = None

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

    def key_at(self, slot_start_s: int) -> SharingKey | None:
        """Return the key in force in a slot."""
        return next((key for key in self.keys if key.validity.holds_at(slot_start_s)), None)

    def meters_at(self, slot_start_s: int) -> tuple[Meter, ...]:
        """Return the meters that count in a slot, by name."""
        held = (meter for meter in self.meters if meter.validity.holds_at(slot_start_s))
        return tuple(sorted(held, key=lambda meter: meter.name))

    def manual_of(self, counter: Counter) -> Sequence[ManualReading]:
        """Return what stewards read off a counter, in order of time."""
        return [one for one in self.manual if one.counter == counter]

    def production_meters(self) -> tuple[Meter, ...]:
        """Return the meters of all roofs, of any time."""
        return tuple(meter for meter in self.meters if meter.roof_id is not None)

    def owner_of(self, roof_id: str) -> str | None:
        """Return the home whose own a roof is; None for the community's."""
        return next((roof.home_id for roof in self.roofs if roof.id == roof_id), None)

    def turns_between(self, start_s: int, end_s: int) -> list[int]:
        """Return the borders inside (start, end) at which another meter or key begins to count."""
        return sorted({turn for turn in _turns(self._validities()) if start_s < turn < end_s})

    def _validities(self) -> Iterable[Validity]:
        yield from (meter.validity for meter in self.meters)
        yield from (key.validity for key in self.keys)


def _turns(validities: Iterable[Validity]) -> Iterable[int]:
    for validity in validities:
        yield validity.from_s
        if validity.to_s is not None:
            yield validity.to_s
