"""Readings in compressed batches: one row for each run of numbers that came together.

Made for a memory card: what is written stands side by side, and the few pages that every write
touches stay few. A batch is never changed; what is in it is found by number and by time.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from collector import packing
from collector.reading import AcceptedReading, milliseconds
from collector.stores.identities import KEPT_MS, Outcome
from collector.stores.numbering import Numbering, number_names

MOST_READINGS = 500
"""How many one batch holds: bounds what is unpacked to find one of them."""
LONGEST_MS = 86_400_000
"""How much time one batch covers: bounds where a range of time must look."""

TABLES = (
    """CREATE TABLE streams (
         id INTEGER PRIMARY KEY, collector TEXT NOT NULL, epoch TEXT NOT NULL,
         UNIQUE (collector, epoch))""",
    """CREATE TABLE batches (
         id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,
         first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, count INTEGER NOT NULL,
         from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, body BLOB NOT NULL)""",
    "CREATE INDEX batches_seq ON batches (stream, last_seq, first_seq)",
    "CREATE INDEX batches_time ON batches (from_ms)",
    """CREATE TABLE newest (
         device TEXT PRIMARY KEY, taken_ms INTEGER NOT NULL, seq INTEGER NOT NULL,
         stream INTEGER NOT NULL, batch INTEGER NOT NULL) WITHOUT ROWID""",
)


class Row(NamedTuple):
    """One reading on its way into a batch."""

    stream: int
    seq: int
    device: str
    taken_ms: int
    content: str
    position: int


class Packed(NamedTuple):
    """One reading out of a batch."""

    seq: int
    device: str
    content: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading as the store gives it back: who sent it, and what."""

    collector: str
    epoch: str
    packed: Packed


def insert_new(
    database: sqlite3.Connection, readings: Sequence[AcceptedReading], contents: Sequence[str]
) -> Outcome:
    """Store every reading whose identity is not there yet, and say which those were."""
    rows = _make_rows(database, readings, contents)
    stored = _find_stored(database, rows)
    new: list[Row] = []
    repeated, conflicts = 0, []
    for row in rows:
        key = (row.stream, row.seq, row.device)
        if not KEPT_MS[0] <= row.taken_ms < KEPT_MS[1]:
            conflicts.append(row.position)
        elif key not in stored:
            stored[key] = row.content
            new.append(row)
        elif stored[key] == row.content:
            repeated += 1
        else:
            conflicts.append(row.position)
    for run in _runs(new):
        _insert_run(database, run)
    return Outcome(sorted(row.position for row in new), repeated, sorted(conflicts))


def read_range(
    database: sqlite3.Connection, device: str, from_ms: int, to_ms: int
) -> Iterator[Kept]:
    """Yield a device's readings of [from_ms, to_ms), ordered by time, number and outbox."""
    rows = database.execute(_RANGE, (from_ms - LONGEST_MS, to_ms, from_ms))
    waiting: list[tuple[int, int, str, str, str]] = []
    for collector, epoch, starts_ms, body in rows:
        ready = sorted(one for one in waiting if one[0] < starts_ms)
        waiting = [one for one in waiting if one[0] >= starts_ms]
        yield from (_kept(device, one) for one in ready)
        for packed in unpack(body):
            if packed.device == device:
                taken_ms = _taken_ms(packed.content)
                if from_ms <= taken_ms < to_ms:
                    waiting.append((taken_ms, packed.seq, collector, epoch, packed.content))
    yield from (_kept(device, one) for one in sorted(waiting))


def read_newest(database: sqlite3.Connection, devices: Sequence[str]) -> Mapping[str, Kept]:
    """Return the newest reading of each device that has one; two statements, however many."""
    asked = ",".join("?" * len(devices))
    found = database.execute(_NEWEST.format(asked), tuple(devices)).fetchall()
    batches = sorted({row[2] for row in found})
    bodies = dict(
        database.execute(_BODIES.format(",".join("?" * len(batches))), batches).fetchall()
    )
    newest = {}
    for device, seq, batch, collector, epoch in found:
        packed = next(one for one in unpack(bodies[batch]) if one[:2] == (seq, device))
        newest[device] = Kept(collector, epoch, packed)
    return newest


def read_stored_seqs(
    database: sqlite3.Connection, collector: str, epoch: str, above: int
) -> Iterator[int]:
    """Yield the numbers stored for one outbox above `above`, ascending."""
    rows = database.execute(_SEQS, (collector, epoch, above)).fetchall()
    last = above
    for first_seq, last_seq in sorted(rows):
        yield from range(max(first_seq, last + 1), last_seq + 1)
        last = max(last, last_seq)


