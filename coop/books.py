"""Reads settled slots back for pages: sums of the community, never one home.

Every question takes at most three statements. It decides nothing; `settle` wrote what it reads.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from coop.database.newness import edition_of
from coop.database.opening import Database
from coop.database.schema import meter, roof, slot_allocation
from coop.days import (
    Days,
    DaySum,
    Due,
    Registered,
    read_days,
    read_fund_tenths,
    read_registered,
    read_span,
)
from coop.members.community import Counts
from coop.metering.intervals import Quality
from coop.settings import CoopSettings
from coop.slots import days_between, local_day, moment_of, slot_start_s, slots_between, unix_s


class Standing(StrEnum):
    """How far a slot has come."""

    SETTLED = "settled"
    PROVISIONAL = "provisional"
    UNSETTLED = "unsettled"
    MISSING = "missing"
    """It is over, yet the books do not have it."""
    AHEAD = "ahead"
    """It is not due yet."""


class Figures(NamedTuple):
    """What happened to the energy: produced = own use + shared + set aside + surplus, exactly."""

    produced_wh: int
    own_use_wh: int
    shared_wh: int
    set_aside_wh: int
    surplus_wh: int
    fund_tenths_wh: int
    consumption_wh: int | None
    """Of the homes whose use is known; None when no home's is."""


@dataclass(frozen=True, slots=True)
class SlotBook:
    """One slot of a day; without figures unless it is settled or provisional."""

    start: datetime
    standing: Standing
    quality: Quality
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class DayBook:
    """One local day, every slot of it in order."""

    day: date
    start: datetime
    end: datetime
    slots: tuple[SlotBook, ...]
    totals: Figures
    """Sums over the slots that have figures."""
    counts: Mapping[Standing, int]
    """How many slots stand where; every standing is present."""

    @property
    def expected(self) -> int:
        """Return how many slots are over and should have figures."""
        return len(self.slots) - self.counts[Standing.AHEAD]


@dataclass(frozen=True, slots=True)
class Source:
    """A device whose power belongs to a live sum; `name` is given for the community's roofs only.

    The quantity is the counter's; the live figure is `ac_power` of the same device.
    """

    device: str
    quantity: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Sources:
    """The devices that live sums are made of."""

    community_roofs: tuple[Source, ...]
    own_roofs: tuple[Source, ...]
    homes: tuple[Source, ...]


class Books:
    """Answer what was produced, shared and left over."""

    def __init__(self, database: Database, settings: CoopSettings) -> None:
        self._database = database
        self._settings = settings

    def edition(self, now: datetime) -> Hashable:
        """Return what is equal as long as every answer for `now` is the same."""
        return edition_of(self._database.mark(), self._settings, now)

    def day(self, day: date, now: datetime | None = None) -> DayBook:
        """Return a local day; slots that are not due at `now` are ahead rather than missing."""
        [found] = self.stretch(day, day, now)
        return found

    def stretch(self, first: date, last: date, now: datetime | None = None) -> list[DayBook]:
        """Return every local day from the first to the last, as `day` does."""
        zone = self._settings.zone
        start, end = local_day(first, zone)[0], local_day(last, zone)[1]
        found = self._latest(unix_s(start), unix_s(end))
        return [self._day(day, found, now) for day in days_between(first, last)]

    def _day(self, day: date, found: Mapping[int, SlotBook], now: datetime | None) -> DayBook:
        start, end = local_day(day, self._settings.zone)
        starts_s = slots_between(start, end, self._settings.slot_s)
        due_s = unix_s(end if now is None else now) - (0 if now is None else self._lag_s)
        slots = tuple(found.get(at_s) or _unbooked(at_s, at_s <= due_s) for at_s in starts_s)
        counts = {held: sum(slot.standing is held for slot in slots) for held in Standing}
        return DayBook(day, start, end, slots, _total(slots), counts)

    def days(self, first: date, last: date, now: datetime) -> list[DaySum]:
        """Return the sums of every day from the first to the last."""
        days = Days(first, last, self._settings.zone)
        due = Due(unix_s(now) - self._lag_s + 1, self._settings.slot_s)
        with self._database.reading() as connection:
            return read_days(connection, days, due)

    def registered(self, first: date, last: date) -> Registered:
        """Return who is registered in these days."""
        start, end = local_day(first, self._settings.zone)[0], local_day(last, self._settings.zone)
        with self._database.reading() as connection:
            return read_registered(connection, unix_s(start), unix_s(end[1]))

    def span(self) -> tuple[date, date] | None:
        """Return the first and the last local day in the books; None while they are empty."""
        with self._database.reading() as connection:
            return read_span(connection, self._settings.zone)

    def fund_total_tenths(self) -> int:
        """Return all that the solidarity fund received so far, in tenths of a Wh."""
        with self._database.reading() as connection:
            return read_fund_tenths(connection)

    def sources(self, now: datetime) -> Sources:
        """Return the devices that count at `now`, for live sums."""
        at_s = slot_start_s(now, self._settings.slot_s)
        holds = and_(
            meter.c.valid_from_s <= at_s,
            or_(meter.c.valid_to_s.is_(None), meter.c.valid_to_s > at_s),
        )
        wanted = (
            select(meter.c.device, meter.c.quantity, meter.c.roof_id, roof.c.name, roof.c.home_id)
            .select_from(meter.outerjoin(roof, meter.c.roof_id == roof.c.id))
            .where(holds, meter.c.counts.in_((Counts.USE, Counts.PRODUCTION)))
            .order_by(meter.c.device, meter.c.quantity)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return Sources(
            tuple(
                Source(r.device, r.quantity, r.name) for r in rows if r.roof_id and not r.home_id
            ),
            tuple(Source(r.device, r.quantity, None) for r in rows if r.roof_id and r.home_id),
            tuple(Source(r.device, r.quantity, None) for r in rows if not r.roof_id),
        )

    @property
    def _lag_s(self) -> int:
        return self._settings.slot_s + self._settings.settle_delay_s

    def _latest(self, start_s: int, end_s: int) -> dict[int, SlotBook]:
        table = slot_allocation.c
        columns = [table[name] for name in Figures._fields]
        wanted = (
            select(table.slot_start_s, table.status, table.quality, *columns)
            .where(table.slot_start_s >= start_s, table.slot_start_s < end_s)
            .order_by(table.slot_start_s, table.version)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        # Ascending versions: the latest one of a slot stays.
        return {row[0]: _slot(tuple(row)) for row in rows}


def _slot(row: tuple[Any, ...]) -> SlotBook:
    at_s, status, quality = row[:3]
    figures = row[3:]
    is_known = figures[0] is not None
    return SlotBook(
        moment_of(at_s),
        Standing(status),
        Quality(quality),
        Figures(*figures) if is_known else None,
    )


def _unbooked(at_s: int, is_due: bool) -> SlotBook:  # noqa: FBT001  two standings, one question
    standing = Standing.MISSING if is_due else Standing.AHEAD
    return SlotBook(moment_of(at_s), standing, Quality.MISSING, None)


def _total(slots: Iterable[SlotBook]) -> Figures:
    held = [slot.figures for slot in slots if slot.figures is not None]
    used = [one.consumption_wh for one in held if one.consumption_wh is not None]
    return Figures(
        sum(one.produced_wh for one in held),
        sum(one.own_use_wh for one in held),
        sum(one.shared_wh for one in held),
        sum(one.set_aside_wh for one in held),
        sum(one.surplus_wh for one in held),
        sum(one.fund_tenths_wh for one in held),
        sum(used) if used else None,
    )
