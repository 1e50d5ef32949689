"""Reads summed days: what happened to their energy, and how many of their slots are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, Row, func, select

from coop.database.schema import day_sum
from coop.slots import local_day, moment_of, unix_s


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from the first to the last."""

    first: date
    last: date
    zone: ZoneInfo

    def __iter__(self) -> Iterator[date]:
        """Yield each day."""
        return (
            self.first + timedelta(days=number)
            for number in range((self.last - self.first).days + 1)
        )


@dataclass(frozen=True, slots=True)
class DaySum:
    """One local day; amounts are sums over the slots that have figures.

    produced = own use + shared + set aside + surplus, exactly; all are None where no slot has any.
    """

    day: date
    start_s: int
    end_s: int
    due: int
    """How many of its slots should be in the books by now."""
    settled: int = 0
    provisional: int = 0
    unsettled: int = 0
    produced_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    surplus_wh: int | None = None
    fund_tenths_wh: int | None = None
    consumption_wh: int | None = None
    """Of the homes whose use is known; None when no home's is."""
    made: Mapping[str, int] | None = None
    """Wh by account, `roof:ID` or `export:HOME`, without zeros."""

    @property
    def missing(self) -> int:
        """Return how many slots that are due have no figures."""
        return max(self.due - self.settled - self.provisional, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """Slots that begin before a moment should be in the books."""

    before_s: int
    slot_s: int

    def count(self, start_s: int, end_s: int) -> int:
        """Return how many of the slots in [start, end) are due."""
        return max(-(-(min(end_s, self.before_s) - start_s) // self.slot_s), 0)


def read_days(connection: Connection, days: Days, due: Due) -> list[DaySum]:
    """Return every day from the first to the last, also those of which the books know nothing."""
    spans = [_span(day, days.zone) for day in days]
    table = day_sum.c
    wanted = select(day_sum).where(table.start_s >= spans[0][1], table.start_s < spans[-1][2])
    found = {row[0]: row for row in connection.execute(wanted)}
    return [_day_sum((*span, due.count(*span[1:])), found.get(span[1])) for span in spans]


def read_span(connection: Connection, zone: ZoneInfo) -> tuple[date, date] | None:
    """Return the first and the last day in the books; None while they are empty."""
    start = day_sum.c.start_s
    first_s, last_s = connection.execute(select(func.min(start), func.max(start))).one()
    if first_s is None:
        return None
    return moment_of(first_s).astimezone(zone).date(), moment_of(last_s).astimezone(zone).date()


def read_fund_tenths(connection: Connection) -> int:
    """Return what the solidarity fund received in all days, in tenths of a Wh."""
    return int(connection.execute(select(func.sum(day_sum.c.fund_tenths_wh))).scalar() or 0)


@lru_cache(maxsize=1_024)
def _span(day: date, zone: ZoneInfo) -> tuple[date, int, int]:
    start, end = local_day(day, zone)
    return day, unix_s(start), unix_s(end)


def _day_sum(span: tuple[date, int, int, int], row: Row[Any] | None) -> DaySum:
    if row is None:
        return DaySum(*span)
    if not row.settled and not row.provisional:
        return DaySum(*span, unsettled=row.unsettled)
    parts: list[Any] = [*span, *row[1:-1], orjson.loads(row[-1])]
    return DaySum(*parts)