def unpack(body: bytes) -> Iterator[Packed]:
    """Yield the readings of a batch."""
    for line in packing.unpack(body).split("\n"):
        seq, device, content = line.split("\t", 2)
        yield Packed(int(seq), device, content)


_STREAMS = Numbering(
    "INSERT INTO streams (collector, epoch) VALUES (?, ?)",
    "SELECT id FROM streams WHERE collector = ? AND epoch = ?",
)
_RANGE = """
SELECT collector, epoch, from_ms, body FROM batches JOIN streams ON streams.id = stream
WHERE from_ms > ? AND from_ms < ? AND to_ms >= ? ORDER BY from_ms
"""
_NEWEST = """
SELECT device, seq, batch, collector, epoch FROM newest JOIN streams ON streams.id = stream
WHERE device IN ({})
"""
_BODIES = "SELECT id, body FROM batches WHERE id IN ({})"
_SEQS = """
SELECT first_seq, last_seq FROM batches
WHERE stream = (SELECT id FROM streams WHERE collector = ? AND epoch = ?) AND last_seq > ?
"""
_OVERLAPPING = """
SELECT body FROM batches WHERE stream = ? AND last_seq >= ? AND first_seq <= ?
"""
_NEWER = """
INSERT INTO newest VALUES (?, ?, ?, ?, ?)
ON CONFLICT (device) DO UPDATE SET taken_ms = excluded.taken_ms, seq = excluded.seq,
  stream = excluded.stream, batch = excluded.batch
WHERE (excluded.taken_ms, excluded.seq,
       (SELECT collector FROM streams WHERE id = excluded.stream),
       (SELECT epoch FROM streams WHERE id = excluded.stream))
    > (taken_ms, seq,
       (SELECT collector FROM streams WHERE id = stream),
       (SELECT epoch FROM streams WHERE id = stream))
"""


def _make_rows(
    database: sqlite3.Connection, readings: Sequence[AcceptedReading], contents: Sequence[str]
) -> list[Row]:
    """Return the rows of a batch, ordered by outbox, number and device."""
    outboxes = {(one.identity.collector, one.identity.epoch) for one in readings}
    streams = number_names(database, _STREAMS, outboxes)
    return sorted(
        Row(
            streams[one.identity.collector, one.identity.epoch],
            one.identity.seq,
            one.identity.device,
            milliseconds(one.reading.taken_at),
            content,
            position,
        )
        for position, (one, content) in enumerate(zip(readings, contents, strict=True))
    )


def _find_stored(
    database: sqlite3.Connection, rows: Sequence[Row]
) -> dict[tuple[int, int, str], str]:
    """Return what stands already under any number between the first and last of each outbox."""
    stored = {}
    spans: dict[int, tuple[int, int]] = {}
    for row in rows:
        first, last = spans.get(row.stream, (row.seq, row.seq))
        spans[row.stream] = (min(first, row.seq), max(last, row.seq))
    for stream, span in spans.items():
        for (body,) in database.execute(_OVERLAPPING, (stream, *span)):
            for seq, device, content in unpack(body):
                stored[stream, seq, device] = content
    return stored


def _runs(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut ordered rows where an outbox or its numbers end, and into what one batch may hold."""
    run: list[Row] = []
    for row in rows:
        if run and not _belongs(row, run):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _belongs(row: Row, run: Sequence[Row]) -> bool:
    if (row.stream, row.seq) not in {(run[-1].stream, run[-1].seq + step) for step in (0, 1)}:
        return False
    return len(run) < MOST_READINGS and abs(row.taken_ms - run[0].taken_ms) < LONGEST_MS // 2


def _insert_run(database: sqlite3.Connection, run: Sequence[Row]) -> None:
    text = "\n".join(f"{row.seq}\t{row.device}\t{row.content}" for row in run)
    times = [row.taken_ms for row in run]
    span = (run[0].stream, run[0].seq, run[-1].seq, len(run), min(times), max(times))
    batch = database.execute(
        "INSERT INTO batches (stream, first_seq, last_seq, count, from_ms, to_ms, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*span, packing.pack(text)),
    ).lastrowid
    latest = {
        row.device: (row.device, row.taken_ms, row.seq, row.stream, batch)
        for row in sorted(run, key=lambda row: (row.taken_ms, row.seq))
    }
    database.executemany(_NEWER, list(latest.values()))


def _taken_ms(content: str) -> int:
    """Return when a reading was taken; every content begins with it."""
    return milliseconds(datetime.fromisoformat(content[_TIME]))


_TIME = slice(len('{"taken_at":"'), len('{"taken_at":"2026-03-01T17:00:03.120Z'))


def _kept(device: str, one: tuple[int, int, str, str, str]) -> Kept:
    _, seq, collector, epoch, content = one
    return Kept(collector, epoch, Packed(seq, device, content))
