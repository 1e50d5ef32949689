"""Reads what the community's page shows of a day, a month or a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coop.days import DaySum, Registered
from coop.memory import Memory
from coop.slots import unix_s
from dashboard.community.asked import Asked
from dashboard.community.period import Period, add_up, read_steps
from dashboard.community.telling import Made, ToldDay, share_out, tell_day
from dashboard.public.figures import Day, Row, State, read_rows
from dashboard.sources import Sources

_KEPT = 64
_LAST_MOMENT_S = 60
"""Who is registered a minute before midnight counts as of that day."""


@dataclass(frozen=True, slots=True)
class CommunityDay:
    """Everything of the community's page for one day."""

    state: State
    today: date
    day: Day
    span: tuple[date, date] | None
    """The first and the last day in the books."""
    made: tuple[Made, ...] = ()


class CommunityReader:
    """Reads the community's page; one for the whole life of the app."""

    def __init__(self, sources: Sources) -> None:
        self._books = sources.books
        self._clock = sources.clock
        self._settings = sources.settings
        self._days: Memory[CommunityDay] = Memory(_KEPT)
        self._periods: Memory[Period] = Memory(_KEPT)

    def now(self) -> datetime:
        """Return the present moment in the cooperative's zone."""
        return self._clock.now().astimezone(self._settings.zone)

    def day(self, day: date) -> CommunityDay:
        """Read one day, unless it was read since anything was written."""
        now = self.now()
        return self._days.recall_or_make(
            day, self._books.edition(now), lambda: self._read_day(day, now)
        )

    def period(self, asked: Asked) -> Period:
        """Read a month or a year, unless it was read since anything was written."""
        now = self.now()
        return self._periods.recall_or_make(
            asked, self._books.edition(now), lambda: self._read_period(asked, now)
        )

    def _read_day(self, day: date, now: datetime) -> CommunityDay:
        [told], registered = self._tell(day, day, now)
        read = read_rows(
            self._books.day(day, now), self._settings.zone, is_merged=not told.tells_own_use
        )
        state = State.EMPTY if read.total is None else State.FULL
        if state is State.FULL and not told.is_told:
            state = State.WITHHELD
        made = share_out([told], registered.roofs) if state is State.FULL else ()
        return CommunityDay(state, now.date(), read, self._books.span(), made)

    def rows(self, first: date, last: date) -> list[Row]:
        """Read the slots that are over, of the days that may be told."""
        now = self.now()
        days, _ = self._tell(first, last, now)
        books = self._books.stretch(first, last, now)
        return [
            row
            for told, book in zip(days, books, strict=True)
            if told.is_told or told.sums.produced_wh is None
            for row in read_rows(book, self._settings.zone, is_merged=not told.tells_own_use).passed
        ]

    def _read_period(self, asked: Asked, now: datetime) -> Period:
        days, registered = self._tell(asked.first, asked.last, now)
        span = self._books.span()
        begin = span[0] if span else None
        known = [day for day in days if day.has_figures]
        is_merged = any(not day.tells_own_use for day in known)
        return Period(
            state=_state(days),
            today=now.date(),
            asked=asked,
            steps=read_steps(asked, days, begin, is_merged=is_merged),
            total=add_up(days, begin, is_merged=is_merged) if known else None,
            is_merged=is_merged,
            slot=timedelta(seconds=self._settings.slot_s),
            span=span,
            made=share_out(known, registered.roofs) if known else (),
        )

    def _tell(self, first: date, last: date, now: datetime) -> tuple[list[ToldDay], Registered]:
        registered = self._books.registered(first, last)
        now_s = unix_s(now)

        def at_s(sums: DaySum) -> int:
            return min(now_s, sums.end_s - _LAST_MOMENT_S)

        sums = self._books.days(first, last, now)
        return [tell_day(one, registered, at_s(one)) for one in sums], registered


def _state(days: Sequence[ToldDay]) -> State:
    if any(day.has_figures for day in days):
        return State.FULL
    is_withheld = any(day.sums.produced_wh is not None for day in days)
    return State.WITHHELD if is_withheld else State.EMPTY
