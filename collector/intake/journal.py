"""Ingest's own memory: what was refused and why, and how far each outbox is handled.

Quarantine is durable before anything is acknowledged. A watermark is only a shortcut: after a crash
it is found again from the store and the quarantine.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from collector.intake.wire import Refused
from collector.reading import format_time
from collector.sqlite_file import Layout, SqliteFile

_TABLES = (
    """CREATE TABLE handled (
         collector TEXT, epoch TEXT, seq INTEGER NOT NULL, turn INTEGER NOT NULL,
         PRIMARY KEY (collector, epoch))""",
    """CREATE TABLE quarantine (
         id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, first_at TEXT, last_at TEXT,
         times INTEGER NOT NULL, reason TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
         collector TEXT, epoch TEXT, seq INTEGER)""",
    "CREATE INDEX quarantine_seq ON quarantine (collector, epoch, seq)",
)


_LAYOUT = Layout("journal", 0x4D4A6F75, 1, _TABLES)


class Handled(NamedTuple):
    """All of an outbox up to `seq` is stored or quarantined."""

    collector: str
    epoch: str
    seq: int


class Quarantined(NamedTuple):
    """One refused message, as it came, and how often."""

    first_at: str
    last_at: str
    times: int
    reason: str
    topic: str
    payload: bytes


class Journal:
    """Keep the quarantine and the watermarks in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._file = SqliteFile(path, _LAYOUT)

    def quarantine(self, refused: Sequence[Refused], now: datetime) -> None:
        """Keep what was refused; the same message again only counts up."""
        at = format_time(now)
        rows = [
            (_digest(one), at, at, one.reason, one.topic, one.payload, *_number(one))
            for one in refused
        ]
        with self._file.writing() as database:
            database.executemany(
                "INSERT INTO quarantine (digest, first_at, last_at, times, reason, topic, payload,"
                " collector, epoch, seq) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (digest) DO UPDATE SET times = times + 1, last_at = excluded.last_at",
                rows,
            )

    def quarantined(self, limit: int = 100) -> list[Quarantined]:
        """Return what was refused, newest first."""
        with self._file.reading() as database:
            rows = database.execute(
                "SELECT first_at, last_at, times, reason, topic, payload FROM quarantine"
                " ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [Quarantined(*row) for row in rows]

    def quarantined_seqs(self, collector: str, epoch: str, above: int) -> list[int]:
        """Return the numbers that were refused above `above`."""
        with self._file.reading() as database:
            rows = database.execute(
                "SELECT DISTINCT seq FROM quarantine WHERE collector=? AND epoch=? AND seq > ?",
                (collector, epoch, above),
            ).fetchall()
        return [row[0] for row in rows]

    def handled(self) -> list[Handled]:
        """Return the newest outbox of each collector that was ever heard."""
        with self._file.reading() as database:
            rows = database.execute(
                "SELECT collector, epoch, seq FROM handled ORDER BY turn"
            ).fetchall()
        return list({row[0]: Handled(*row) for row in rows}.values())

    def handled_seq(self, collector: str, epoch: str) -> int | None:
        """Return how far an outbox was handled when last written down; None if never heard of."""
        with self._file.reading() as database:
            row = database.execute(
                "SELECT seq FROM handled WHERE collector=? AND epoch=?", (collector, epoch)
            ).fetchone()
        return row[0] if row else None

    def remember(self, handled: Sequence[Handled]) -> None:
        """Write down how far outboxes are handled; the last one named is its collector's newest."""
        with self._file.writing() as database:
            (turn,) = database.execute("SELECT coalesce(max(turn), 0) FROM handled").fetchone()
            database.executemany(
                "INSERT INTO handled VALUES (?, ?, ?, ?) ON CONFLICT (collector, epoch)"
                " DO UPDATE SET seq = max(seq, excluded.seq), turn = excluded.turn",
                [(*one, turn + 1 + index) for index, one in enumerate(handled)],
            )

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _number(refused: Refused) -> tuple[str | None, str | None, int | None]:
    return refused.collector, refused.epoch, refused.seq


def _digest(refused: Refused) -> str:
    named = f"{refused.topic}\0{refused.reason}\0".encode()
    return hashlib.sha256(named + refused.payload).hexdigest()
