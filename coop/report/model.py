"""The report of a month: values only, for who may see all of it; `public` says what others may.

Energy is in Wh, the fund's in tenths of a Wh, money in céntimos.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from coop.allocation import Method
from coop.metering.intervals import Quality
from coop.month.states import Act, State


@dataclass(frozen=True, slots=True)
class Sums:
    """Energy of the whole community: produced = own use + shared + set aside + surplus."""

    produced_wh: int = 0
    own_use_wh: int = 0
    shared_wh: int = 0
    set_aside_wh: int = 0
    surplus_wh: int = 0
    fund_tenths_wh: int = 0
    consumption_wh: int = 0
    """Of the homes that were measured, in the slots in which they were."""
    grid_wh: int = 0

    def __add__(self, other: Self) -> Self:
        """Return both together."""
        names = (field.name for field in fields(self))
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Community:
    """What the month came to, and what it says of earlier months whose readings came late."""

    slots: Sums
    late: Sums
    kept_centimos: int
    """Soles that all homes together kept from the utility, late changes included."""

    @property
    def booked(self) -> Sums:
        """Return all that the month's books say."""
        return self.slots + self.late


@dataclass(frozen=True, slots=True)
class HomeReport:
    """One home's month; what came late for earlier months stands apart."""

    home: str
    slots: int
    slots_missing: int
    """In which it was not measured, and so was left out or set aside for."""
    slots_estimated: int
    consumption_wh: int
    own_production_wh: int
    own_use_wh: int
    shared_wh: int
    set_aside_wh: int
    grid_wh: int
    late_own_use_wh: int
    late_shared_wh: int
    late_set_aside_wh: int
    kept_centimos: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayReport:
    """One local day of the whole community; amounts are None where no slot has figures."""

    day: str
    slots: int
    counted: int
    """Slots that have figures."""
    produced_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    surplus_wh: int | None = None
    consumption_wh: int | None = None
    homes: int = 0
    """Homes that had a meter at its end."""
    makers: int = 0
    """Homes whose own roof made something."""


@dataclass(frozen=True, slots=True)
class RoofReport:
    """One roof's month; `home` is whose own it is, None of the community's."""

    roof: str
    name: str
    home: str | None
    produced_wh: int
    surplus_tenths_wh: int
    """What was left over of its production less the fund's part, as booked."""
    plant_wh: int
    """What its plant drew in slots in which it made less, as at night; nobody's production."""


@dataclass(frozen=True, slots=True)
class ProsumerReport:
    """What one home fed in that is a prosumer, more than it took in a slot."""

    home: str
    fed_wh: int
    """A part of its own production."""
    unshared_tenths_wh: int
    """What was left over of that less the fund's part, as booked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the assembly gave from the fund."""

    decision: str
    centimos: int
    text: str
    stewards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FundReport:
    """The solidarity fund at the end of the month, and what moved it."""

    received_tenths_wh: int
    late_tenths_wh: int
    total_tenths_wh: int
    worth_centimos: int
    """What the month's energy is worth; booked when the month is frozen."""
    grants: tuple[Grant, ...]
    balance_centimos: int
    owed_centimos: int
    """What late readings took beyond what it held."""


@dataclass(frozen=True, slots=True)
class MeterQuality:
    """How well one meter is known: how many slots of each quality."""

    counter: str
    owner: str
    slots: Mapping[Quality, int]


@dataclass(frozen=True, slots=True)
class RecordedReason:
    """Why a steward says that slots have no production."""

    from_s: int
    to_s: int
    steward: str
    reason: str


@dataclass(frozen=True, slots=True)
class DataQuality:
    """How complete the month is."""

    slots: int
    settled: int
    provisional: int
    unsettled: int
    missing: int
    """Which the books do not have."""
    rebooked: int
    """Slots that were booked again while the month was open, because readings came late."""
    meters: tuple[MeterQuality, ...]
    reasons: tuple[RecordedReason, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What readings that came late changed of a slot of an earlier month, booked in this one."""

    entry: int
    slot: str
    changes: Mapping[str, int]
    """Tenths of a Wh by account; they sum to zero."""


@dataclass(frozen=True, slots=True)
class KeyReport:
    """A key that was in force in the month."""

    id: int
    name: str
    decision: str
    method: Method
    fund_percent: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the assembly said."""

    said: Act
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another month, to compare with; without homes, roofs and meters."""

    month: str
    homes: tuple[HomeReport, ...]
    community: Community
    days: tuple[DayReport, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All of it."""

    coop: str
    name: str
    month: str
    timezone: str
    state: State
    signed_by: tuple[str, ...]
    review: Review | None
    line: str
    """For the minutes; empty while the month is open."""
    keys: tuple[KeyReport, ...]
    community: Community
    days: tuple[DayReport, ...]
    """Every day of the month in order, without what came late for earlier months."""
    fund: FundReport
    homes: tuple[HomeReport, ...]
    roofs: tuple[RoofReport, ...]
    prosumers: tuple[ProsumerReport, ...]
    quality: DataQuality
    corrections: tuple[Correction, ...]
    before: Comparison | None
    year_before: Comparison | None
