"""Says whether anything was written into the cooperative's database since one asked before.

Whoever wrote it: this process or another one. It does not know what was written.
"""

from collections.abc import Hashable
from datetime import datetime
from itertools import count
from math import gcd
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from coop.database.engine import SQLITE
from coop.settings import CoopSettings
from coop.slots import unix_s

_VERSION = "PRAGMA data_version"
"""Differs when another connection committed; it counts for one connection only."""
_SNAPSHOT = "SELECT CAST(pg_current_snapshot() AS text)"
"""Which transactions are seen: the same ones make the same data."""


_QUARTER_S = 900


def edition_of(mark: Hashable, settings: CoopSettings, now: datetime) -> Hashable:
    """Return what is equal as long as the books say the same at `now`."""
    # Validity begins at the border of a slot, and a slot is due a while after its end; days begin
    # at a quarter of an hour everywhere.
    step_s, at_s = gcd(settings.slot_s, _QUARTER_S), unix_s(now)
    lag_s = settings.slot_s + settings.settle_delay_s
    return mark, at_s // step_s, (at_s - lag_s) // step_s


class Newness:
    """Makes marks; equal ones mean that nothing was written in between. Safe for threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: Connection | None = None
        self._number = count()
        self._opened = 0

    def mark(self) -> Hashable:
        """Return the mark of what can be read now."""
        if self._engine.dialect.name != SQLITE:
            with self._engine.connect() as connection, connection.begin():
                return _ask(connection, _SNAPSHOT)
        with self._lock:
            return self._mark_of_file()

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
            self._kept = None

    def _mark_of_file(self) -> Hashable:
        if self._kept is None:
            # It begins to count anew, so its marks must not equal those of the one before.
            self._kept, self._opened = self._engine.connect(), next(self._number)
        try:
            with self._kept.begin():
                return self._opened, _ask(self._kept, _VERSION)
        except SQLAlchemyError:
            self._kept.invalidate()
            self._kept = None
            raise


def _ask(connection: Connection, statement: str) -> Hashable:
    found: Hashable = connection.exec_driver_sql(statement).scalar()
    return found
