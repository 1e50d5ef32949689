"""What a home's page asks of the cooperative's database: few statements, and no raw reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from orjson import loads
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, union_all

from coop.database.schema import (
    home,
    ledger_entry,
    meter,
    month_event,
    roof,
    slot_allocation,
    slot_energy,
    slot_late,
)
from coop.household.days import BookedLine, Owners, owners_of
from coop.ledger import Kind, Unit
from coop.members.community import Meter, Validity
from coop.metering.intervals import Quality
from coop.month.states import Act

A_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Register:
    """Who has which meters, and how far the books reach."""

    homes: Mapping[str, str]
    """Names by id."""
    owners: Owners
    frozen: str
    """The newest month that is frozen; empty while none is."""
    first_s: int | None
    """The first slot in the books."""


def read_register(connection: Connection) -> Register:
    """Return all homes with their meters and those of their own roofs."""
    frozen = select(func.max(month_event.c.month)).where(month_event.c.kind == Act.FROZEN)
    first = select(func.min(slot_allocation.c.slot_start_s))
    is_of_it = or_(meter.c.home_id == home.c.id, meter.c.roof_id == roof.c.id)
    columns = meter.c.device, meter.c.quantity, meter.c.valid_from_s, meter.c.valid_to_s
    wanted = (
        select(home.c.id, home.c.name, *columns, frozen.scalar_subquery(), first.scalar_subquery())
        .select_from(home)
        .outerjoin(roof, roof.c.home_id == home.c.id)
        .outerjoin(meter, is_of_it)
        .order_by(home.c.id, meter.c.id)
    )
    rows = connection.execute(wanted).all()
    found = {
        Meter(device, quantity, Validity(from_s, to_s), home_id=home_id)
        for home_id, _, device, quantity, from_s, to_s, *_ in rows
        if device is not None
    }
    frozen_month, first_s = rows[0][-2:] if rows else (None, None)
    return Register({row[0]: row[1] for row in rows}, owners_of(found), frozen_month or "", first_s)


def count_lines(connection: Connection, spans: Iterable[range], origin_s: int) -> Mapping[int, int]:
    """Return how many lines were ever written of each 86,400 s since `origin_s`.

    Lines are only added, so an equal count means that nothing changed.
    """
    at_s = slot_allocation.c.slot_start_s
    block = (at_s - origin_s) // A_DAY_S
    wanted = select(block, func.count()).where(_inside(at_s, spans)).group_by(block)
    return {row[0]: row[1] for row in connection.execute(wanted)}


def read_lines(connection: Connection, spans: Iterable[range]) -> Sequence[BookedLine]:
    """Return the newest line of each slot of the spans, in order."""
    shared, energy = slot_allocation.c, slot_energy.c
    is_same = (energy.slot_start_s == shared.slot_start_s) & (energy.version == shared.version)
    told = case((shared.quality != Quality.MEASURED, energy.line))
    wanted = (
        select(shared.slot_start_s, shared.status, shared.surplus_wh, shared.line, told)
        .join_from(slot_allocation, slot_energy, is_same)
        .where(_inside(shared.slot_start_s, spans))
        .order_by(shared.slot_start_s, shared.version)
    )
    # Ascending versions: the latest one of a slot stays.
    rows = starmap(BookedLine, connection.execute(wanted))
    return list({row.slot_start_s: row for row in rows}.values())


def read_documents(connection: Connection, month: str) -> Sequence[str]:
    """Return the lines of a month's adjustments and of its money, as they stand in the ledger."""
    table = ledger_entry.c
    # Written so that no index of the month is used: a month has thousands of entries.
    is_of_month = table.month.concat("") == month
    money = select(table.number, table.line).where(
        table.unit == Unit.MONEY, table.kind == Kind.MONEY, is_of_month
    )
    late = select(table.number, table.line).where(
        table.slot_start_s.in_(select(slot_late.c.slot_start_s)),
        table.kind == Kind.ADJUSTMENT,
        is_of_month,
    )
    rows = connection.execute(union_all(late, money)).all()
    return [line for _, line in sorted(tuple(row) for row in rows)]


def documents_of(lines: Iterable[str], kind: Kind) -> list[dict[str, Any]]:
    """Return what the entries of one kind say."""
    return [said for said in map(loads, lines) if said["kind"] == kind]


def _inside(at_s: ColumnElement[int], spans: Iterable[range]) -> ColumnElement[bool]:
    return or_(*(and_(at_s >= span.start, at_s < span.stop) for span in spans))
