"""What is in the way of freezing a month: each reason in one line, with the next step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from coop.allocation import Status
from coop.calendar import Calendar, stamp
from coop.month.events import read_events
from coop.month.states import State, last_frozen, standing_of
from coop.ripples import runs
from coop.schema import slot_allocation, slot_reason
from coop.settings import CoopSettings

SECONDS_A_DAY = 86_400
SHOWN = 10
"""How many stretches of slots one reason names."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many slots of a month stand where."""

    slots: int
    settled: int = 0
    provisional: int = 0
    unsettled: int = 0

    @property
    def missing(self) -> int:
        """Return how many slots the books do not have."""
        return self.slots - self.settled - self.provisional - self.unsettled


def tally_slots(connection: Connection, slots: range) -> Tally:
    """Count where the slots of a span stand."""
    held = list(latest_statuses(connection, slots).values())
    return Tally(
        len(slots),
        held.count(Status.SETTLED),
        held.count(Status.PROVISIONAL),
        held.count(Status.UNSETTLED),
    )


def latest_statuses(connection: Connection, slots: range) -> dict[int, str]:
    """Return the newest status of each slot that is in the books."""
    table = slot_allocation.c
    wanted = (
        select(table.slot_start_s, table.status)
        .where(table.slot_start_s >= slots.start, table.slot_start_s < slots.stop)
        .order_by(table.slot_start_s, table.version)
    )
    return {row.slot_start_s: row.status for row in connection.execute(wanted)}


def find_obstacles(
    connection: Connection, settings: CoopSettings, month: str, now_s: int
) -> tuple[str, ...]:
    """Return every reason why a month cannot be frozen at a moment; none when it can."""
    calendar = Calendar(settings.zone)
    start_s, end_s = calendar.span(month)
    if now_s < end_s:
        return (f"the month lasts until {stamp(end_s)}; wait until it is over",)
    first_s = connection.execute(select(func.min(slot_allocation.c.slot_start_s))).scalar()
    if first_s is None or end_s <= first_s:
        return ("the books have no slot of this month; check the month, or run minga settle",)
    slots = range(max(start_s, first_s), end_s, settings.slot_s)
    held = latest_statuses(connection, slots)
    cut_off_s = end_s + (settings.cut_off_day - 1) * SECONDS_A_DAY
    return (
        *_order(connection, calendar, month, first_s),
        *_unsettled(connection, slots, held),
        *(_waiting(slots, held, cut_off_s) if now_s < cut_off_s else ()),
    )


def _order(connection: Connection, calendar: Calendar, month: str, first_s: int) -> Iterator[str]:
    events = read_events(connection)
    before = calendar.before(month)
    is_first = calendar.span(before)[1] <= first_s
    if not is_first and standing_of(before, events).state is State.OPEN:
        yield f"the month before, {before}, is open; freeze it first: minga month freeze {before}"
    newest = last_frozen(events)
    if newest is not None and newest > month:
        yield f"{newest} is frozen already, months are frozen in order; nothing can be done"


def _unsettled(connection: Connection, slots: range, held: dict[int, str]) -> Iterator[str]:
    reasons = connection.execute(select(slot_reason.c.from_s, slot_reason.c.to_s)).all()
    open_slots = [
        at_s
        for at_s in slots
        if held.get(at_s, Status.UNSETTLED) == Status.UNSETTLED
        and not any(from_s <= at_s < to_s for from_s, to_s in reasons)
    ]
    if open_slots:
        yield (
            f"{len(open_slots)} slots are unsettled without a recorded reason: "
            f"{_told(open_slots, slots.step)}; bring the readings, or record why: "
            "minga month reason --from ... --to ... --steward ID TEXT"
        )


def _waiting(slots: range, held: dict[int, str], cut_off_s: int) -> Iterator[str]:
    waiting = [at_s for at_s in slots if held.get(at_s) == Status.PROVISIONAL]
    if waiting:
        yield (
            f"{len(waiting)} slots wait for a home's reading until {stamp(cut_off_s)}: "
            f"{_told(waiting, slots.step)}; wait until then, or bring the readings"
        )


def _told(slot_starts_s: Sequence[int], slot_s: int) -> str:
    stretches = [f"{stamp(run.start)} to {stamp(run.stop)}" for run in runs(slot_starts_s, slot_s)]
    more = len(stretches) - SHOWN
    return ", ".join(stretches[:SHOWN]) + (f" and {more} more stretches" if more > 0 else "")
