"""Closes months for stewards at a page: the functions of `minga month`, each step doable twice.

A step that was done already is not done again and is no error: who asks sees how the month stands.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from coop.calendar import Calendar
from coop.database.schema import slot_allocation
from coop.desk.office import Office
from coop.errors import InputError, RefusedError
from coop.month.booked import read_late_entries
from coop.month.closing import Closing, Status
from coop.month.events import read_events
from coop.month.states import Act, Standing, State, standing_of
from coop.slots import moment_of, parse_utc_s


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the list."""

    month: str
    standing: Standing
    is_over: bool


@dataclass(frozen=True, slots=True)
class LateTold:
    """How many slots of one month were corrected in the books of a later one."""

    of: str
    booked_in: str
    slots: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """How a month stands, and what readings that came late changed."""

    status: Status
    late: tuple[LateTold, ...]
    """Corrections of this month in later books, and of earlier months in this one's."""


class Months:
    """The months of the cooperative, as stewards close them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._calendar = Calendar(office.settings.zone)

    def lines(self) -> list[MonthLine]:
        """Return the months from the first in the books to the present one, the newest first."""
        now = self._calendar.of(self._office.now())
        with self._office.database.reading() as connection:
            first, events = self._first(connection), read_events(connection)
        if first is None:
            return []
        months = [now]
        while months[-1] > first:
            months.append(self._calendar.before(months[-1]))
        return [MonthLine(one, standing_of(one, events), one < now) for one in months]

    def view(self, month: str) -> MonthView:
        """Return how a month stands; raise InputError for what is no month."""
        closing = self._closing()
        with self._office.database.reading() as connection:
            status = closing.status_in(connection, month, self._office.now())
            late = read_late_entries(connection)
        counts = Counter((self._month_of(said["slot"]), str(said["month"])) for said in late)
        told = [LateTold(*names, counts[names]) for names in sorted(counts) if month in names]
        return MonthView(status, tuple(told))

    def freeze(self, month: str, steward: str) -> None:
        """Freeze a month, unless it is frozen; raise RefusedError while something is in the way."""
        closing = self._closing(steward)
        self._do(month, lambda: closing.freeze(month, self._office.now()), _is_frozen)

    def sign(self, month: str, steward: str) -> None:
        """Sign a month, unless this steward did; raise InputError or RefusedError."""
        closing = self._closing(steward)

        def has_signed(standing: Standing) -> bool:
            return steward in standing.signed_by

        self._do(month, lambda: closing.sign(month, steward, self._office.now()), has_signed)

    def review(self, month: str, act: Act, text: str, steward: str) -> None:
        """Enter what the assembly said of a closed month; raise RefusedError before that."""
        self._closing(steward).review(month, act, text, self._office.now())

    def record_reason(self, month: str, span_s: tuple[int, int], steward: str, text: str) -> None:
        """Record why slots have no production, unless the same stands there; raise InputError."""
        self._closing(steward).record_reason(month, span_s, steward, text, self._office.now())

    def _do(
        self, month: str, act: Callable[[], object], is_done: Callable[[Standing], bool]
    ) -> None:
        """Act; what is refused because it was done already is done."""
        try:
            act()
        except (InputError, RefusedError):
            if not is_done(self._closing().status(month, self._office.now()).standing):
                raise

    def _closing(self, steward: str | None = None) -> Closing:
        office = self._office
        parts = (office.database, office.readings, office.settings)
        return Closing(*parts) if steward is None else Closing(*parts, office.witness(steward))

    def _first(self, connection: Connection) -> str | None:
        first = select(func.min(slot_allocation.c.slot_start_s))
        first_s = connection.execute(first).scalar()
        return None if first_s is None else self._calendar.of(moment_of(first_s))

    def _month_of(self, slot: str) -> str:
        return self._calendar.month_of(parse_utc_s(slot))


def _is_frozen(standing: Standing) -> bool:
    return standing.state is not State.OPEN
