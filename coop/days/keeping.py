"""Sums up days from the latest lines of their slots, inside the transaction that wrote these.

A day is always made anew from all of its slots: it cannot drift away from them.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from coop.allocation import Status
from coop.database.schema import day_sum, slot_allocation
from coop.slots import local_day, moment_of, unix_s

SUMS = (
    "produced_wh",
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "surplus_wh",
    "fund_tenths_wh",
)
_BATCH_DAYS = 31

Row = Mapping[str, Any]


def sum_days(connection: Connection, slot_starts_s: Iterable[int], zone: ZoneInfo) -> None:
    """Sum up anew all days from the first to the last that hold one of these slots."""
    starts_s = list(slot_starts_s)
    if starts_s:
        _sum(connection, _day_of(min(starts_s), zone), _day_of(max(starts_s), zone), zone)


def sum_all_days(connection: Connection, zone: ZoneInfo) -> None:
    """Sum up anew every day of the books."""
    table = slot_allocation.c.slot_start_s
    first_s, last_s = connection.execute(select(func.min(table), func.max(table))).one()
    if first_s is None:
        return
    day, last = _day_of(first_s, zone), _day_of(last_s, zone)
    while day <= last:
        batch_last = min(day + timedelta(days=_BATCH_DAYS - 1), last)
        _sum(connection, day, batch_last, zone)
        day = batch_last + timedelta(days=1)


def _sum(connection: Connection, first: date, last: date, zone: ZoneInfo) -> None:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    starts_s = [unix_s(local_day(day, zone)[0]) for day in days]
    end_s = unix_s(local_day(last, zone)[1])
    slots = _latest(connection, starts_s[0], end_s)
    rows = list(_days(slots, starts_s))
    within = (day_sum.c.start_s >= starts_s[0]) & (day_sum.c.start_s < end_s)
    connection.execute(delete(day_sum).where(within))
    if rows:
        connection.execute(insert(day_sum), rows)


def _latest(connection: Connection, start_s: int, end_s: int) -> list[Row]:
    table = slot_allocation.c
    wanted = (
        select(
            table.slot_start_s,
            table.status,
            table.consumption_wh,
            table.made,
            *(table[name] for name in SUMS),
        )
        .where(table.slot_start_s >= start_s, table.slot_start_s < end_s)
        .order_by(table.slot_start_s, table.version)
    )
    # Ascending versions: the latest one of a slot stays.
    found: dict[int, Row] = {
        row["slot_start_s"]: dict(row) for row in connection.execute(wanted).mappings()
    }
    return list(found.values())


def _days(slots: Iterable[Row], starts_s: Sequence[int]) -> Iterator[Row]:
    def day_of(slot: Row) -> int:
        return starts_s[bisect_right(starts_s, slot["slot_start_s"]) - 1]

    return (_day(start_s, list(of_day)) for start_s, of_day in groupby(slots, key=day_of))


def _day(start_s: int, slots: Sequence[Row]) -> Row:
    known = [slot for slot in slots if slot["produced_wh"] is not None]
    used = [slot["consumption_wh"] for slot in known if slot["consumption_wh"] is not None]
    statuses = Counter(slot["status"] for slot in slots)
    return {
        "start_s": start_s,
        **{status: statuses[status] for status in map(str, Status)},
        **{name: sum(slot[name] for slot in known) for name in SUMS},
        "consumption_wh": sum(used) if used else None,
        "made": _made(known),
    }


def _made(slots: Iterable[Row]) -> str:
    made: Counter[str] = Counter()
    for slot in slots:
        if slot["made"]:
            made.update(orjson.loads(slot["made"]))
    return orjson.dumps(made, option=orjson.OPT_SORT_KEYS).decode()


def _day_of(slot_start_s: int, zone: ZoneInfo) -> date:
    return moment_of(slot_start_s).astimezone(zone).date()
