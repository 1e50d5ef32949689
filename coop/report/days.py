"""What each local day of a month came to, from the sums that its slots are booked with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, select

from coop.calendar import Calendar
from coop.report.model import DayReport
from coop.schema import slot_allocation
from coop.slots import local_day, slots_between

_SUMS = (
    "produced_wh",
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "surplus_wh",
    "consumption_wh",
)
_Booked = Mapping[int, Sequence[int | None]]


def read_days(
    connection: Connection, calendar: Calendar, month: str, slot_s: int
) -> list[DayReport]:
    """Return every day of a month in order; one of which no slot has figures has none."""
    held = _read_slots(connection, calendar.span(month))
    return [_day(held, calendar, day, slot_s) for day in _days_of(month)]


def _read_slots(connection: Connection, span: tuple[int, int]) -> _Booked:
    """Return the newest sums of each slot that has figures."""
    table = slot_allocation.c
    wanted = (
        select(table.slot_start_s, *(table[name] for name in _SUMS))
        .where(table.slot_start_s >= span[0], table.slot_start_s < span[1])
        .order_by(table.slot_start_s, table.version)
    )
    newest = {row[0]: tuple(row[1:]) for row in connection.execute(wanted)}
    return {at_s: sums for at_s, sums in newest.items() if sums[0] is not None}


def _day(held: _Booked, calendar: Calendar, day: date, slot_s: int) -> DayReport:
    slots = slots_between(*local_day(day, calendar.zone), slot_s)
    known = [held[at_s] for at_s in slots if at_s in held]
    if not known:
        return DayReport(day.isoformat(), len(slots), 0)
    sums = (sum(amount or 0 for amount in column) for column in zip(*known, strict=True))
    return DayReport(day.isoformat(), len(slots), len(known), *sums)


def _days_of(month: str) -> Iterator[date]:
    day = date.fromisoformat(f"{month}-01")
    while f"{day:%Y-%m}" == month:
        yield day
        day += timedelta(days=1)
