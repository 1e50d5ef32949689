"""Accepted readings, kept until the store has them.

A reading is accepted when the commit of `accept` returned; from then on only the watermark of the
store removes it. This module knows nothing of MQTT: it keeps, numbers, gives back and prunes.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from collector.errors import StateError
from collector.reading import Reading, dump_content

SCHEMA_VERSION = 1


class Kept(NamedTuple):
    """One accepted reading as it lies in the outbox."""

    seq: int
    device: str
    content: str


class Outbox:
    """Keep accepted readings in one SQLite file with one writer."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; its epoch is made with it, so that numbers are never reused."""
        self._path = path
        self._lock = Lock()
        self._database = _open(path)
        self.epoch = str(self._meta("epoch"))

    @property
    def last_seq(self) -> int:
        """Return the highest number given so far, 0 before the first."""
        return int(self._meta("last_seq"))

    @property
    def pruned_seq(self) -> int:
        """Return the number up to which the store is known to have everything."""
        return int(self._meta("pruned_seq"))

    def accept(self, readings: Sequence[Reading]) -> range:
        """Keep one cycle's readings in one durable commit and return their numbers.

        Raises StateError when the disk refuses; then none of them is accepted.
        """
        rows = [(reading.device, dump_content(reading)) for reading in readings]
        with self._writing() as database:
            (last,) = database.execute("SELECT value FROM meta WHERE name='last_seq'").fetchone()
            numbers = range(last + 1, last + 1 + len(rows))
            database.executemany(
                "INSERT INTO kept VALUES (?, ?, ?)",
                [(seq, *row) for seq, row in zip(numbers, rows, strict=True)],
            )
            database.execute("UPDATE meta SET value=? WHERE name='last_seq'", (numbers.stop - 1,))
        return numbers

    def kept(self, after: int, up_to: int, limit: int) -> list[Kept]:
        """Return readings numbered in (after, up_to], oldest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT seq, device, content FROM kept WHERE seq > ? AND seq <= ?"
                " ORDER BY seq LIMIT ?",
                (after, up_to, limit),
            ).fetchall()
        return [Kept(*row) for row in rows]

    def prune(self, seq: int) -> int:
        """Forget everything up to a watermark of the store; return how many readings that were."""
        with self._writing() as database:
            removed = database.execute("DELETE FROM kept WHERE seq <= ?", (seq,)).rowcount
            database.execute("UPDATE meta SET value=max(value, ?) WHERE name='pruned_seq'", (seq,))
        return removed

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _meta(self, name: str) -> str | int:
        with self._lock:
            row = self._database.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        value: str | int = row[0]
        return value

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                self._start_afresh()
                raise StateError(
                    f"outbox {self._path} refuses to write ({error}); nothing was accepted;"
                    " free disk space or check the card"
                ) from error

    def _start_afresh(self) -> None:
        # After a failed fsync the old connection may believe pages that never reached the disk.
        self._database.close()
        self._database = _connect(self._path)


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = _connect(path)
        _prepare(database, path)
    except (OSError, sqlite3.Error) as error:
        raise StateError(
            f"outbox {path} cannot be used ({error});"
            " make its folder writable for this user or set another one as [collector] state"
        ) from error
    return database


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        database.close()
        raise StateError(
            f"outbox {path} has version {version}, this program knows up to {SCHEMA_VERSION};"
            " install the newer program again, nothing was changed"
        )
    if version == 0:
        database.execute("BEGIN IMMEDIATE")
        database.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value)")
        database.execute(
            "CREATE TABLE IF NOT EXISTS kept"
            " (seq INTEGER PRIMARY KEY, device TEXT NOT NULL, content TEXT NOT NULL)"
        )
        database.executemany(
            "INSERT OR IGNORE INTO meta VALUES (?, ?)",
            [("epoch", secrets.token_hex(8)), ("last_seq", 0), ("pruned_seq", 0)],
        )
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        database.execute("COMMIT")
