"""Reads which month, day and slot a household asks for; what is not understood is a `Lost` page."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from coop.calendar import is_month
from coop.slots import moment_of, unix_s
from dashboard.community.asked import EARLIEST
from dashboard.household import lost
from dashboard.household.lost import LostError
from dashboard.language.numbers import month_name
from dashboard.language.wording import FAILURES

_SLOT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A month, and the day whose slots are shown."""

    month: str
    day: date
    is_day_asked: bool


def read_asked(month: str | None, day: str | None, today: date) -> Asked:
    """Read what stands in the address; today where nothing does. Raise LostError."""
    if day is None:
        asked = month or f"{today:%Y-%m}"
        _check_month(asked)
        return Asked(asked, today, is_day_asked=False)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise LostError(400, lost.BAD_DAY) from None
    if not EARLIEST <= found <= today:
        raise LostError(404, FAILURES[404])
    asked = month or f"{found:%Y-%m}"
    _check_month(asked)
    return Asked(asked, found, is_day_asked=True)


def check_in_books(asked: Asked, begin: date | None, today: date) -> None:
    """Raise LostError when the books, which begin on `begin`, do not reach to what is asked for."""
    first = begin or today
    now = f"{today:%Y-%m}"
    if not f"{first:%Y-%m}" <= asked.month <= now:
        told = lost.no_such_month(month_name(f"{first:%Y-%m}"), month_name(now))
        raise LostError(404, told)
    if asked.is_day_asked and asked.day < first:
        raise LostError(404, FAILURES[404])


def months_between(first: date, last: date) -> list[str]:
    """Return the months from one day to another, the newest first."""
    number = last.year * 12 + last.month - 1
    count = number - (first.year * 12 + first.month - 1) + 1
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(number, number - count, -1)]


def read_slot(text: str, slot_s: int, zone: ZoneInfo) -> int:
    """Read the start of a slot, `2026-03-01T17:00Z` or with another offset. Raise LostError."""
    try:
        moment = datetime.fromisoformat(text) if _SLOT.fullmatch(text) else None
        at_s = unix_s(moment) if moment else None
    except (ValueError, OverflowError):
        at_s = None
    if at_s is None or at_s < 0:
        raise LostError(400, lost.BAD_SLOT)
    start_s = at_s // slot_s * slot_s
    if start_s != at_s:
        told = lost.inside_a_slot(moment_of(start_s).astimezone(zone))
        raise LostError(404, told, start_s)
    return at_s


def slot_name(moment: datetime) -> str:
    """Write the start of a slot as addresses do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _check_month(month: str) -> None:
    if not is_month(month):
        raise LostError(400, lost.BAD_MONTH)
