"""What the database holds of slots: their newest lines in time, and what came after the freeze."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coop.database.schema import ledger_entry, slot_allocation, slot_energy, slot_late
from coop.ledger import Kind
from coop.slots import parse_utc_s


class BookedSlot(NamedTuple):
    """The lines of one slot, as it was settled last before its month was frozen."""

    slot_start_s: int
    version: int
    energy: str
    allocation: str


def read_slots(connection: Connection, slots: range) -> Iterator[BookedSlot]:
    """Yield the slots of a span that are in the books, in order."""
    energy, shared = slot_energy.c, slot_allocation.c
    is_same = (energy.slot_start_s == shared.slot_start_s) & (energy.version == shared.version)
    wanted = (
        select(energy.slot_start_s, energy.version, energy.line, shared.line)
        .join_from(slot_energy, slot_allocation, is_same)
        .where(energy.slot_start_s >= slots.start, energy.slot_start_s < slots.stop)
        .order_by(energy.slot_start_s, energy.version)
    )
    held: BookedSlot | None = None
    for row in connection.execute(wanted):
        found = BookedSlot(*row)
        if held is not None and held.slot_start_s != found.slot_start_s:
            yield held
        held = found
    if held is not None:
        yield held


def read_late_entries(connection: Connection) -> list[dict[str, Any]]:
    """Return all adjustments of all months, in order."""
    table = ledger_entry.c
    wanted = (
        select(table.line)
        .where(table.slot_start_s.in_(select(slot_late.c.slot_start_s).distinct()))
        .where(table.kind == Kind.ADJUSTMENT)
        .order_by(table.number)
    )
    return [json.loads(line) for (line,) in connection.execute(wanted)]


def read_adjustments(connection: Connection, slots: range) -> dict[int, list[dict[str, Any]]]:
    """Return what was booked for slots of a span after their month was frozen, by slot."""
    table = ledger_entry.c
    wanted = (
        select(table.line)
        .where(table.slot_start_s >= slots.start, table.slot_start_s < slots.stop)
        .where(table.kind == Kind.ADJUSTMENT)
        .order_by(table.number)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for (line,) in connection.execute(wanted):
        said = json.loads(line)
        found.setdefault(parse_utc_s(said["slot"]), []).append(said)
    return found
