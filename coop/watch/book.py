"""Reads for stewards what the books hold of meters, months and roofs; at most five statements each.

It decides nothing: `coverage`, `yields` and `siblings` do, from lines that are settled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from coop.calendar import Calendar
from coop.database.opening import Database
from coop.memory import Memory
from coop.month.events import read_events
from coop.month.obstacles import Obstacle, Seen, slots_in_the_way
from coop.month.states import Standing, State, standing_of
from coop.settings import CoopSettings
from coop.slots import local_day, moment_of, slot_start_s, unix_s
from coop.watch.coverage import Coverage, Days, cover
from coop.watch.records import read_energy, read_extent, read_slots
from coop.watch.siblings import SiblingCheck, check_siblings
from coop.watch.watched import Watched, read_watched
from coop.watch.yields import roof_days

SIBLING_DAYS = 35
"""How far back roofs are compared: seven good days are found in it even in bad weather."""
_KEPT = 24


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """The oldest month that is over and not frozen: what its freezing depends on."""

    month: str
    obstacles: tuple[Obstacle, ...]
    """The slots in the way of freezing it; none when it can be frozen."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the books say of the present: who is metered, how far they are counted, the months."""

    meters: tuple[Watched, ...]
    """Those that count now."""
    booked_to: datetime | None
    """The end of the newest slot in the books; None while they are empty."""
    due_to: datetime
    """Up to when they should be counted."""
    open_month: OpenMonth | None
    unsigned: tuple[Standing, ...]
    """Months that are frozen and wait for signatures."""
    unread: tuple[Standing, ...]
    """Months that are signed and wait for the assembly."""
    siblings: SiblingCheck
    """The roofs against each other, on the days that are over."""
    is_priced: bool = True
    """Whether a price of the utility is in force."""


@dataclass(frozen=True, slots=True)
class MonthCoverage:
    """How well the meters are known in one month."""

    month: str
    first: str | None
    """The first month that the books know; None while they are empty."""
    coverage: Coverage


class WatchBook:
    """Answer what a steward keeps an eye on; safe to share between threads."""

    def __init__(
        self, database: Database, settings: CoopSettings, rated_w: Mapping[str, int]
    ) -> None:
        """`rated_w` is the rated power of production devices, as far as it is known."""
        self._database = database
        self._settings = settings
        self._rated_w = rated_w
        # Lines are only added: as many as before are the same as before.
        self._checks = Memory[SiblingCheck](_KEPT)
        self._months = Memory[Coverage](_KEPT)

    def watch(self, now: datetime) -> Watch:
        """Return who is metered, how far books and months are, and how roofs compare."""
        with self._database.reading() as connection:
            meters = read_watched(connection)
            span, lines, priced_from_s = read_extent(connection, *self._compared(now))
            events = read_events(connection)
            standings = [standing_of(month, events) for month in self._months_over(span, now)]
            return Watch(
                tuple(one for one in meters if one.validity.holds_at(unix_s(now))),
                moment_of(span[1] + self._settings.slot_s) if span else None,
                moment_of(self._due_s(now)),
                self._open_month(connection, standings, span, now),
                tuple(one for one in standings if one.state is State.FROZEN),
                tuple(one for one in standings if one.state is State.CLOSED),
                self._siblings(connection, meters, lines, now),
                priced_from_s is not None and priced_from_s <= unix_s(now),
            )

    def coverage(self, month: str, now: datetime) -> MonthCoverage:
        """Return how well each meter is known in a month; raise InputError."""
        calendar = Calendar(self._settings.zone)
        start_s, end_s = calendar.span(month)
        with self._database.reading() as connection:
            meters = tuple(read_watched(connection))
            span, lines, _ = read_extent(connection, start_s, end_s)
            first_s, last_s = span[0] if span else end_s, min(end_s, self._today(now)[1])
            days = self._days(start_s, last_s, first_s, now)
            found = self._months.recall_or_make(
                month,
                (lines, meters, days),
                lambda: cover(read_energy(connection, start_s, end_s), meters, days),
            )
        first = calendar.month_of(span[0]) if span else None
        return MonthCoverage(month, first, found)

    def siblings(self, now: datetime) -> SiblingCheck:
        """Compare the roofs on the days that are over."""
        with self._database.reading() as connection:
            lines = read_extent(connection, *self._compared(now)).lines
            return self._siblings(connection, read_watched(connection), lines, now)

    def _months_over(self, span: tuple[int, int] | None, now: datetime) -> list[str]:
        calendar, months = Calendar(self._settings.zone), list[str]()
        if span is not None:
            month = calendar.month_of(span[0])
            while month < calendar.of(now):
                months.append(month)
                month = calendar.after(month)
        return months

    def _open_month(
        self,
        connection: Connection,
        standings: Sequence[Standing],
        span: tuple[int, int] | None,
        now: datetime,
    ) -> OpenMonth | None:
        is_open = (one.month for one in standings if one.state is State.OPEN)
        month = next(is_open, None)
        if month is None or span is None:
            return None
        start_s, end_s = Calendar(self._settings.zone).span(month)
        slots = range(max(start_s, span[0]), end_s, self._settings.slot_s)
        statuses, reasons = read_slots(connection, slots)
        seen = Seen(month, (), statuses, reasons)
        return OpenMonth(month, slots_in_the_way(slots, self._settings, seen, unix_s(now)))

    def _siblings(
        self, connection: Connection, meters: Sequence[Watched], lines: int, now: datetime
    ) -> SiblingCheck:
        start_s, end_s = self._compared(now)

        def compare() -> SiblingCheck:
            days = self._days(start_s, end_s, 0, now)
            found = read_energy(connection, start_s, end_s)
            return check_siblings(roof_days(found, meters, days, self._rated_w))

        return self._checks.recall_or_make("roofs", (start_s, end_s, lines, tuple(meters)), compare)

    def _compared(self, now: datetime) -> tuple[int, int]:
        """Return the days on which roofs are compared: those that are over."""
        end_s, zone = self._today(now)[0], self._settings.zone
        start = moment_of(end_s).astimezone(zone).date() - timedelta(days=SIBLING_DAYS)
        return unix_s(local_day(start, zone)[0]), end_s

    def _days(self, start_s: int, end_s: int, first_s: int, now: datetime) -> Days:
        zone = self._settings.zone
        day = moment_of(start_s).astimezone(zone).date()
        dates: list[date] = []
        borders = [start_s]
        while borders[-1] < end_s:
            dates.append(day)
            day += timedelta(days=1)
            borders.append(unix_s(local_day(day, zone)[0]))
        return Days(tuple(dates), tuple(borders), self._settings.slot_s, first_s, self._due_s(now))

    def _today(self, now: datetime) -> tuple[int, int]:
        start, end = local_day(now.astimezone(self._settings.zone).date(), self._settings.zone)
        return unix_s(start), unix_s(end)

    def _due_s(self, now: datetime) -> int:
        """Return the end of the newest slot that should be in the books."""
        late_s = self._settings.settle_delay_s
        return slot_start_s(now - timedelta(seconds=late_s), self._settings.slot_s)
