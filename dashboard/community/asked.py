"""Which day, month or year somebody asked for. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EARLIEST = date(2000, 1, 1)


class Unit(StrEnum):
    """How long a stretch a page shows; also the name under which it is asked for."""

    DAY = "date"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, a month or a year."""

    unit: Unit
    first: date

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.after - timedelta(days=1)

    @property
    def after(self) -> date:
        """Return the day after its last."""
        if self.unit is Unit.DAY:
            return self.first + timedelta(days=1)
        if self.unit is Unit.MONTH:
            return (self.first + timedelta(days=31)).replace(day=1)
        return self.first.replace(year=self.first.year + 1)

    @property
    def name(self) -> str:
        """Return what one writes to ask for it."""
        return self.first.isoformat()[: _LENGTHS[self.unit]]

    @property
    def inside(self) -> Unit:
        """Return what it is parted into."""
        return Unit.MONTH if self.unit is Unit.YEAR else Unit.DAY

    def before(self) -> "Asked":
        """Return the one before."""
        return of(self.unit, self.first - timedelta(days=1))

    def next(self) -> "Asked":
        """Return the one after."""
        return of(self.unit, self.after)


def of(unit: Unit, day: date) -> Asked:
    """Return the day, month or year that holds a day."""
    if unit is Unit.YEAR:
        return Asked(unit, day.replace(month=1, day=1))
    return Asked(unit, day if unit is Unit.DAY else day.replace(day=1))


def parse(told: Mapping[str, str], today: date) -> Asked:
    """Return what `date`, `month` or `year` ask for, today if none does; raise ValueError."""
    named = [unit for unit in Unit if unit in told]
    if not named:
        return of(Unit.DAY, today)
    if len(named) > 1:
        raise ValueError("a day, a month or a year: one of them")
    [unit] = named
    if not _FORMS[unit].fullmatch(told[unit]):
        raise ValueError(f"{unit}: not of the form {_FORMS[unit]}")
    return Asked(unit, date.fromisoformat((told[unit] + "-01-01")[: len("2026-03-01")]))


def is_within(asked: Asked, today: date) -> bool:
    """Say whether there can be books of it: it has begun, and not before anybody had books."""
    return EARLIEST <= asked.first <= today


_LENGTHS = {Unit.DAY: 10, Unit.MONTH: 7, Unit.YEAR: 4}
_FORMS = {
    Unit.DAY: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    Unit.MONTH: re.compile(r"[0-9]{4}-[0-9]{2}"),
    Unit.YEAR: re.compile(r"[0-9]{4}"),
}
