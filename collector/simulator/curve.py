"""Energy over time in exact integers: what a counter shows at a moment, and the power behind it.

Knows steps of equal length only, not where they come from. Inside a step energy flows evenly.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

MICROSECOND = timedelta(microseconds=1)
HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Where steps begin, how long one is, and how many units of a step's energy make one Wh."""

    start: datetime
    step: timedelta
    units_per_wh: int


class Flow(NamedTuple):
    """Whole Wh that have flowed, rounded down, and whole W that flow."""

    counter_wh: int
    power_w: int


class EnergyCurve:
    """A running total of steps that are asked for only when a moment needs them.

    Before the first step the total stands at zero, after the last one it stands still.
    """

    def __init__(self, grid: Grid, steps: Iterable[int]) -> None:
        """Take the grid and the energy of each step, in the grid's units and never negative."""
        self._grid = grid
        self._step_us = grid.step // MICROSECOND
        self._divisor = grid.units_per_wh * self._step_us
        self._steps = _Steps(iter(steps))

    @property
    def start(self) -> datetime:
        """Return the moment at which the total is zero."""
        return self._grid.start

    def counter_wh(self, at: datetime) -> int:
        """Return the whole Wh that have flowed until a moment, rounded down, exactly."""
        return self.at(at).counter_wh

    def power_w(self, at: datetime) -> int:
        """Return the power of the step that a moment lies in, in whole W."""
        return self.at(at).power_w

    def at(self, moment: datetime) -> Flow:
        """Return counter and power of one moment."""
        elapsed_us = (moment - self._grid.start) // MICROSECOND
        if elapsed_us < 0:
            return Flow(0, 0)
        index, into_us = divmod(elapsed_us, self._step_us)
        before, after = self._steps.around(index)
        units = before * self._step_us + (after - before) * into_us
        power_units = (after - before) * HOUR_US + self._divisor // 2
        return Flow(units // self._divisor, power_units // self._divisor)


@dataclass(slots=True)
class _Steps:
    """The cumulative sums of an iterator, drawn a day or so at a time."""

    more: Iterator[int]
    sums: list[int] = field(default_factory=lambda: [0])
    draw: int = 1_024

    def around(self, index: int) -> tuple[int, int]:
        while len(self.sums) <= index + 1:
            if not self._extend():
                return self.sums[min(index, len(self.sums) - 1)], self.sums[-1]
        return self.sums[index], self.sums[index + 1]

    def _extend(self) -> bool:
        total, known = self.sums[-1], len(self.sums)
        for step in islice(self.more, self.draw):
            total += step
            self.sums.append(total)
        return len(self.sums) > known
