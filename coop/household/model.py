"""What a home's page is made of: values only, in Wh and céntimos; None is not known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from coop.books import Standing
from coop.explain.explanation import HomeFigures
from coop.household.best_hours import BestHours
from coop.metering.intervals import Quality


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which home is asked for, at which moment, which month, and the day whose slots are wanted."""

    home_id: str
    now: datetime
    month: str
    day: date


@dataclass(frozen=True, slots=True)
class HomeSlot:
    """One slot of a home; without figures where the books have none for it."""

    start: datetime
    end: datetime
    standing: Standing
    quality: Quality
    figures: HomeFigures = field(default_factory=HomeFigures)


@dataclass(frozen=True, slots=True)
class HomeStretch:
    """All slots of a home in some days, in order."""

    first: date | None
    """First day in the books of the cooperative; None while they are empty."""
    slots: tuple[HomeSlot, ...]


@dataclass(frozen=True, slots=True)
class HomeSums:
    """What a home's slots add up to; sums of what is known.

    `used_wh` also counts slots that are not shared yet, so it may exceed own use, shared and grid.
    """

    used_wh: int = 0
    own_use_wh: int = 0
    shared_wh: int = 0
    grid_wh: int = 0
    set_aside_wh: int = 0

    @property
    def sun_wh(self) -> int:
        """Return what came from the roofs, the own one and those of all."""
        return self.own_use_wh + self.shared_wh

    @property
    def divided_wh(self) -> int:
        """Return of how much is known where it came from."""
        return self.sun_wh + self.grid_wh

    @property
    def open_wh(self) -> int:
        """Return of how much is not known where it came from."""
        return self.used_wh - self.divided_wh


@dataclass(frozen=True, slots=True)
class HomeDay:
    """One local day of a home; `sums` is None while none of its slots has figures."""

    date: date
    sums: HomeSums | None
    due: int
    """How many slots are over."""
    known: int
    """How many of them have the home's figures."""
    provisional: int = 0
    qualities: Mapping[Quality, int] = field(default_factory=dict)
    """Slots by how well the home's meters are known; measured ones are not counted."""

    @property
    def missing(self) -> int:
        """Return how many slots that are over have no figures for the home."""
        return max(self.due - self.known, 0)

    @property
    def quality(self) -> Quality:
        """Return the least quality of the day."""
        held = [Quality.MISSING] if self.missing else []
        worst = [one for one in reversed(Quality) if self.qualities.get(one)]
        return (held + worst or [Quality.MEASURED])[0]


@dataclass(frozen=True, slots=True)
class Price:
    """What a kilowatt-hour from the utility cost, from a moment on, and who decided so."""

    since: datetime
    centimos_per_kwh: Fraction
    decision: str


@dataclass(frozen=True, slots=True)
class HomeMonth:
    """One month of a home."""

    month: str
    days: tuple[HomeDay, ...]
    """Every day that has begun."""
    sums: HomeSums | None
    is_frozen: bool
    """Whether what it kept is what the books say, and changes no more; else it is an estimate."""
    kept_centimos: int | None
    """None where no price was in force while the home got sun."""
    prices: tuple[Price, ...] = ()
    late_own_use_wh: int = 0
    late_shared_wh: int = 0
    """What late readings of earlier months changed, booked in this one."""

    @property
    def missing(self) -> int:
        """Return how many slots that are over have no figures for the home."""
        return sum(day.missing for day in self.days)

    @property
    def provisional(self) -> int:
        """Return how many slots may still change."""
        return sum(day.provisional for day in self.days)


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that one home's page says."""

    home_id: str
    name: str
    now: datetime
    today: HomeDay
    counted_until: datetime | None
    """End of the newest slot of today and the days before that has figures of the home."""
    month: HomeMonth
    day: HomeDay
    """The day whose slots are shown."""
    slots: tuple[HomeSlot, ...]
    best: BestHours
    metered_since: datetime | None
    """When the first meter of the home began to count; None while it has none."""
    first: date | None
    """First day in the books of the cooperative; None while they are empty."""
