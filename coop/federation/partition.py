"""One month of one cooperative, settled wherever a worker is free.

A partition knows nothing of the others. It can be done again after any end of its worker: what was
committed stays, the rest follows.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from coop.calendar import Calendar
from coop.database.opening import Database, open_database
from coop.ledger.book import Ledger
from coop.metering.readings import CounterReadings
from coop.month.obstacles import tally_slots
from coop.settings import CoopSettings
from coop.settling.settle import Settler

FAULT_CODE = 70


class Readings(CounterReadings, Protocol):
    """Counters that were opened and must be closed."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Clock(Protocol):
    """Tells what is due."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


class Front(Protocol):
    """The front door of one installation; it travels to the worker."""

    @property
    def config(self) -> Path:
        """Return the installation's file."""
        ...

    def at(self, config: Path) -> Self:
        """Return the front door of another installation."""
        ...

    def problems(self) -> list[str]:
        """Return what is wrong with the file."""
        ...

    def clock(self) -> Clock:
        """Return the clock."""
        ...

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...

    def open_store(self) -> Readings:
        """Open the store of readings."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """The months of a cooperative that are to be settled, in order."""

    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """How the books of a cooperative stand once a month of it is settled."""

    config: str
    coop: str
    month: str
    settled: int
    provisional: int
    unsettled: int
    entries: int
    hash: str
    """Of the newest entry: two runs that say the same have written the same."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a cooperative could not be settled; the others are."""

    config: str
    text: str
    exit_code: int


def find_due(front: Front, now: datetime) -> Due | Failure:
    """Look which months of a cooperative are to be settled."""
    try:
        with _opened(front) as (_, settler):
            return Due(tuple(settler.months_due(now)))
    except Exception as error:  # noqa: BLE001  it goes to another process, as plain values
        return tell_failure(front, error)


def settle_month(
    front: Front, month: str, now: datetime, before: Settled | Failure | None
) -> Settled | Failure:
    """Settle one month behind the one before; what went wrong there goes wrong here."""
    if isinstance(before, Failure):
        return before
    settings = front.coop()
    start_s, end_s = Calendar(settings.zone).span(month)
    try:
        with _opened(front) as (database, settler):
            while settler.settle(now, before_s=end_s).is_overtaken:
                pass  # another one wrote meanwhile, perhaps this very month, and is ahead
            with database.reading() as connection:
                tally = tally_slots(connection, range(start_s, end_s, settings.slot_s))
                last = Ledger(connection, settings.id).last()
    except Exception as error:  # noqa: BLE001  as above
        return tell_failure(front, error)
    return Settled(
        str(front.config),
        settings.id,
        month,
        tally.settled,
        tally.provisional,
        tally.unsettled,
        last.number if last else 0,
        last.hash if last else "",
    )


def tell_failure(front: Front, error: BaseException) -> Failure:
    """Return what a person is told; an error without an exit code is a fault of ours."""
    code = getattr(error, "exit_code", None)
    text = str(error) if code is not None else f"{type(error).__name__}: {error}"
    return Failure(str(front.config), text, FAULT_CODE if code is None else code)


@contextmanager
def _opened(front: Front) -> Iterator[tuple[Database, Settler]]:
    settings = front.coop()
    with open_database(settings) as database, closing(front.open_store()) as readings:
        yield database, Settler(database, readings, settings)
