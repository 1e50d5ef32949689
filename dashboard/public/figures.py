"""What the pages show, computed once from the books and the last readings.

Decides what may be shown (a gap is never zero, no figure covers fewer than five households); knows
neither HTML nor SQL.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coop.books import DayBook, SlotBook, Standing
from coop.books import Figures as Sums
from coop.books import Sources as PowerSources
from coop.memory import Memory
from dashboard.outage import Outage
from dashboard.public.live import FEWEST_HOMES, Live, Patience, read_live
from dashboard.sources import Sources

_RECENT_SLOTS = 3
_LAMP_WH = 10
"""Left over per home and slot from which it is worth saying: about one lamp."""


class State(StrEnum):
    """How a page stands."""

    EMPTY = "empty"
    WITHHELD = "withheld"
    STALE = "stale"
    FULL = "full"


class Light(StrEnum):
    """Whether now is a good time to use power."""

    PLENTY = "plenty"
    TIGHT = "tight"
    DARK = "dark"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One slot as a page shows it; amounts are None where nothing is known.

    `own_use_wh` is None while `shared_wh` is known where both are told as one sum.
    """

    start: datetime
    end: datetime
    standing: Standing
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


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: its rows, their sum, and how complete it is.

    `total` is None while no slot has figures; `is_merged` says that own use is told inside shared.
    """

    date: date
    rows: tuple[Row, ...]
    total: Row | None
    counted_until: datetime | None
    provisional: int
    missing: int
    is_merged: bool
    slot: timedelta

    @property
    def passed(self) -> tuple[Row, ...]:
        """Return the rows that are over, in order."""
        return tuple(row for row in self.rows if row.standing is not Standing.AHEAD)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of the public screen."""

    state: State
    now: datetime
    live: Live
    today: Day
    yesterday: Day
    fund_tenths_wh: int
    light: Light


@dataclass(frozen=True, slots=True)
class _Booked:
    """What a board takes from the books."""

    devices: PowerSources
    today: Day
    yesterday: Day
    fund_tenths_wh: int
    is_empty: bool


class Reader:
    """Reads what each page shows; one for the whole life of the app."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._outage = Outage("the store of readings", sources.clock)
        self._booked: Memory[_Booked] = Memory(1)

    def now(self) -> datetime:
        """Return the present moment in the cooperative's zone."""
        return self._sources.now()

    def board(self) -> Board:
        """Read the public screen."""
        now = self.now()
        edition = self._sources.books.edition(now)
        booked = self._booked.recall_or_make("board", edition, lambda: self._read_booked(now))
        live = self._live(booked.devices, now)
        return Board(
            state=_board_state(booked.devices, live, is_empty=booked.is_empty),
            now=now,
            live=live,
            today=booked.today,
            yesterday=booked.yesterday,
            fund_tenths_wh=booked.fund_tenths_wh,
            light=read_light(booked.today, booked.yesterday, now, len(booked.devices.homes)),
        )

    def _read_booked(self, now: datetime) -> _Booked:
        books, day = self._sources.books, now.date()
        devices = books.sources(now)
        today = read_day(books.day(day, now), devices, self._zone)
        yesterday = read_day(books.day(day - timedelta(days=1), now), devices, self._zone)
        is_empty = self._is_empty(today, yesterday)
        return _Booked(devices, today, yesterday, books.fund_total_tenths(), is_empty)

    def _live(self, devices: PowerSources, now: datetime) -> Live:
        patience = Patience(now, self._sources.settings.stale_after_s)
        return read_live(self._sources.last_readings, devices, patience, self._outage)

    def _is_empty(self, today: Day, yesterday: Day) -> bool:
        has_some = today.total is not None or yesterday.total is not None
        return not has_some and self._sources.books.span() is None

    @property
    def _zone(self) -> ZoneInfo:
        return self._sources.settings.zone


def read_day(book: DayBook, devices: PowerSources, zone: ZoneInfo) -> Day:
    """Turn a day of the books into rows; tell own use apart only where five homes have a roof."""
    return read_rows(book, zone, is_merged=0 < len(devices.own_roofs) < FEWEST_HOMES)


def read_rows(book: DayBook, zone: ZoneInfo, *, is_merged: bool) -> Day:
    """Turn a day of the books into rows; `is_merged` tells own use inside shared."""
    telling = _Telling(zone, is_merged)
    slot = (book.end - book.start) / max(len(book.slots), 1)
    rows = tuple(telling.slot(one, one.start + slot) for one in book.slots)
    known = [row for row in rows if row.produced_wh is not None]
    return Day(
        date=book.day,
        rows=rows,
        total=telling.total(book, known[-1].end) if known else None,
        counted_until=known[-1].end if known else None,
        provisional=book.counts[Standing.PROVISIONAL],
        missing=book.counts[Standing.UNSETTLED] + book.counts[Standing.MISSING],
        is_merged=telling.is_merged,
        slot=slot,
    )


def read_light(today: Day, yesterday: Day, now: datetime, homes: int) -> Light:
    """Say whether now is a good time, from the last slot with figures, if that is recent."""
    known = [row for row in (*yesterday.rows, *today.rows) if row.produced_wh is not None]
    if not known:
        return Light.UNKNOWN
    last = known[-1]
    if now - last.end > _RECENT_SLOTS * (last.end - last.start):
        return Light.UNKNOWN
    produced_wh, left_over_wh = last.produced_wh or 0, last.left_over_wh or 0
    if not produced_wh:
        return Light.DARK
    is_plenty = left_over_wh * 10 >= produced_wh and left_over_wh >= _LAMP_WH * homes
    return Light.PLENTY if is_plenty else Light.TIGHT


def _board_state(devices: PowerSources, live: Live, *, is_empty: bool) -> State:
    if is_empty and live.power_w is None:
        return State.EMPTY
    if len(devices.homes) < FEWEST_HOMES:
        return State.WITHHELD
    return State.FULL if live.power_w is not None else State.STALE


@dataclass(frozen=True, slots=True)
class _Telling:
    """How the figures of the books are told to people."""

    zone: ZoneInfo
    is_merged: bool

    def slot(self, book: SlotBook, end: datetime) -> Row:
        empty = Row(book.start.astimezone(self.zone), end.astimezone(self.zone), book.standing)
        return self._fill(empty, book.figures) if book.figures else empty

    def total(self, book: DayBook, until: datetime) -> Row:
        is_provisional = book.counts[Standing.PROVISIONAL] > 0
        standing = Standing.PROVISIONAL if is_provisional else Standing.SETTLED
        return self._fill(Row(book.start.astimezone(self.zone), until, standing), book.totals)

    def _fill(self, row: Row, sums: Sums) -> Row:
        return replace(
            row,
            produced_wh=sums.produced_wh,
            own_use_wh=None if self.is_merged else sums.own_use_wh,
            shared_wh=sums.shared_wh + (sums.own_use_wh if self.is_merged else 0),
            set_aside_wh=sums.set_aside_wh,
            left_over_wh=sums.surplus_wh,
            consumption_wh=sums.consumption_wh,
        )
