"""Manual readings in the database: entered by a steward with a reason, never edited.

Of one counter and moment the newest entry counts; the earlier ones stay on record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from coop.database.schema import manual_reading
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """One row: what a steward said of a counter at a moment, and why."""

    id: int
    counter: Counter
    at_s: int
    wh: int
    begins_anew: bool
    """Whether it is what a changed meter began with, rather than what the counter said."""
    steward: str
    reason: str
    written_s: int
    withdrawn: bool

    @property
    def place(self) -> tuple[Counter, int, bool]:
        """Return what a newer entry must agree in to stand in place of this one."""
        return (self.counter, self.at_s, self.begins_anew)


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells something, why and when."""

    steward: str
    reason: str
    written_s: int


def read_entries(connection: Connection) -> list[ManualEntry]:
    """Return all that was ever entered, in order."""
    table = manual_reading.c
    wanted = select(
        table.id,
        table.device,
        table.quantity,
        table.taken_s,
        table.counter_wh,
        table.begins_anew,
        table.steward_id,
        table.reason,
        table.written_s,
        table.withdrawn,
    ).order_by(table.id)
    return [
        ManualEntry(number, (device, quantity), *rest)
        for number, device, quantity, *rest in connection.execute(wanted)
    ]


def standing(entries: Sequence[ManualEntry]) -> list[ManualEntry]:
    """Return the entries that count: the newest of each place, unless it was withdrawn."""
    newest = {one.place: one for one in entries}
    return [one for one in newest.values() if not one.withdrawn]


def manual_readings(entries: Sequence[ManualEntry]) -> tuple[ManualReading, ...]:
    """Return what counts as readings, by counter and moment."""
    held = {one.place: one.wh for one in standing(entries)}
    return tuple(
        ManualReading(counter, at_s, wh, held.get((counter, at_s, True)))
        for (counter, at_s, begins_anew), wh in sorted(held.items())
        if not begins_anew
    )


def enter(connection: Connection, new: ManualReading, telling: Telling) -> None:
    """Enter a reading, or both readings of a change-over; what stood there before is superseded."""
    _insert(connection, new, telling, withdrawn=False)


def withdraw(connection: Connection, held: ManualReading, telling: Telling) -> None:
    """Take a reading back; it stays on record."""
    _insert(connection, held, telling, withdrawn=True)


def entered_since(entries: Sequence[ManualEntry], number: int) -> Iterator[tuple[Counter, int]]:
    """Yield the counters and moments of what was entered after an entry."""
    return ((one.counter, one.at_s) for one in entries if one.id > number)


def _insert(
    connection: Connection, told: ManualReading, telling: Telling, *, withdrawn: bool
) -> None:
    device, quantity = told.counter
    row = {
        "device": device,
        "quantity": quantity,
        "taken_s": told.at_s,
        "steward_id": telling.steward,
        "reason": telling.reason,
        "written_s": telling.written_s,
        "withdrawn": withdrawn,
    }
    rows = [{**row, "counter_wh": told.wh, "begins_anew": False}]
    if told.anew_wh is not None:
        rows.append({**row, "counter_wh": told.anew_wh, "begins_anew": True})
    connection.execute(insert(manual_reading), rows)
