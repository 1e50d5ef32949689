"""Settles what is due, and again where data came late.

It decides which slots to look at and what to write; how energy is metered and shared is decided in
`intervals` and `allocation`. Killed at any point it does the rest next time.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, func, select, update

from coop.calendar import Calendar
from coop.database.opening import Database
from coop.database.schema import settle_state, slot_allocation
from coop.errors import StateError
from coop.garbage import uncollected
from coop.members.by_hand.entries import entered_since, read_entries
from coop.members.community import Community
from coop.members.registry import read_community
from coop.metering.readings import STORE_SLOT_S, CounterReadings, Edge
from coop.metering.readings import Counter as CounterName
from coop.metering.ripples import around, rippled, runs
from coop.month.events import read_months
from coop.settings import CoopSettings
from coop.settling.lines import Metering
from coop.settling.segment import SlotLine
from coop.settling.slot_book import Months, SlotBook
from coop.slots import moment_of, unix_s

CHUNK_SLOTS = 1_000
"""Slots that one transaction writes at most."""

Progress = Callable[[int, int], None]
"""Told how many of how many slots are looked at."""


@dataclass(frozen=True, slots=True)
class SettleResult:
    """What one run did."""

    looked_at: int = 0
    written: int = 0
    superseded: int = 0
    """Of those written, how many replaced an earlier line."""
    settled: int = 0
    provisional: int = 0
    unsettled: int = 0
    """What those written came to."""
    through: datetime | None = None
    """Up to when the books reach; None while they are empty."""
    is_overtaken: bool = False
    """Whether it stopped because another settler wrote at the same time; the next run goes on."""


class Settler:
    """Settle slots once they are due, and again when their readings or the registry changed."""

    def __init__(
        self, database: Database, readings: CounterReadings, settings: CoopSettings
    ) -> None:
        self._database = database
        self._readings = readings
        self._settings = settings
        self._slot_s = settings.slot_s
        self._metering = Metering(readings, settings)

    def months_due(self, now: datetime) -> list[str]:
        """Return the months in which slots are to be looked at."""
        books = self._look()
        changed, _ = self._changes(books.change_version)
        calendar = Calendar(self._settings.zone)
        slots = self._slots_to_look_at(books, changed, now)
        return sorted({calendar.month_of(slot_start_s) for slot_start_s in slots})

    @uncollected()
    def settle(
        self, now: datetime, progress: Progress | None = None, before_s: int | None = None
    ) -> SettleResult:
        """Settle every slot that is due at `now`; doing it twice changes nothing.

        Slots from `before_s` on are left to another run, with what else it takes to be done.
        """
        books = self._look()
        changed, version = self._changes(books.change_version)
        due = self._slots_to_look_at(books, changed, now)
        slots = due if before_s is None else due[: bisect_left(due, before_s)]
        tally = _Tally()
        try:
            for chunk in _chunks(slots, books, self._slot_s):
                is_final = books.months.is_frozen(chunk.start)
                lines = self._metering.lines(chunk, books.community, is_final=is_final)
                self._write(lines, books, tally, now)
                tally.looked_at += len(chunk)
                if progress is not None:
                    progress(tally.looked_at, len(slots))
            if len(slots) == len(due):
                self._finish(books, version)
        except _OvertakenError:
            return tally.result(books.frontier_s, is_overtaken=True)
        reached_s = [books.frontier_s] if books.frontier_s else []
        reached_s += [slots[-1] + self._slot_s] if slots else []
        return tally.result(max(reached_s, default=None))

    def _look(self) -> "_Books":
        starts = slot_allocation.c.slot_start_s
        with self._database.reading() as connection:
            state = connection.execute(select(settle_state)).one()
            first_s, last_s = connection.execute(select(func.min(starts), func.max(starts))).one()
            community = read_community(connection)
            entries = read_entries(connection)
            months = read_months(connection, Calendar(self._settings.zone))
        if state.slot_s not in (None, self._slot_s):
            raise StateError(
                f"[coop] slot_minutes: found {self._settings.slot_minutes}, but the books in "
                f"{self._database.name} are kept in slots of {state.slot_s // 60} minutes; "
                "set it back, or begin new books in another database"
            )
        frontier_s = None if last_s is None else last_s + self._slot_s
        return _Books(
            community=community,
            months=months,
            first_s=first_s,
            frontier_s=frontier_s,
            change_version=state.change_version,
            manual_id=entries[-1].id if entries else 0,
            told=list(entered_since(entries, state.manual_id)),
            registry_version=state.registry_version,
            resettle_from_s=state.resettle_from_s,
            turn=state.turn,
        )

    def _changes(self, version: int) -> tuple[set[int], int]:
        changed: set[int] = set()
        while (news := self._readings.changed_slots(version)).version > version:
            changed.update(news.slot_starts_s)
            version = news.version
        return changed, version

    def _slots_to_look_at(self, books: "_Books", changed: set[int], now: datetime) -> list[int]:
        due_s = (unix_s(now) - self._settings.settle_delay_s) // self._slot_s * self._slot_s
        begin_s = self._begin_s(books, changed)
        if begin_s is None:
            return []
        new_from_s = begin_s if books.frontier_s is None else books.frontier_s
        due_s = max(due_s, books.frontier_s or due_s)  # a clock set back undoes nothing
        wanted = set(range(new_from_s, due_s, self._slot_s))
        if books.first_s is not None:
            wanted.update(range(begin_s, books.first_s, self._slot_s))
            again_from_s = books.resettle_from_s
            if again_from_s is not None:
                wanted.update(range(max(begin_s, again_from_s), due_s, self._slot_s))
            for start_s, end_s in self._touched(books, changed, new_from_s):
                last_s = due_s if end_s is None else min(end_s, due_s)
                first_s = start_s // self._slot_s * self._slot_s
                wanted.update(range(max(begin_s, first_s), last_s, self._slot_s))
        return sorted(wanted)

    def _begin_s(self, books: "_Books", changed: set[int]) -> int | None:
        """Return the first slot of the books: where the first roof's first sample lies."""
        first_s = books.first_s
        may_be_earlier = books.resettle_from_s is not None or min(changed, default=0) < (
            first_s or 0
        )
        if first_s is not None and not may_be_earlier:
            return first_s
        found = [] if first_s is None else [first_s]
        for meter in books.community.production_meters():
            since = moment_of(meter.validity.from_s)
            edges = self._readings.edges([meter.counter], since, since).get(meter.counter, ())
            starts_s = [
                edge.slot_start_s
                for edge in map(Edge._make, edges)
                if meter.validity.holds_at(edge.slot_start_s)
            ]
            found.extend(starts_s[:1])
        return min(found) // self._slot_s * self._slot_s if found else None

    def _touched(
        self, books: "_Books", changed: set[int], new_from_s: int
    ) -> Iterator[tuple[int, int | None]]:
        """Yield the stretches that new samples and new manual readings may touch.

        From `new_from_s` on every slot is looked at anyway: of what is new there, the first sample
        of each counter tells how far before it reaches.
        """
        reach_s = self._metering.reach_s
        counters = sorted({meter.counter for meter in books.community.meters})
        late = {slot_start_s for slot_start_s in changed if slot_start_s < new_from_s}
        if len(late) < len(changed):
            beside = self._metering.edges(counters, range(new_from_s, new_from_s))
            for edges in beside.values():
                new = range(new_from_s, edges[-1][0] + STORE_SLOT_S, STORE_SLOT_S)
                yield from rippled(edges, new, reach_s)
        for run in runs(late, STORE_SLOT_S):
            found = self._metering.edges(counters, run)
            for edges in found.values():
                yield from rippled(edges, run, reach_s)
        for counter, at_s in books.told:
            near = self._metering.edges([counter], range(at_s, at_s + 1)).get(counter, ())
            yield around(near, at_s, reach_s)

    def _write(
        self, lines: Sequence[SlotLine], books: "_Books", tally: "_Tally", now: datetime
    ) -> None:
        with self._database.writing() as connection:
            book = SlotBook(connection, self._settings, books.months)
            fresh = book.find_fresh(lines)
            if not fresh:
                return
            self._take_turn(connection, books)
            superseded = book.write(fresh, books.community, unix_s(now))
        tally.count(fresh, superseded)

    def _finish(self, books: "_Books", version: int) -> None:
        if version == books.change_version and books.resettle_from_s is None and not books.told:
            return
        # What was registered while this ran is for the next run.
        is_same = settle_state.c.registry_version == books.registry_version
        with self._database.writing() as connection:
            self._take_turn(connection, books, change_version=version, manual_id=books.manual_id)
            connection.execute(update(settle_state).where(is_same).values(resettle_from_s=None))

    def _take_turn(self, connection: Connection, books: "_Books", **values: int) -> None:
        """Refuse to write when another settler wrote since `books` was read: its view is newer."""
        turn = settle_state.c.turn
        mine = update(settle_state).where(turn == books.turn)
        done = connection.execute(mine.values(turn=turn + 1, slot_s=self._slot_s, **values))
        if done.rowcount != 1:
            raise _OvertakenError
        books.turn += 1


