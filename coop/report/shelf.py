"""Months' reports for who looks at them often: read once, and again when the books changed."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, exists, func, select

from coop.calendar import Calendar
from coop.database.opening import Database
from coop.database.schema import (
    day_sum,
    ledger_entry,
    month_event,
    settle_state,
    slot_reason,
    tariff,
)
from coop.ledger import Unit
from coop.month.events import read_events
from coop.month.states import Act, Standing, State, standing_of
from coop.report.model import MonthReport
from coop.report.reading import read_report
from coop.settings import CoopSettings

MOST = 24
"""So many reports are kept, the ones looked at last."""


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """One month that has a report, and how far it is."""

    month: str
    state: State
    said: Act | None

    @property
    def is_approved(self) -> bool:
        """Say whether its public part is open to anyone."""
        return self.said is Act.APPROVED


class Shelf:
    """Hands out reports; one of a frozen month is read again only when something of it changed."""

    def __init__(self, database: Database, settings: CoopSettings) -> None:
        self._database = database
        self._settings = settings
        self._calendar = Calendar(settings.zone)
        self._kept: OrderedDict[str, tuple[Hashable, MonthReport]] = OrderedDict()
        self._lock = Lock()
        self._renewed: Hashable = None
        """The mark of the books in which nothing was left to read."""

    def months(self) -> tuple[MonthEntry, ...]:
        """Return every month of the books, the newest first."""
        with self._database.reading() as connection:
            starts_s = connection.execute(select(day_sum.c.start_s)).scalars().all()
            events = read_events(connection) if starts_s else []
        months = sorted({self._calendar.month_of(at_s) for at_s in starts_s}, reverse=True)
        return tuple(_entry(standing_of(month, events)) for month in months)

    def report(self, month: str) -> MonthReport:
        """Return the report of one of `months`."""
        # One at a time: whoever comes second finds what the first one read.
        with self._lock, self._database.reading() as connection:
            mark = _mark(connection, month)
            held = self._kept.get(month)
            if held is None or held[0] != mark:
                held = mark, read_report(connection, self._settings, month)
            self._kept[month] = held
            self._kept.move_to_end(month)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return held[1]

    def renew(self) -> None:
        """Read the newest month that is not at hand as the books have it, so that nobody waits.

        One at a time: it is called again and again beside the pages.
        """
        mark = self._database.mark()
        if mark == self._renewed:
            return
        for entry in self.months()[:MOST]:
            if self._is_old(entry.month):
                self.report(entry.month)
                return
        self._renewed = mark

    def _is_old(self, month: str) -> bool:
        with self._lock, self._database.reading() as connection:
            held = self._kept.get(month)
            return held is None or held[0] != _mark(connection, month)


def _entry(standing: Standing) -> MonthEntry:
    review = standing.review
    return MonthEntry(standing.month, standing.state, review.act if review else None)


def _mark(connection: Connection, month: str) -> Hashable:
    """Return what is different whenever the report of a month would be."""
    entry, event = ledger_entry.c, month_event.c
    frozen = exists().where(event.month == month, event.kind == Act.FROZEN)
    state = settle_state.c
    wanted = select(
        select(func.max(entry.number)).where(entry.month == month).scalar_subquery(),
        select(func.max(entry.number)).where(entry.unit == Unit.MONEY).scalar_subquery(),
        select(func.max(event.id)).scalar_subquery(),
        select(func.max(slot_reason.c.id)).scalar_subquery(),
        select(func.max(tariff.c.id)).scalar_subquery(),
        select(state.registry_version).scalar_subquery(),
        # What is settled from now on is of later months.
        select(state.turn).where(~frozen).scalar_subquery(),
        select(state.change_version).where(~frozen).scalar_subquery(),
    )
    return tuple(connection.execute(wanted).one())
