"""What outlives a restart: who each device is, and the last good value of each counter.

Written rarely: a counter's older value is as good a beginning, only the time since is longer.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from collector.devices.counters import Base
from collector.errors import CollectorError
from collector.reading import milliseconds
from collector.sqlite_file import Layout, SqliteFile

log = logging.getLogger(__name__)

REST_MS = 15 * 60_000
"""How long counters wait to be written together."""


class Known(NamedTuple):
    """Which number a device has, which one answers instead, and which one it had before."""

    known: str
    found: str | None = None
    was: str | None = None


@dataclass(slots=True)
class ForgetfulState:
    """Remembers until the process ends."""

    who: dict[str, Known] = field(default_factory=dict)
    bases: dict[tuple[str, str], Base] = field(default_factory=dict)

    def identity(self, device: str) -> Known | None:
        """Return what is known of a device."""
        return self.who.get(device)

    def set_identity(self, device: str, known: Known) -> None:
        """Remember who a device is."""
        self.who[device] = known

    def base(self, device: str, quantity: str) -> Base | None:
        """Return the last good value that was kept."""
        return self.bases.get((device, quantity))

    def keep(self, device: str, bases: Mapping[str, Base], at_ms: int, *, is_urgent: bool) -> None:
        """Take the last good values."""
        del at_ms, is_urgent
        self.bases |= {(device, name): base for name, base in bases.items()}


_Row = tuple[object, ...]


class DeviceState:
    """The same in a small file; what cannot be written now is remembered until it can."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._file = SqliteFile(path, _LAYOUT)
        self._lock = Lock()
        self._unsaved: dict[str, Known] = {}
        self._waiting: dict[tuple[str, str], Base] = {}
        self._saved: dict[tuple[str, str], Base] = {}
        self._written_ms: int | None = None
        self._is_failing = False

    def identity(self, device: str) -> Known | None:
        """Return what is known of a device; another process may have accepted it meanwhile."""
        if device in self._unsaved:
            return self._unsaved[device]
        with self._file.reading() as database:
            row = database.execute(
                "SELECT known, found, was FROM identities WHERE device = ?", (device,)
            ).fetchone()
        return Known(*row) if row else None

    def set_identity(self, device: str, known: Known) -> None:
        """Remember who a device is."""
        self._unsaved[device] = known
        self._write([], [(device, *known)])

    def base(self, device: str, quantity: str) -> Base | None:
        """Return the last good value that was kept."""
        with self._file.reading() as database:
            row = database.execute(
                "SELECT value_wh, ceiling_wh, rose_ms, seen_ms FROM counters"
                " WHERE device = ? AND quantity = ?",
                (device, quantity),
            ).fetchone()
        if row is None:
            return None
        rose_at, seen_at = (_EPOCH + timedelta(milliseconds=one) for one in row[2:])
        found = Base(Decimal(row[0]), Decimal(row[1]), rose_at, seen_at, None)
        self._saved[device, quantity] = found
        return found

    def keep(self, device: str, bases: Mapping[str, Base], at_ms: int, *, is_urgent: bool) -> None:
        """Take the last good values; write all that changed when it is time, or one is new."""
        with self._lock:
            is_new = False
            for name, base in bases.items():
                key = (device, name)
                is_new = is_new or (key not in self._saved and key not in self._waiting)
                if self._saved.get(key) != base:
                    self._waiting[key] = base
            if self._written_ms is None:
                self._written_ms = at_ms
            is_time = at_ms - self._written_ms >= REST_MS
            if self._waiting and (is_urgent or is_time or is_new):
                self._written_ms = at_ms
                self._flush()

    def close(self) -> None:
        """Write what waits and let go of the file."""
        with self._lock:
            if self._waiting:
                self._flush()
        self._file.close()

    def _flush(self) -> None:
        rows = [
            (
                *key,
                str(one.value_wh),
                str(one.ceiling_wh),
                milliseconds(one.rose_at),
                milliseconds(one.seen_at),
            )
            for key, one in self._waiting.items()
        ]
        if self._write(rows, []):
            self._saved |= self._waiting
            self._waiting = {}

    def _write(self, counters: Sequence[_Row], who: Sequence[_Row]) -> bool:
        """Write rows; a full disk must not keep a device from being read."""
        try:
            with self._file.writing() as database:
                database.executemany("REPLACE INTO counters VALUES (?, ?, ?, ?, ?, ?)", counters)
                database.executemany("REPLACE INTO identities VALUES (?, ?, ?, ?)", who)
        except CollectorError as error:
            if not self._is_failing:
                log.warning("%s", error)
            self._is_failing = True
            return False
        self._is_failing = False
        for device, *_ in who:
            self._unsaved.pop(str(device), None)
        return True


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAYOUT = Layout(
    name="device state",
    mark=0x4D647374,
    version=1,
    statements=(
        """CREATE TABLE identities (
             device TEXT PRIMARY KEY, known TEXT NOT NULL, found TEXT, was TEXT) WITHOUT ROWID""",
        """CREATE TABLE counters (
             device TEXT, quantity TEXT, value_wh TEXT NOT NULL, ceiling_wh TEXT NOT NULL,
             rose_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
             PRIMARY KEY (device, quantity)) WITHOUT ROWID""",
    ),
)
