"""Which days one page of a home speaks of, and which slots of them are over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from coop.calendar import Calendar
from coop.household.asking import Register
from coop.household.best_hours import RECENT_DAYS
from coop.household.days import Owners
from coop.household.model import Wanted
from coop.month.money import Tariff
from coop.settings import CoopSettings
from coop.slots import local_day, moment_of, slots_between, unix_s


@dataclass(frozen=True, slots=True)
class View:
    """One page being read."""

    wanted: Wanted
    settings: CoopSettings
    register: Register
    tariffs: tuple[Tariff, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone by which days are counted."""
        return self.settings.zone

    @property
    def today(self) -> date:
        """Return the local day of now."""
        return self.wanted.now.astimezone(self.zone).date()

    @property
    def due_s(self) -> int:
        """Return the moment before which slots that start should be in the books."""
        lag_s = self.settings.slot_s + self.settings.settle_delay_s
        return unix_s(self.wanted.now) - lag_s + 1

    @property
    def first_s(self) -> int | None:
        """Return the first slot in the books of the cooperative."""
        return self.register.first_s

    @property
    def metered_since(self) -> datetime | None:
        """Return when the first meter of the home began to count."""
        mine = [meter.validity.from_s for held in self.own_meters.values() for meter in held]
        return self.local(min(mine)) if mine else None

    @property
    def own_meters(self) -> Owners:
        """Return the meters of the home, by name."""
        home = self.wanted.home_id
        held = {
            name: [meter for meter in meters if meter.home_id == home]
            for name, meters in self.register.owners.items()
        }
        return {name: meters for name, meters in held.items() if meters}

    @property
    def first(self) -> date | None:
        """Return the first day in the books of the cooperative; None while they are empty."""
        return None if self.first_s is None else self.local(self.first_s).date()

    @property
    def recent_days(self) -> list[date]:
        """Return today and the days before, newest first."""
        return [self.today - timedelta(days=ago) for ago in range(RECENT_DAYS)]

    @property
    def month_s(self) -> range:
        """Return the seconds of the month; raise InputError when it is none."""
        return range(*Calendar(self.zone).span(self.wanted.month))

    @property
    def month_days(self) -> list[date]:
        """Return the days of the month that have begun."""
        first = self.local(self.month_s.start).date()
        month = (first + timedelta(days=number) for number in range(31))
        return [day for day in month if day.month == first.month and day <= self.today]

    def days(self) -> dict[date, range]:
        """Return all days that the page speaks of, in order, each with its slots."""
        named = {*self.recent_days, *self.month_days, self.wanted.day}
        return {day: self.slots(day) for day in sorted(named)}

    def slots(self, day: date) -> range:
        """Return the starts of the slots of a local day."""
        return slots_between(*local_day(day, self.zone), self.settings.slot_s)

    def local(self, at_s: int) -> datetime:
        """Return a unix second as people here read it."""
        return moment_of(at_s).astimezone(self.zone)


def joined(spans: Iterable[range]) -> list[range]:
    """Return stretches of seconds that hold the same, neighbours as one; they come in order."""
    found: list[range] = []
    for span in spans:
        if found and found[-1].stop == _end(span).start:
            found[-1] = range(found[-1].start, _end(span).stop)
        else:
            found.append(_end(span))
    return found


def _end(span: range) -> range:
    """Return the seconds of some slots, the last one's included."""
    return range(span.start, span[-1] + span.step)
