"""What is in the way of freezing a month: each reason in one line, with the next step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select

from coop.allocation import Status
from coop.calendar import Calendar, stamp
from coop.database.schema import slot_allocation, slot_reason
from coop.metering.ripples import runs
from coop.month.states import Event, State, last_frozen, standing_of
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


class Kind(StrEnum):
    """What can be in the way."""

    LASTS = "lasts"
    EMPTY = "empty"
    BEFORE_IS_OPEN = "before-is-open"
    AFTER_IS_FROZEN = "after-is-frozen"
    UNSETTLED = "unsettled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is in the way of freezing a month; as text, a line with the next step."""

    kind: Kind
    slots: int = 0
    stretches: tuple[range, ...] = ()
    month: str = ""
    """Which other month is meant."""
    until_s: int = 0

    def __str__(self) -> str:
        """Return the line that the command line shows."""
        return _LINES[self.kind].format(
            slots=self.slots,
            month=self.month,
            until=stamp(self.until_s),
            stretches=_told(self.stretches),
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why slots have no production, as a steward recorded it."""

    from_s: int
    to_s: int
    steward: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the books hold of a month: what happened to months, its slots, recorded reasons."""

    name: str
    events: Sequence[Event]
    held: Mapping[int, str]
    """The newest status of each slot that is in the books."""
    reasons: Sequence[Reason] = ()


def read_reasons(connection: Connection, slots: range) -> tuple[Reason, ...]:
    """Return what was recorded of slots of a span, in order."""
    table = slot_reason.c
    wanted = (
        select(table.from_s, table.to_s, table.steward_id, table.reason)
        .where(table.from_s < slots.stop, table.to_s > slots.start)
        .order_by(table.id)
    )
    return tuple(Reason(*row) for row in connection.execute(wanted))


def add_reason(connection: Connection, new: Reason, written_s: int) -> None:
    """Record why slots have no production."""
    row = {"from_s": new.from_s, "to_s": new.to_s, "steward_id": new.steward, "reason": new.text}
    connection.execute(insert(slot_reason).values(**row, written_s=written_s))


def tally_slots(connection: Connection, slots: range) -> Tally:
    """Count where the slots of a span stand."""
    return tally(slots, latest_statuses(connection, slots))


def tally(slots: range, statuses: Mapping[int, str]) -> Tally:
    """Count where the slots of a span stand, from their newest statuses."""
    held = list(statuses.values())
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
    connection: Connection, settings: CoopSettings, month: Seen, now_s: int
) -> tuple[Obstacle, ...]:
    """Return every reason why a month cannot be frozen at a moment; none when it can."""
    calendar = Calendar(settings.zone)
    start_s, end_s = calendar.span(month.name)
    if now_s < end_s:
        return (Obstacle(Kind.LASTS, until_s=end_s),)
    first_s = connection.execute(select(func.min(slot_allocation.c.slot_start_s))).scalar()
    if first_s is None or end_s <= first_s:
        return (Obstacle(Kind.EMPTY),)
    slots = range(max(start_s, first_s), end_s, settings.slot_s)
    return (*_order(month, calendar, first_s), *slots_in_the_way(slots, settings, month, now_s))


def slots_in_the_way(
    slots: range, settings: CoopSettings, month: Seen, now_s: int
) -> tuple[Obstacle, ...]:
    """Return which slots of a month that is over are in the way of freezing it."""
    cut_off_s = slots.stop + (settings.cut_off_day - 1) * SECONDS_A_DAY
    waiting = _waiting(slots, month, cut_off_s) if now_s < cut_off_s else ()
    return (*_unsettled(slots, month), *waiting)


def _order(month: Seen, calendar: Calendar, first_s: int) -> Iterator[Obstacle]:
    before = calendar.before(month.name)
    is_first = calendar.span(before)[1] <= first_s
    if not is_first and standing_of(before, month.events).state is State.OPEN:
        yield Obstacle(Kind.BEFORE_IS_OPEN, month=before)
    newest = last_frozen(month.events)
    if newest is not None and newest > month.name:
        yield Obstacle(Kind.AFTER_IS_FROZEN, month=newest)


def _unsettled(slots: range, month: Seen) -> Iterator[Obstacle]:
    open_slots = [
        at_s
        for at_s in slots
        if month.held.get(at_s, Status.UNSETTLED) == Status.UNSETTLED
        and not any(one.from_s <= at_s < one.to_s for one in month.reasons)
    ]
    if open_slots:
        yield Obstacle(Kind.UNSETTLED, len(open_slots), tuple(runs(open_slots, slots.step)))


def _waiting(slots: range, month: Seen, cut_off_s: int) -> Iterator[Obstacle]:
    waiting = [at_s for at_s in slots if month.held.get(at_s) == Status.PROVISIONAL]
    if waiting:
        found = tuple(runs(waiting, slots.step))
        yield Obstacle(Kind.WAITING, len(waiting), found, until_s=cut_off_s)


def _told(stretches: Sequence[range]) -> str:
    told = [f"{stamp(run.start)} to {stamp(run.stop)}" for run in stretches]
    more = len(told) - SHOWN
    return ", ".join(told[:SHOWN]) + (f" and {more} more stretches" if more > 0 else "")


_LINES = {
    Kind.LASTS: "the month lasts until {until}; wait until it is over",
    Kind.EMPTY: "the books have no slot of this month; check the month, or run minga settle",
    Kind.BEFORE_IS_OPEN: "the month before, {month}, is open; freeze it first: "
    "minga month freeze {month}",
    Kind.AFTER_IS_FROZEN: "{month} is frozen already, months are frozen in order; "
    "nothing can be done",
    Kind.UNSETTLED: "{slots} slots are unsettled without a recorded reason: {stretches}; bring "
    "the readings, or record why: minga month reason --from ... --to ... --steward ID TEXT",
    Kind.WAITING: "{slots} slots wait for a home's reading until {until}: {stretches}; wait until "
    "then, or bring the readings",
}
