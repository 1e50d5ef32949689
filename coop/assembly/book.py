"""Reads what the assembly is told: four statements, none on raw readings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orjson import loads
from sqlalchemy import Connection, select

from coop.assembly.fund import FundBook
from coop.assembly.model import Assembly
from coop.assembly.register import read_decided
from coop.calendar import Calendar
from coop.database.opening import Database
from coop.database.schema import day_sum, ledger_entry, slot_late
from coop.days import read_registered
from coop.ledger import Kind, Unit
from coop.month.states import State
from coop.settings import CoopSettings


class AssemblyBook:
    """Reads the books for the assembly of one cooperative."""

    def __init__(self, database: Database, settings: CoopSettings) -> None:
        self._database = database
        self._calendar = Calendar(settings.zone)

    def read(self) -> Assembly:
        """Return all that the books hold of it."""
        fund = FundBook(self._calendar)
        with self._database.reading() as connection:
            decided = read_decided(connection)
            received = self._received(connection)
            for said in _entries(connection):
                fund.add(said)
            homes = self._homes(connection, fund.span(received))
        frozen = [one.month for one in decided.months if one.state is not State.OPEN]
        return Assembly(fund.months(received, frozen, homes), fund.grants(), decided)

    def _received(self, connection: Connection) -> dict[str, int]:
        """Return what the slots of each month brought that has figures."""
        table = day_sum.c
        wanted = select(table.start_s, table.fund_tenths_wh).where(
            table.settled + table.provisional > 0
        )
        received: Counter[str] = Counter()
        for start_s, tenths in connection.execute(wanted.order_by(table.start_s)):
            received[self._calendar.month_of(start_s)] += tenths
        return dict(received)

    def _homes(self, connection: Connection, months: Sequence[str]) -> Mapping[str, int]:
        """Return how many households are measured at the end of each month."""
        if not months:
            return {}
        spans = {month: self._calendar.span(month) for month in months}
        registered = read_registered(connection, spans[months[0]][0], spans[months[-1]][1])
        return {month: len(registered.at(end_s - 1).homes) for month, (_, end_s) in spans.items()}


def _entries(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """Yield the entries in soles, and those that late readings made."""
    table = ledger_entry.c
    is_late = table.slot_start_s.in_(select(slot_late.c.slot_start_s).distinct())
    wanted = (
        select(table.line)
        .where((table.unit == Unit.MONEY) | (is_late & (table.kind == Kind.ADJUSTMENT)))
        .order_by(table.number)
    )
    return (loads(line) for (line,) in connection.execute(wanted))
