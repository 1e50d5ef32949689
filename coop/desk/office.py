"""Everything that a steward's act rests on: the books, the counters, the settings and the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coop.database import Database
from coop.readings import CounterReadings
from coop.settings import CoopSettings
from coop.witness import Witness, unwitnessed


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

    def now(self) -> datetime:
        """Return the moment at which something is done."""
        return self.clock.now()

    def witness(self, steward: str) -> Witness:
        """Return what notes the acts of a steward."""
        del steward
        return unwitnessed
