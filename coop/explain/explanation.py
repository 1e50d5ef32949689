"""A home's part of one slot in figures, round by round. Values only; a household may see them.

Of other homes it holds nothing but sums of the whole community.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from coop.allocation import Status, Step
from coop.members.community import SharingKey
from coop.metering.intervals import Flag, Quality
from coop.settling.segment import Reason
from coop.words import Saying


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """What the books say of a home in a slot, in Wh; None is not known."""

    consumption_wh: int | None = None
    own_production_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    grid_wh: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of sharing, as it touched the home."""

    step: Step
    there_wh: int
    takes_part: bool
    part_wh: int | None = None
    """What the home's weight came to; of a lifeline what comes first; None where all is given."""
    given_wh: int = 0
    given_to_all_wh: int = 0
    weights: int = 0
    """All weights together; of a round by need this is what all homes needed."""
    spare_wh: int = 0
    """Watt-hours that could not be divided evenly."""
    got_spare: bool = False


@dataclass(frozen=True, slots=True)
class MeterMark:
    """How well one meter of the home is known in the slot."""

    counter: str
    wh: int | None
    quality: Quality
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class LatePart:
    """What readings that came after the freeze changed for the home, and where it is booked."""

    month: str
    own_use_wh: int
    shared_wh: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that leads to a home's figures of one slot."""

    home: str
    slot_start_s: int
    slot_s: int
    status: Status
    reason: Reason | None
    is_final: bool
    """Whether the month is frozen, so that nothing is waited for."""
    key: SharingKey | None
    is_listed: bool
    """Whether the home stands in the key."""
    weight: Fraction | None
    """The home's part of all weights; None where the key looks at none, or lists it not."""
    figures: HomeFigures
    production_wh: int | None
    pool_wh: int | None
    surplus_wh: int | None
    fund_tenths_wh: int | None
    turns: tuple[Turn, ...] = ()
    marks: tuple[MeterMark, ...] = ()
    late: tuple[LatePart, ...] = ()

    @property
    def need_wh(self) -> int | None:
        """Return what the home could still use after its own roof."""
        used, own = self.figures.consumption_wh, self.figures.own_use_wh
        return None if used is None or own is None else used - own


class Line(NamedTuple):
    """One line of an explanation; `step` names what it is about."""

    step: str
    saying: Saying
