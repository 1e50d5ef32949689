"""Long lists of slots in parts: which days a part needs, and where the next one goes on. Pure.

A cursor is the start of a slot, so a list goes on at the same place while new slots are written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from coop.slots import local_day, moment_of, unix_s

_A_DAY_S = 86_400
_BASE = 36
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Row(Protocol):
    """Something of one slot."""

    @property
    def start(self) -> datetime:
        """Return when the slot starts."""
        ...


_Row = TypeVar("_Row", bound=Row)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The local days of a list, in which zone, and how long a slot is."""

    first: date
    last: date
    zone: ZoneInfo
    slot_s: int


@dataclass(frozen=True, slots=True)
class Part(Generic[_Row]):
    """Some rows of a list, and the cursor of those after them; None after the last."""

    rows: Sequence[_Row]
    cursor: str | None = None


def read_part(
    read: Callable[[date, date], Sequence[_Row]], stretch: Stretch, limit: int, cursor: str | None
) -> Part[_Row]:
    """Return at most `limit` rows from the cursor on, reading no more days than that takes."""
    start_s = unix_s(local_day(stretch.first, stretch.zone)[0])
    from_s = max(start_s, int(cursor, _BASE) if cursor else start_s)
    if from_s >= unix_s(local_day(stretch.last, stretch.zone)[1]):
        return Part(())
    first = moment_of(from_s).astimezone(stretch.zone).date()
    last = min(stretch.last, first + timedelta(days=limit * stretch.slot_s // _A_DAY_S + 1))
    rows = [row for row in read(first, last) if unix_s(row.start) >= from_s]
    if len(rows) > limit:
        return Part(rows[:limit], _written(unix_s(rows[limit].start)))
    if last == stretch.last:
        return Part(rows)
    return Part(rows, _written(unix_s(local_day(last, stretch.zone)[1])))


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, _BASE)
        digits = _DIGITS[digit] + digits
    return digits
