"""Reads what the books say of meters, slot by slot; no raw reading is touched."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, func, literal, select, union_all

from coop.database.schema import slot_allocation, slot_energy, slot_reason, tariff
from coop.month.money import TariffKind
from coop.month.obstacles import Reason


class EnergyLine(NamedTuple):
    """The newest line of one slot: canonical JSON, see `coop.settling.segment.SlotLine.energy`."""

    slot_start_s: int
    text: str


def read_energy(connection: Connection, start_s: int, end_s: int) -> Iterator[EnergyLine]:
    """Yield the lines of the slots in [start, end) that are in the books, in order."""
    table = slot_energy.c
    wanted = (
        select(table.slot_start_s, table.line)
        .where(table.slot_start_s >= start_s, table.slot_start_s < end_s)
        .order_by(table.slot_start_s, table.version)
    )
    held: EnergyLine | None = None
    for row in connection.execute(wanted):
        found = EnergyLine(*row)
        if held is not None and held.slot_start_s != found.slot_start_s:
            yield held
        held = found
    if held is not None:
        yield held


class Extent(NamedTuple):
    """What the books hold: first and last slot, how many lines of some slots, the first price."""

    span: tuple[int, int] | None
    """None while the books are empty."""
    lines: int
    priced_from_s: int | None
    """From when a price of the utility is in force; None while there is none."""


def read_extent(connection: Connection, start_s: int = 0, end_s: int = 0) -> Extent:
    """Return how far the books reach, and how many lines were ever written of [start, end)."""
    table, price = slot_energy.c, tariff.c
    inside = select(func.count()).where(table.slot_start_s >= start_s, table.slot_start_s < end_s)
    priced = select(func.min(price.valid_from_s)).where(price.kind == TariffKind.UTILITY)
    wanted = select(
        func.min(table.slot_start_s),
        func.max(table.slot_start_s),
        inside.scalar_subquery(),
        priced.scalar_subquery(),
    )
    first_s, last_s, lines, priced_from_s = connection.execute(wanted).one()
    return Extent(None if first_s is None else (first_s, last_s), lines, priced_from_s)


class Slots(NamedTuple):
    """How the slots of a span stand, and which of them a steward wrote a reason for."""

    statuses: dict[int, str]
    """The newest status of each slot that is in the books."""
    reasons: tuple[Reason, ...]


def read_slots(connection: Connection, slots: range) -> Slots:
    """Return how the slots of a span stand; one statement."""
    booked, reason = slot_allocation.c, slot_reason.c
    first_s, end_s = slots.start, slots.stop
    lines = select(
        booked.slot_start_s.label("from_s"),
        literal(0).label("to_s"),
        booked.version.label("turn"),
        booked.status.label("told"),
    ).where(booked.slot_start_s >= first_s, booked.slot_start_s < end_s)
    reasons = select(reason.from_s, reason.to_s, reason.id, reason.steward_id).where(
        reason.from_s < end_s, reason.to_s > first_s
    )
    rows = sorted(connection.execute(union_all(lines, reasons)), key=lambda row: row.turn)
    return Slots(
        {row.from_s: row.told for row in rows if not row.to_s},
        tuple(Reason(row.from_s, row.to_s, row.told, "") for row in rows if row.to_s),
    )
