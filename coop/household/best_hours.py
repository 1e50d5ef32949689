"""At which hours of the day most is left over, from the last days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction

RECENT_DAYS = 14
HOURS = 24
_LAMP_WH = 40
"""Left over per home and hour from which it is worth saying: about four lamps of 10 W."""


class Level(IntEnum):
    """How much is left over at an hour, beside the best hour."""

    NONE = 0
    LITTLE = 1
    SOME = 2
    MUCH = 3


@dataclass(frozen=True, slots=True)
class HourLevel:
    """One hour of the day; `level` is None where no slot of it has figures."""

    hour: int
    level: Level | None


@dataclass(frozen=True, slots=True)
class BestHours:
    """The hours of a day, and the stretches of them in which power is plentiful."""

    hours: tuple[HourLevel, ...]
    ranges: tuple[tuple[int, int], ...]
    """Local hours [from, to), earliest first."""

    @property
    def is_known(self) -> bool:
        """Say whether anything is known of the last days."""
        return any(one.level is not None for one in self.hours)


@dataclass(slots=True)
class LeftOver:
    """What was left over by local hour, and in how many slots."""

    wh: list[int] = field(default_factory=lambda: [0] * HOURS)
    slots: list[int] = field(default_factory=lambda: [0] * HOURS)

    def add(self, hour: int, wh: int) -> None:
        """Add one slot."""
        self.wh[hour] += wh
        self.slots[hour] += 1

    def include(self, other: "LeftOver") -> None:
        """Add what another counted."""
        for hour in range(HOURS):
            self.wh[hour] += other.wh[hour]
            self.slots[hour] += other.slots[hour]

    def means(self, slots_an_hour: int) -> list[Fraction | None]:
        """Return the mean of each hour in Wh; None where nothing is known."""
        return [
            Fraction(wh * slots_an_hour, slots) if slots else None
            for wh, slots in zip(self.wh, self.slots, strict=True)
        ]


def find_best(days: Iterable[LeftOver], slots_an_hour: int, homes: int) -> BestHours:
    """Tell the hours in which most is left over; none where it is not worth saying."""
    whole = LeftOver()
    for day in days:
        whole.include(day)
    means = whole.means(slots_an_hour)
    most = max((mean for mean in means if mean is not None), default=Fraction(0))
    worth = most >= _LAMP_WH * max(homes, 1)
    levels = [None if mean is None else _level(mean, most, worth=worth) for mean in means]
    hours = tuple(HourLevel(hour, level) for hour, level in enumerate(levels))
    return BestHours(hours, tuple(_ranges(list(_bridged(levels)))))


def _level(mean: Fraction, most: Fraction, *, worth: bool) -> Level:
    if not worth or not mean:
        return Level.NONE
    if mean * 2 >= most:
        return Level.MUCH
    return Level.SOME if mean * 4 >= most else Level.LITTLE


def _bridged(levels: Sequence[Level | None]) -> Iterable[bool]:
    """Yield whether an hour is of the best; one that is a little less between two counts too."""
    for at, level in enumerate(levels):
        beside = levels[max(at - 1, 0)], levels[min(at + 1, len(levels) - 1)]
        is_between = level is Level.SOME and beside == (Level.MUCH, Level.MUCH)
        yield level is Level.MUCH or is_between


def _ranges(flags: Sequence[bool]) -> Iterable[tuple[int, int]]:
    starts = [at for at, flag in enumerate(flags) if flag and not (at and flags[at - 1])]
    for start in starts:
        end = next((at for at in range(start, len(flags)) if not flags[at]), len(flags))
        yield start, end
