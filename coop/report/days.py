"""What each local day of a month came to, from the days that are summed beside their slots."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Connection

from coop import days
from coop.report.model import DayReport
from coop.settings import CoopSettings

Owner = Callable[[str], str | None]
"""Returns whose own a roof is, None of the community's."""


def read_days(
    connection: Connection, month: str, settings: CoopSettings, owner_of: Owner
) -> tuple[DayReport, ...]:
    """Return every day of a month in order; one of which no slot has figures has none."""
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    # How many slots are due is nothing to a report: a month is told as far as it is settled.
    due = days.Due(before_s=0, slot_s=settings.slot_s)
    wanted = days.Days(first, last, settings.zone)
    found = days.read_days(connection, wanted, due)
    registered = days.read_registered(connection, found[0].start_s, found[-1].end_s)
    return tuple(_day(one, settings.slot_s, owner_of, registered) for one in found)


def _day(one: days.DaySum, slot_s: int, owner_of: Owner, registered: days.Registered) -> DayReport:
    made = (one.made or {}).keys()
    roofs = (account.removeprefix(_ROOF) for account in made if account.startswith(_ROOF))
    return DayReport(
        day=one.day.isoformat(),
        slots=(one.end_s - one.start_s) // slot_s,
        counted=one.settled + one.provisional,
        produced_wh=one.produced_wh,
        own_use_wh=one.own_use_wh,
        shared_wh=one.shared_wh,
        set_aside_wh=one.set_aside_wh,
        surplus_wh=one.surplus_wh,
        consumption_wh=one.consumption_wh,
        homes=len(registered.at(one.end_s - 1).homes),
        makers=len({owner_of(roof) for roof in roofs} - {None}),
    )


_ROOF = "roof:"
