"""A month day by day or a year month by month: rows that close, their sum, and what is missing.

Pure. A row without a measurement has no amounts; a gap is never zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from dashboard.community.asked import Asked, Unit
from dashboard.community.telling import Made, ToldDay
from dashboard.public.figures import State


class Fullness(StrEnum):
    """How well a day or a month is known."""

    WHOLE = "whole"
    PARTLY = "partly"
    MISSING = "missing"
    WITHHELD = "withheld"
    """Fewer than five homes: there may be figures, but they are not told."""
    AHEAD = "ahead"
    BEFORE = "before"
    """Before the books begin."""


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a month or one month of a year; amounts are None where nothing may be told.

    `own_use_wh` is None while `shared_wh` is known where both are told as one sum.
    """

    first: date
    last: date
    fullness: Fullness
    due: int = 0
    """How many slots are over."""
    missing: int = 0
    """How many of them have no figures."""
    provisional: int = 0
    produced_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    left_over_wh: int | None = None
    consumption_wh: int | None = None

    @property
    def difference_wh(self) -> int | None:
        """Return what does not close: always 0 where something is known."""
        if self.produced_wh is None:
            return None
        parts = (self.own_use_wh, self.shared_wh, self.set_aside_wh, self.left_over_wh)
        return self.produced_wh - sum(part or 0 for part in parts)

    @property
    def unknown_percent(self) -> int:
        """Return how much of it is not measured, of all that is over."""
        return -(-self.missing * 100 // self.due) if self.due else 0


@dataclass(frozen=True, slots=True)
class Period:
    """Everything of the community's page for one month or year."""

    state: State
    today: date
    asked: Asked
    steps: tuple[Step, ...]
    total: Step | None
    is_merged: bool
    slot: timedelta
    span: tuple[date, date] | None
    """The first and the last day in the books."""
    made: tuple[Made, ...] = field(default=())

    @property
    def shown(self) -> tuple[Step, ...]:
        """Return the rows of the table: what has begun, since the books began."""
        hidden = {Fullness.AHEAD, Fullness.BEFORE}
        return tuple(step for step in self.steps if step.fullness not in hidden)


def read_steps(
    asked: Asked, days: Sequence[ToldDay], begin: date | None, *, is_merged: bool
) -> tuple[Step, ...]:
    """Return the days of a month or the months of a year; the books begin on `begin`."""
    if asked.unit is Unit.MONTH:
        return tuple(add_up([day], begin, is_merged=is_merged) for day in days)
    months = groupby(days, key=lambda day: day.sums.day.month)
    return tuple(add_up(list(held), begin, is_merged=is_merged) for _, held in months)


def add_up(days: Sequence[ToldDay], begin: date | None, *, is_merged: bool) -> Step:
    """Sum what may be told of some days, one after the other."""
    first, last = days[0].sums.day, days[-1].sums.day
    counted = [day for day in days if begin is not None and day.sums.day >= begin]
    told = [day for day in counted if day.is_told]
    known = [day for day in told if day.has_figures]
    due = sum(day.sums.due for day in told)
    step = Step(
        first,
        last,
        Fullness.WHOLE,
        due=due,
        missing=sum(day.sums.missing for day in told),
        provisional=sum(day.sums.provisional for day in known),
    )
    if not known:
        return replace(step, fullness=_emptiness(counted, told, due, is_before=not counted))
    is_whole = not step.missing and len(told) == len(counted)
    fullness = Fullness.WHOLE if is_whole else Fullness.PARTLY
    return _fill(replace(step, fullness=fullness), known, is_merged=is_merged)


def _emptiness(
    counted: Sequence[ToldDay], told: Sequence[ToldDay], due: int, *, is_before: bool
) -> Fullness:
    if is_before:
        return Fullness.BEFORE
    if any(day.sums.due for day in counted) and not due and not told:
        return Fullness.WITHHELD
    return Fullness.MISSING if due else Fullness.AHEAD


def _fill(step: Step, days: Sequence[ToldDay], *, is_merged: bool) -> Step:
    sums = [day.sums for day in days]
    own_wh = _sum(one.own_use_wh for one in sums)
    used = [one.consumption_wh for one in sums if one.consumption_wh is not None]
    return replace(
        step,
        produced_wh=_sum(one.produced_wh for one in sums),
        own_use_wh=None if is_merged else own_wh,
        shared_wh=_sum(one.shared_wh for one in sums) + (own_wh if is_merged else 0),
        set_aside_wh=_sum(one.set_aside_wh for one in sums),
        left_over_wh=_sum(one.surplus_wh for one in sums),
        consumption_wh=sum(used) if used else None,
    )


def _sum(amounts: Iterable[int | None]) -> int:
    return sum(amount or 0 for amount in amounts)
