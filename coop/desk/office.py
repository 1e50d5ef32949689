"""Everything that a steward's act rests on: the books, the counters, the settings and the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from coop.database.opening import Database
from coop.doors.deeds import Deed, What, note, of_steward
from coop.metering.readings import CounterReadings
from coop.settings import CoopSettings
from coop.slots import unix_s
from coop.witness import Witness


class Clock(Protocol):
    """Tells when something is done."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Where stewards act; safe to share between threads."""

    database: Database
    readings: CounterReadings
    settings: CoopSettings
    clock: Clock
    machine: Clock
    """The machine's own, by which the record of deeds is kept."""

    def now(self) -> datetime:
        """Return the moment at which something is done."""
        return self.clock.now()

    def witness(self, steward: str) -> Witness:
        """Return what notes the acts of a steward in the record of deeds."""

        def take_down(connection: Connection, act: str) -> None:
            done = Deed(unix_s(self.machine.now()), of_steward(steward), What.ACTED, act)
            note(connection, done)

        return take_down
