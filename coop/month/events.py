"""What happened to months, in the database: read and added to, never changed."""

from sqlalchemy import Connection, insert, select

from coop.calendar import Calendar
from coop.database.schema import month_event
from coop.month.states import Act, Event, last_frozen
from coop.settling.slot_book import Months


def read_events(connection: Connection) -> list[Event]:
    """Return what happened to all months, in order."""
    table = month_event.c
    wanted = select(
        table.month, table.kind, table.steward_id, table.text, table.manifest_hash, table.written_s
    ).order_by(table.id)
    return [
        Event(month, Act(kind), steward, text, digest, written_s)
        for month, kind, steward, text, digest, written_s in connection.execute(wanted)
    ]


def add_event(connection: Connection, event: Event) -> None:
    """Enter what happened to a month."""
    connection.execute(
        insert(month_event).values(
            month=event.month,
            kind=event.act,
            steward_id=event.steward,
            text=event.text,
            manifest_hash=event.manifest_hash,
            written_s=event.written_s,
        )
    )


def read_months(connection: Connection, calendar: Calendar) -> Months:
    """Return up to where months are frozen, and which is open behind them."""
    frozen = last_frozen(read_events(connection))
    if frozen is None:
        return Months()
    return Months(calendar.span(frozen)[1], calendar.after(frozen))
