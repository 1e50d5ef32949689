"""Each identity once, with what it stands for: the table that makes writing twice change nothing.

`content` is what tells two values apart: the whole text in the embedded store, its digest in the
index beside InfluxDB.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collector.reading import AcceptedReading, milliseconds
from collector.stores.numbering import Numbering, number_names
from collector.stores.protocol import WriteResult

KEPT_MS = (-9_214_560_000_000, 9_214_646_400_000)
"""The years 1678 to 2261: what a point of InfluxDB can say. Any other time is a conflict."""

TABLES = (
    """CREATE TABLE streams (
         id INTEGER PRIMARY KEY, collector TEXT NOT NULL, epoch TEXT NOT NULL,
         UNIQUE (collector, epoch))""",
    "CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)",
    f"""CREATE TABLE readings (
         stream INTEGER NOT NULL, seq INTEGER NOT NULL, device INTEGER NOT NULL,
         taken_ms INTEGER NOT NULL CHECK (taken_ms >= {KEPT_MS[0]} AND taken_ms < {KEPT_MS[1]}),
         content NOT NULL)""",
    "CREATE UNIQUE INDEX readings_identity ON readings (stream, seq, device)",
)

Content = str | bytes
Row = tuple[int, int, int, int, Content]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch, by position: new ones are stored now, conflicts are not."""

    new: Sequence[int]
    repeated: int
    conflicts: Sequence[int]

    def result(self, readings: Sequence[AcceptedReading]) -> WriteResult:
        """Return what the writer of the batch is told."""
        conflicts = tuple(readings[position] for position in self.conflicts)
        return WriteResult(len(self.new), self.repeated, conflicts)


def insert_new(
    database: sqlite3.Connection, readings: Sequence[AcceptedReading], contents: Sequence[Content]
) -> Outcome:
    """Store every reading whose identity is not there yet, and say which those were."""
    rows = _make_rows(database, readings, contents)
    database.execute("SAVEPOINT batch")
    inserted = database.executemany(_INSERT, rows).rowcount if rows else 0
    if inserted == len(rows):
        database.execute("RELEASE batch")
        return Outcome(range(len(rows)), 0, ())
    # Something is there already. Which, only one row at a time can tell.
    database.execute("ROLLBACK TO batch")
    database.execute("RELEASE batch")
    return _insert_one_by_one(database, rows)


def read_stored_seqs(
    database: sqlite3.Connection, collector: str, epoch: str, above: int
) -> Iterator[int]:
    """Yield the numbers stored for one outbox above `above`, ascending."""
    rows = database.execute(
        "SELECT DISTINCT seq FROM readings"
        " WHERE stream = (SELECT id FROM streams WHERE collector = ? AND epoch = ?) AND seq > ?"
        " ORDER BY seq",
        (collector, epoch, above),
    )
    for (seq,) in rows:
        yield seq


_INSERT = "INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?)"
_STORED = "SELECT content FROM readings WHERE stream = ? AND seq = ? AND device = ?"

_STREAMS = Numbering(
    "INSERT INTO streams (collector, epoch) VALUES (?, ?)",
    "SELECT id FROM streams WHERE collector = ? AND epoch = ?",
)
_DEVICES = Numbering(
    "INSERT INTO devices (name) VALUES (?)", "SELECT id FROM devices WHERE name = ?"
)


def _make_rows(
    database: sqlite3.Connection, readings: Sequence[AcceptedReading], contents: Sequence[Content]
) -> list[Row]:
    identities = [one.identity for one in readings]
    streams = number_names(database, _STREAMS, {(one.collector, one.epoch) for one in identities})
    devices = number_names(database, _DEVICES, {(one.device,) for one in identities})
    return [
        (
            streams[identity.collector, identity.epoch],
            identity.seq,
            devices[identity.device,],
            milliseconds(one.reading.taken_at),
            content,
        )
        for identity, one, content in zip(identities, readings, contents, strict=True)
    ]


def _insert_one_by_one(database: sqlite3.Connection, rows: Sequence[Row]) -> Outcome:
    new, repeated, conflicts = [], 0, []
    for position, row in enumerate(rows):
        if database.execute(_INSERT, row).rowcount:
            new.append(position)
        elif database.execute(_STORED, row[:3]).fetchone() == (row[4],):
            repeated += 1
        else:
            conflicts.append(position)
    return Outcome(new, repeated, conflicts)