class _OvertakenError(Exception):
    """Another settler wrote meanwhile; what it wrote rests on newer readings."""


@dataclass(slots=True)
class _Books:
    community: Community
    months: Months
    first_s: int | None
    frontier_s: int | None
    change_version: int
    manual_id: int
    told: Sequence[tuple[CounterName, int]]
    """Counter and moment of each manual reading entered since."""
    registry_version: int
    resettle_from_s: int | None
    turn: int


@dataclass(slots=True)
class _Tally:
    looked_at: int = 0
    superseded: int = 0
    statuses: Counter[str] = field(default_factory=Counter)

    def count(self, lines: Sequence[SlotLine], superseded: int) -> None:
        self.statuses.update(line.figures.status for line in lines)
        self.superseded += superseded

    def result(self, through_s: int | None, *, is_overtaken: bool = False) -> SettleResult:
        return SettleResult(
            looked_at=self.looked_at,
            written=self.statuses.total(),
            superseded=self.superseded,
            settled=self.statuses["settled"],
            provisional=self.statuses["provisional"],
            unsettled=self.statuses["unsettled"],
            through=None if through_s is None else moment_of(through_s),
            is_overtaken=is_overtaken,
        )


def _chunks(slots: Sequence[int], books: _Books, slot_s: int) -> Iterator[range]:
    """Cut slots where a key, a meter or a month changes, and into what one transaction holds."""
    for run in runs(slots, slot_s):
        turns = books.community.turns_between(run.start, run.stop, slot_s)
        if run.start < books.months.frozen_to_s < run.stop:
            turns = sorted({*turns, books.months.frozen_to_s})
        for start_s, end_s in pairwise([run.start, *turns, run.stop]):
            for first_s in range(start_s, end_s, CHUNK_SLOTS * slot_s):
                yield range(first_s, min(first_s + CHUNK_SLOTS * slot_s, end_s), slot_s)
