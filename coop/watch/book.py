"""Reads for stewards what the books hold of meters, months and roofs; at most five statements each.

It decides nothing: `coverage`, `yields` and `siblings` do, from lines that are settled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from coop.calendar import Calendar
from coop.database import Database
from coop.month.events import read_events
from coop.month.obstacles import Tally, tally_slots
from coop.month.states import Standing, standing_of
from coop.settings import CoopSettings
from coop.slots import local_day, moment_of, slot_start_s, unix_s
from coop.watch.coverage import Coverage, Days, cover
from coop.watch.records import read_energy, read_span
from coop.watch.siblings import SiblingCheck, check_siblings
from coop.watch.watched import Watched, read_watched
from coop.watch.yields import RoofDays, roof_days

SIBLING_DAYS = 35
"""How far back roofs are compared: seven good days are found in it even in bad weather."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the books say of the present: who is metered, how far they are counted, the months."""

    meters: tuple[Watched, ...]
    """Those that count now."""
    booked_to: datetime | None
    """The end of the newest slot in the books; None while they are empty."""
    due_to: datetime
    """Up to when they should be counted."""
    month: str
    """The month that lasts."""
    last: Standing | None
    """How the month before stands; None while the books know nothing of it."""
    last_tally: Tally | None


@dataclass(frozen=True, slots=True)
class MonthCoverage:
    """How well the meters are known in one month."""

    month: str
    before: str | None
    after: str | None
    """The months beside it that the books know."""
    coverage: Coverage


class WatchBook:
    """Answer what a steward keeps an eye on."""

    def __init__(
        self, database: Database, settings: CoopSettings, rated_w: Mapping[str, int]
    ) -> None:
        """`rated_w` is the rated power of production devices, as far as it is known."""
        self._database = database
        self._settings = settings
        self._rated_w = rated_w
        self._calendar = Calendar(settings.zone)

    def watch(self, now: datetime) -> Watch:
        """Return who is metered and how far the books and the months are."""
        at_s, month = unix_s(now), self._calendar.of(now)
        before = self._calendar.before(month)
        start_s, end_s = self._calendar.span(before)
        with self._database.reading() as connection:
            meters = read_watched(connection)
            span = read_span(connection)
            is_known = span is not None and span[0] < end_s
            last = standing_of(before, read_events(connection)) if is_known else None
            first_s = max(start_s, span[0]) if span else start_s
            slots = range(first_s, end_s, self._settings.slot_s)
            tally = tally_slots(connection, slots) if is_known else None
        return Watch(
            tuple(one for one in meters if one.validity.holds_at(at_s)),
            moment_of(span[1] + self._settings.slot_s) if span else None,
            moment_of(self._due_s(now)),
            month,
            last,
            tally,
        )

    def coverage(self, month: str, now: datetime) -> MonthCoverage:
        """Return how well each meter is known in a month; raise InputError."""
        start_s, end_s = self._calendar.span(month)
        with self._database.reading() as connection:
            meters = read_watched(connection)
            span = read_span(connection)
            first_s, last_s = span or (end_s, end_s)
            days = self._days(start_s, min(end_s, self._tomorrow_s(now)), first_s, now)
            found = cover(read_energy(connection, start_s, end_s), meters, days)
        before, after = self._calendar.before(month), self._calendar.after(month)
        return MonthCoverage(
            month,
            before if first_s < start_s else None,
            after if span and end_s <= max(last_s, unix_s(now)) else None,
            found,
        )

    def siblings(self, now: datetime) -> SiblingCheck:
        """Compare the roofs on the days that are over."""
        end = local_day(now.astimezone(self._settings.zone).date(), self._settings.zone)[0]
        start = end.astimezone(self._settings.zone).date() - timedelta(days=SIBLING_DAYS)
        start_s = unix_s(local_day(start, self._settings.zone)[0])
        with self._database.reading() as connection:
            return check_siblings(self._roofs(connection, start_s, unix_s(end), now))

    def _roofs(
        self, connection: Connection, start_s: int, end_s: int, now: datetime
    ) -> list[RoofDays]:
        meters = read_watched(connection)
        days = self._days(start_s, end_s, 0, now)
        return roof_days(read_energy(connection, start_s, end_s), meters, days, self._rated_w)

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

    def _tomorrow_s(self, now: datetime) -> int:
        return unix_s(local_day(now.astimezone(self._settings.zone).date(), self._settings.zone)[1])

    def _due_s(self, now: datetime) -> int:
        """Return the end of the newest slot that should be in the books."""
        late_s = self._settings.settle_delay_s
        return slot_start_s(now - timedelta(seconds=late_s), self._settings.slot_s)
