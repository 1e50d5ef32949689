"""Reads what days came to, each only once as long as nothing new was written of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import Connection

from coop.household.asking import A_DAY_S, count_lines, read_lines
from coop.household.days import BookedLine, DaySums, add_up
from coop.household.view import View, joined
from coop.memory import Memory
from coop.month.money import Prices, Tariff

_DAYS_KEPT = 500
_DAYS_WITH_LINES = 8

Stamp = tuple[tuple[int, ...], tuple[Tariff, ...]]
"""What changes when anything does that a day was made from."""


@dataclass(frozen=True, slots=True)
class ReadDays:
    """What each day came to, from what it was made, and the lines of the day that was wanted."""

    sums: Mapping[date, DaySums]
    stamps: Mapping[date, Stamp]
    lines: Sequence[BookedLine]


class DayReader:
    """Reads days; one for the whole life of the pages."""

    def __init__(self) -> None:
        self._sums: Memory[DaySums] = Memory(_DAYS_KEPT)
        self._lines: Memory[Sequence[BookedLine]] = Memory(_DAYS_WITH_LINES)
        self._filling = Lock()

    def read(self, connection: Connection, view: View) -> ReadDays:
        """Return the days of a page."""
        days = view.days()
        stamps = _stamps(connection, view, days)
        sums = self._recall(stamps)
        lines = self._lines.recall(view.wanted.day, stamps[view.wanted.day])
        if lines is None or len(sums) < len(days):
            with self._filling:
                # Meanwhile another thread may have read the same.
                sums = self._recall(stamps)
                lines = self._fill(connection, view, sums, stamps)
        return ReadDays(sums, stamps, lines)

    def _recall(self, stamps: Mapping[date, Stamp]) -> dict[date, DaySums]:
        found = {day: self._sums.recall(day, stamp) for day, stamp in stamps.items()}
        return {day: held for day, held in found.items() if held is not None}

    def _fill(
        self,
        connection: Connection,
        view: View,
        sums: dict[date, DaySums],
        stamps: Mapping[date, Stamp],
    ) -> Sequence[BookedLine]:
        """Read the days that `sums` lacks into it; return the lines of the one wanted."""
        days = {day: view.slots(day) for day in stamps if day not in sums or day == view.wanted.day}
        found = read_lines(connection, joined(days.values()))
        for day, slots in days.items():
            lines = [line for line in found if line.slot_start_s in slots]
            if day not in sums:
                sums[day] = _add_up(view, lines)
                self._sums.keep(day, stamps[day], sums[day])
            if day == view.wanted.day:
                wanted = lines
        self._lines.keep(view.wanted.day, stamps[view.wanted.day], wanted)
        return wanted


def _add_up(view: View, lines: Sequence[BookedLine]) -> DaySums:
    prices = Prices(view.tariffs)
    return add_up(lines, prices, view.register.owners, lambda at_s: view.local(at_s).hour)


def _stamps(connection: Connection, view: View, days: Mapping[date, range]) -> dict[date, Stamp]:
    spans = joined(days.values())
    origin_s = spans[-1].start % A_DAY_S
    counts = count_lines(connection, spans, origin_s)
    return {day: (_counted(counts, span, origin_s), view.tariffs) for day, span in days.items()}


def _counted(counts: Mapping[int, int], span: range, origin_s: int) -> tuple[int, ...]:
    first, last = ((at_s - origin_s) // A_DAY_S for at_s in (span.start, span[-1]))
    return tuple(counts.get(block, 0) for block in range(first, last + 1))
