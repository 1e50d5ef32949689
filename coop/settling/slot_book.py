"""Writes the lines of slots, and books in the ledger what they mean, in one transaction.

A line that came out the same is not written again. What comes after a month was frozen changes
nothing of it: the line stands apart, and the difference is booked in the open month.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from coop.allocation import Status
from coop.calendar import Calendar
from coop.database.schema import slot_allocation, slot_energy, slot_late
from coop.days import sum_days
from coop.ledger import Draft, SlotPostings
from coop.ledger.book import Ledger
from coop.ledger.drafts import adjust, rebook
from coop.members.community import Community
from coop.settings import CoopSettings
from coop.settling.segment import SlotLine


@dataclass(frozen=True, slots=True)
class Months:
    """How far months are frozen: slots before `frozen_to_s` are, and late news go to `open`."""

    frozen_to_s: int = 0
    open: str = ""

    def is_frozen(self, slot_start_s: int) -> bool:
        """Say whether a slot belongs to a frozen month."""
        return slot_start_s < self.frozen_to_s


class SlotBook:
    """The books of slots inside one transaction."""

    def __init__(self, connection: Connection, settings: CoopSettings, months: Months) -> None:
        self._connection = connection
        self._settings = settings
        self._months = months
        self._ledger = Ledger(connection, settings.id)
        self._latest: Mapping[int, _Latest] = {}

    def find_fresh(self, lines: Sequence[SlotLine]) -> list[SlotLine]:
        """Return the lines that are not in the books as they are; `lines` ascend."""
        self._latest = _find_latest(self._connection, lines, self._months)
        return [line for line in lines if self._known(line).texts != (line.energy, line.allocation)]

    def write(self, fresh: Sequence[SlotLine], community: Community, written_s: int) -> int:
        """Write fresh lines in which the same meters count; return how many supersede another."""
        late = [line for line in fresh if self._months.is_frozen(line.slot_start_s)]
        kept = [line for line in fresh if not self._months.is_frozen(line.slot_start_s)]
        if kept:
            rows = [line.rows(self._known(line).version + 1, written_s) for line in kept]
            self._connection.execute(insert(slot_energy), [energy for energy, _ in rows])
            self._connection.execute(insert(slot_allocation), [shared for _, shared in rows])
            sum_days(self._connection, [line.slot_start_s for line in kept], self._settings.zone)
        if late:
            self._connection.execute(
                insert(slot_late), [self._late_row(line, written_s) for line in late]
            )
        self._ledger.append(self._drafts(fresh, community), written_s)
        return sum(line.slot_start_s in self._latest for line in fresh)

    def _drafts(self, fresh: Sequence[SlotLine], community: Community) -> Iterator[Draft]:
        first = fresh[0]
        postings = SlotPostings(community, first.homes, self._settings.slot_s)
        again = [line.slot_start_s for line in fresh if line.slot_start_s in self._latest]
        booked = self._ledger.booked(again)
        calendar = Calendar(self._settings.zone)
        for line in fresh:
            at_s = line.slot_start_s
            before = booked.get(at_s, {})
            after = None
            if line.shared is not None and line.figures.status == Status.SETTLED:
                after = postings.of(at_s, line.flows, line.shared)
            if not self._months.is_frozen(at_s):
                yield from rebook(at_s, before, after or {}, calendar.month_of(at_s))
            elif after is not None:
                yield from adjust(at_s, before, after, self._months.open)

    def _known(self, line: SlotLine) -> "_Latest":
        return self._latest.get(line.slot_start_s, _NOTHING)

    def _late_row(self, line: SlotLine, written_s: int) -> dict[str, object]:
        return {
            "slot_start_s": line.slot_start_s,
            "version": self._known(line).version + 1,
            "written_s": written_s,
            "energy_line": line.energy,
            "line": line.allocation,
        }


class _Latest(NamedTuple):
    version: int
    texts: tuple[str, str]


_NOTHING = _Latest(0, ("", ""))


def _find_latest(
    connection: Connection, lines: Sequence[SlotLine], months: Months
) -> dict[int, _Latest]:
    """Return the latest lines of the slots from the first to the last of `lines`."""
    first_s, last_s = lines[0].slot_start_s, lines[-1].slot_start_s
    energy, allocation = slot_energy.c, slot_allocation.c
    is_same = (energy.slot_start_s == allocation.slot_start_s) & (
        energy.version == allocation.version
    )
    in_time = (
        select(energy.slot_start_s, energy.version, energy.line, allocation.line)
        .join_from(slot_energy, slot_allocation, is_same)
        .where(energy.slot_start_s >= first_s, energy.slot_start_s <= last_s)
        .order_by(energy.slot_start_s, energy.version)
    )
    # Ascending versions: the latest one of a slot stays, and what came late counts after all.
    found = _by_slot(connection.execute(in_time))
    if months.is_frozen(first_s):
        table = slot_late.c
        late = (
            select(table.slot_start_s, table.version, table.energy_line, table.line)
            .where(table.slot_start_s >= first_s, table.slot_start_s <= last_s)
            .order_by(table.slot_start_s, table.version)
        )
        found |= _by_slot(connection.execute(late))
    return found


def _by_slot(rows: Iterable[tuple[int, int, str, str]]) -> dict[int, _Latest]:
    return {
        at_s: _Latest(version, (energy_line, allocation_line))
        for at_s, version, energy_line, allocation_line in rows
    }
